import AnalyticModels
import EmpiricalBayes
import Foundation
import LogDensities
import Testing

/// Priors of scale 0.01, as the motorcycle problem has them: the location's gradient is of size 1 / scale, and a plain step
/// along it throws λ off. Natural scaling makes every gradient schedule independent of units.
struct NaturalScalingTests {
  /// The Gaussian hierarchy in units a hundred times as large.
  private func model() -> GaussianHierarchy {
    let plain = GaussianHierarchy.simulated(seed: 5)
    var model = GaussianHierarchy(
      measurements: plain.measurements.map { 0.01 * $0 }, errors: plain.errors.map { 0.01 * $0 })
    model.hyperparameters = model.prior.hyperparameters(scale: 0.01, tunesLocation: true)
    return model
  }

  @Test(arguments: ScheduleName.allCases.filter { $0 != .paperAdam && $0 != .adamPolyak })
  func smallScalesAreNoObstacle(_ name: ScheduleName) async throws {
    let climb = try await AnalyticClimb(model(), name, seed: 1)
    #expect(climb.regret < 0.1, "\(climb.proposal.free), maximum at \(climb.maximiser.free)")
    // No iterate is thrown farther than tens of prior scales.
    let farthest = climb.trace.map { abs($0.lambda[0]) }.max() ?? 0
    #expect(farthest < 0.2, "\(farthest)")
  }

  /// Adam's steps have a size of their own, 0.1 in units of the prior: slower, but not thrown off.
  @Test(arguments: [ScheduleName.paperAdam, .adamPolyak]) func adamHolds(_ name: ScheduleName) async throws {
    let climb = try await AnalyticClimb(model(), name, seed: 1, iterations: name == .paperAdam ? 60 : 150)
    let start = climb.trace.first?.lambda ?? []
    let regret =
      climb.loop.model.logObjective(at: climb.maximiser)
      - climb.loop.model.logObjective(at: climb.loop.model.hyperparameters.moved(to: start))
    print("\(name.rawValue) at scale 0.01: from \(regret) to \(climb.regret) nats")
    #expect(climb.regret < 0.1 * regret)
    #expect((climb.trace.map { abs($0.lambda[0]) }.max() ?? 0) < 0.2)
  }

  /// The defect: a step of 0.05 without scaling goes tens of prior scales too far at once.
  @Test func withoutItOneStepThrowsLambdaOff() async throws {
    var options = ScheduleOptions()
    options.naturalScaling = false
    options.clip = nil
    options.step = 0.05
    let climb = try await AnalyticClimb(model(), .persistentSGA, seed: 1, options: options, iterations: 2)
    #expect(abs(climb.trace[1].lambda[0]) > 1, "\(climb.trace.map(\.lambda))")
  }
}
