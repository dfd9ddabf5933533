import EmpiricalBayes
import Foundation
import LogDensities
import Testing

@Suite struct TuningVerdictTests {
  private func verdict(
    _ model: GaussianHierarchy, iterations: Int, optimiser: Optimiser = .natural(), gamma: Double = 0
  ) async throws -> TuningVerdict {
    let loop = TuningLoop(
      model: model, sampler: NormalSampler(seed: 2), objective: try Objective(entropyWeight: gamma),
      optimiser: optimiser, schedule: ConstantSchedule(draws: 50), selector: LastIterate(),
      stopping: FixedHorizon(iterations: iterations))
    let result = try #require(loop.result(of: await loop.run(from: loop.initialState())))
    let copy = try JSONDecoder().decode(TuningResult.self, from: JSONEncoder().encode(result))
    #expect(copy == result)
    return result.verdict
  }

  private func warns(_ verdict: TuningVerdict, _ words: String) -> Bool {
    verdict.warnings.contains { $0.contains(words) }
  }

  @Test func tellsMovingFromConverged() async throws {
    let model = GaussianHierarchy.simulated(groups: 30, location: 5, scale: 2, noise: 0.5, seed: 41)
    let early = try await verdict(model, iterations: 2)
    #expect(early.progress == .stillMoving && warns(early, "Still moving"))
    let late = try await verdict(model, iterations: 60)
    #expect(late.progress == .converged && late.warnings.isEmpty, "\(late.findings)")
  }

  /// Groups closer together than their noise: the evidence is largest at a scale of 0.
  @Test func aVanishingScaleIsReported() async throws {
    var model = GaussianHierarchy(y: [1, 1.01, 0.99, 1, 1.02], noise: [1, 1, 1, 1, 1], location: 1, scale: 1)
    let shrinking = try await verdict(model, iterations: 300, optimiser: .plain(size: 0.2))
    #expect(warns(shrinking, "scale may be running to zero"), "\(shrinking)")
    var bounded = Hyperparameters(entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    bounded.tune(Array(5..<10), name: "scale", bounds: -1...2)
    model.hyperparameters = bounded
    let held = try await verdict(model, iterations: 40)
    #expect(warns(held, "scale is at its lower bound −1.00"))
    #expect(held.progress == .converged)
  }

  /// A small scale that the data do inform is no warning.
  @Test func aSmallInformedScaleIsNotReported() async throws {
    let model = GaussianHierarchy.simulated(groups: 40, location: 0, scale: 0.05, noise: 0.02, seed: 42)
    let found = try await verdict(model, iterations: 60)
    #expect(!warns(found, "running to zero"), "\(found)")
  }

  @Test func collapsedExpertsAreReported() async throws {
    var model = GaussianHierarchy(y: [12, 12], noise: [0.1, 0.1], location: 12, scale: 0.5)
    model.allocates = true
    #expect(warns(try await verdict(model, iterations: 3), "experts have collapsed"))
    model = GaussianHierarchy(y: [0.1, -0.1], noise: [0.1, 0.1], location: 0, scale: 0.5)
    model.allocates = true
    #expect(!warns(try await verdict(model, iterations: 3), "experts have collapsed"))
  }
}
