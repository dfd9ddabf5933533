import AnalyticModels
import Foundation
import LogDensities
import Testing

@Suite struct EvidenceMaximiserTests {
  /// No λ nearby is higher, the gradient is 0, and a hyperprior pulls the maximum to its own.
  private func check<Model: AnalyticModel>(_ model: Model) {
    let best = model.maximiser()
    #expect(best.atBound.isEmpty)
    for slope in derivative(at: best, of: { model.logObjective(at: $0) }) { #expect(abs(slope) < 1e-3) }
    for direction in [-0.3, 0.3] {
      for index in best.free.indices {
        var free = best.free
        free[index] += direction
        #expect(model.logObjective(at: best.moved(to: free)) < model.logObjective(at: best))
      }
    }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func findsTheMaximum(_ seed: UInt64) throws {
    check(GaussianHierarchy.simulated(seed: seed))
    check(try GaussianRegression.simulated(seed: seed))
    check(LaplaceRegression.simulated(seed: seed))
    check(LogisticHierarchy.simulated(seed: seed))
  }

  /// With equal errors s the maximum is known: the mean, and √(variance − s²).
  @Test func equalErrorsHaveAClosedForm() {
    let measurements = [1.0, 4, 2.5, -3, 0.5, 6]
    let model = GaussianHierarchy(measurements: measurements, errors: measurements.map { _ in 0.8 })
    let mean = measurements.reduce(0, +) / 6
    let variance = measurements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6
    let best = model.maximiser()
    #expect(abs(best.free[0] - mean) < 1e-6)
    #expect(abs(best.free[1] - 0.5 * log(variance - 0.64)) < 1e-6)
  }

  @Test func hyperpriorsPull() {
    var model = GaussianHierarchy.simulated(seed: 4)
    let free = model.maximiser()
    var lambda = Hyperparameters(entries: model.hyperparameters.entries, values: [0, 0])
    lambda.tune([0], name: "location", hyperprior: .normal(location: 0, scale: 0.05))
    lambda.tune([1], name: "scale", hyperprior: .halfCauchyScale(1))
    model.hyperparameters = lambda
    check(model)
    #expect(abs(model.maximiser().free[0]) < 0.5 * abs(free.free[0]))
  }

  /// Groups that differ by less than their errors: the scale goes to its bound, and is said to be there.
  @Test func boundaryMaximum() {
    let model = GaussianHierarchy(measurements: [1, 1.01, 0.99, 1], errors: [1, 1, 1, 1])
    #expect(model.maximiser().atBound.map(\.name) == ["theta: scale"])
  }
}
