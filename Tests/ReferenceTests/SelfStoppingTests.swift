import AnalyticModels
import EmpiricalBayes
import Foundation
import LogDensities
import Testing

/// The default schedule with its default tolerance on data sets that it has never seen, simulated with a known λ.
struct SelfStoppingTests {
  private static let truth = (location: 3.0, scale: 2.0)

  /// 100 data sets: self-stopped, regret below 0.1 nats in at least 97, and 95 % Louis intervals with Monte Carlo error
  /// added in quadrature that hold the true λ.
  ///
  /// 87 to 100 of 100 is the central 99.9 % of the binomial distribution with p = 0.95: a false alarm in fewer than one of
  /// 1000 choices of seeds for each of the two coordinates. A schedule whose regret is above 0.1 in one of 100 runs fails
  /// the other condition in 2 % of choices. Seeds are fixed.
  @Test func intervalsCoverTheTruth() async throws {
    var covered = [0, 0]
    var regrets: [Double] = []
    for data in UInt64(1001)...1100 {
      let model = GaussianHierarchy.simulated(location: Self.truth.location, scale: Self.truth.scale, seed: data)
      let climb = try await AnalyticClimb(model, seed: data)
      #expect(climb.state.iteration < ScheduleName.pooledNewton.iterations, "data \(data) did not stop by itself")
      regrets.append(climb.regret)
      let uncertainty = try LambdaUncertainty(
        await climb.freshDraws(100), of: model, at: climb.proposal, objective: Objective())
      for (index, value) in [Self.truth.location, log(Self.truth.scale)].enumerated() {
        let coordinate = uncertainty.coordinates[index]
        let error = hypot(coordinate.standardError ?? 0, coordinate.monteCarloError ?? 0)
        if abs(coordinate.value - value) < 1.959964 * error { covered[index] += 1 }
      }
    }
    print("coverage: location \(covered[0]), log scale \(covered[1]) of 100; worst regret \(regrets.max() ?? 0)")
    for count in covered { #expect(87...100 ~= count) }
    #expect(regrets.count { $0 < 0.1 } >= 97, "\(regrets.sorted().suffix(5))")
  }

  /// What the schedule expects to lack when it stops is about what it lacks: over 40 data sets the mean regret is at most
  /// three times the mean prediction, on four problems.
  ///
  /// Were predictions right, regrets would be about exponential; the mean of 40 is above three times its expectation in
  /// fewer than one of 10⁹ choices of seeds.
  @Test func expectedRegretIsCalibrated() async throws {
    try await calibrated { GaussianHierarchy.simulated(seed: $0) }
    try await calibrated { try GaussianRegression.simulated(seed: $0) }
    try await calibrated { LaplaceRegression.simulated(seed: $0) }
    try await calibrated { LogisticHierarchy.simulated(seed: $0) }
  }

  private func calibrated<Model: AnalyticModel>(_ make: (UInt64) throws -> Model) async throws {
    let runs = Model.self == GaussianHierarchy.self ? UInt64(40) : 12
    var (found, expected) = (0.0, 0.0)
    for seed in 1...runs {
      let climb = try await AnalyticClimb(make(2000 + seed), seed: seed)
      found += climb.regret
      let prediction = try #require(climb.trace.last?.expectedRegret)
      #expect(prediction <= 0.1)
      expected += prediction
    }
    print("regret at the stop, \(Model.self): mean \(found / Double(runs)), expected \(expected / Double(runs))")
    #expect(found <= 3 * expected, "\(Model.self): \(found) \(expected)")
  }
}
