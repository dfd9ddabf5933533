import Foundation
import LogDensities
import Testing

@testable import EmpiricalBayes

@Suite struct TuningVerdictTests {
  private func verdict(
    _ model: GaussianHierarchy, iterations: Int, optimiser: Optimiser = .natural(), gamma: Double = 0
  ) async throws -> TuningVerdict {
    let loop = try TuningLoop(
      model: model, sampler: NormalSampler(seed: 2), objective: try Objective(entropyWeight: gamma),
      schedule: GradientSchedule(optimiser, draws: ConstantSchedule(draws: 50)), selector: LastIterate(),
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

  /// 0.12 is far below what two experts give that share the rows 95 to 5.
  @Test func nearlyCollapsedExpertsAreReported() throws {
    for (share, words) in [(0.08, "have collapsed"), (0.12, "nearly collapsed"), (0.28, "nearly collapsed"), (0.3, "")]
    {
      var info = info()
      info.entropy = Estimate(value: log(share), standardError: 0.01)
      info.collapsedDraws = 0
      let found = verdict(info)
      #expect(words.isEmpty ? found.warnings.isEmpty : warns(found, words), "\(found.findings)")
      #expect(found.findings.contains { $0.sentence.contains("\(share)") })
    }
  }

  /// What was found at an iterate with one log scale and one location.
  private func info(_ iteration: Int = 5, gradient: [Estimate]? = nil) -> TuningInfo {
    let zero = Estimate(value: 0.1, standardError: 0.2)
    return TuningInfo(
      iteration: iteration, lambda: [0, 0], expectedLogLikelihood: zero, surrogate: zero,
      gradient: gradient ?? [zero, zero],
      step: [0, 0], worstRHat: 1.02, draws: 400, minimumBulkESS: 100, divergences: 0, gradientEvaluations: 1,
      isBest: true, unit: [0.1, 1])
  }

  private func lambda(location: Double = 0, logScale: Double = 0) -> Hyperparameters {
    var result = Hyperparameters(
      entries: [.init(name: "m", kind: .location, block: "t"), .init(name: "s", kind: .logScale, block: "t")],
      values: [0, 0])
    result.tune([0], name: "t: location")
    result.tune([1], name: "t: scale", bounds: -1...1)
    return result.moved(to: [location, logScale])
  }

  private func verdict(_ best: TuningInfo, at kept: Hyperparameters? = nil, last: Iterate? = nil) -> TuningVerdict {
    let best = Iterate(lambda: kept ?? lambda(), info: best)
    return TuningVerdict(initial: lambda(), best: best, last: last ?? best)
  }

  /// The kept iterate is judged, not the last, and where λ went on from it is said.
  @Test func theKeptIterateIsJudged() {
    let moving = [Estimate(value: 0.1, standardError: 0.2), Estimate(value: -3, standardError: 0.3)]
    let calm = Iterate(lambda: lambda(location: 0.01, logScale: -0.1), info: info(9))
    let found = verdict(info(gradient: moving), last: calm)
    #expect(found.progress == .stillMoving)
    #expect(warns(found, "the gradient for t: scale is 10.0 standard errors below zero"), "\(found.findings)")
    #expect(!warns(found, "moved on"))
    // A tenth of a unit is 0.01 for the location: 0.04 is four tenths.
    let gone = verdict(info(), last: Iterate(lambda: lambda(location: 0.04), info: info(9)))
    #expect(gone.progress == .converged)
    #expect(
      warns(gone, "at the last (9) t: location was 0.040, not 0.000, where the gradient is zero"), "\(gone.findings)")
    let farther = verdict(info(), last: Iterate(lambda: lambda(logScale: -0.7), info: info(9, gradient: moving)))
    #expect(warns(farther, "t: scale was 0.497, not 1.000, where it was still moving"), "\(farther.findings)")
  }

  @Test func nothingConvergesOnDoubtfulEvidence() {
    var disagreeing = info()
    disagreeing.worstRHat = 1.2
    var few = info()
    few.minimumBulkESS = 4
    var degenerate = info()
    degenerate.weightEffectiveSize = 1
    var unknown = info()
    unknown.gradient[1].standardError = .infinity
    var undefined = info()
    undefined.gradient[0].value = .nan
    var exact = info()
    exact.gradient[0] = Estimate(value: 3, standardError: 0)
    var strange = info()
    strange.worstRHat = .nan
    let cases = [
      (disagreeing, "R-hat 1.200"), (few, "only 4.0 effective draws"),
      (degenerate, "importance weights are degenerate"),
      (unknown, "the gradient for t: scale has no finite"), (undefined, "the gradient for t: location has no finite"),
      (exact, "the gradient for t: location has no finite"), (strange, "R-hat undefined"),
    ]
    for (info, words) in cases {
      let found = verdict(info)
      #expect(found.progress == .undecided && warns(found, words), "\(found.findings)")
      #expect(!found.findings.contains { $0.sentence.contains("Converged") || $0.sentence.contains("e307") })
    }
  }

  @Test func heldCoordinatesAreNamed() {
    var held = info()
    held.gradient[1] = Estimate(value: -9, standardError: 0.1)
    let found = verdict(held, at: lambda(logScale: -1))
    #expect(found.progress == .converged)
    let sentence = found.findings[0].sentence
    #expect(
      sentence.contains("every coordinate that is free to move") && sentence.contains("t: scale is held at a bound"))
  }

  @Test func degenerateWeightsAreReported() {
    var poor = info()
    poor.weightEffectiveSize = 1
    let best = Iterate(lambda: lambda(), info: poor)
    let found = TuningVerdict(initial: lambda(), best: best, last: best, withheld: 6, of: 6)
    #expect(warns(found, "leave only 1.0 of 400 draws") && warns(found, "6 of 6 iterations"), "\(found.findings)")
    var fair = info()
    fair.weightEffectiveSize = 88
    #expect(verdict(fair).warnings.isEmpty)
    #expect(verdict(fair).findings.contains { $0.sentence.contains("leave 88.0 of 400 draws") })
  }
}
