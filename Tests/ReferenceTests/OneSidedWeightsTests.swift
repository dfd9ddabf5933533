import AnalyticModels
import EmpiricalBayes
import Foundation
import LogDensities
import Testing

/// ln L differences between two λ of a Gaussian hierarchy. Importance weights from one end alone are wrong by nats with small
/// errors; the toolkit's estimates are two-sided and within theirs.
struct OneSidedWeightsTests {
  private let model = GaussianHierarchy.simulated(seed: 4)
  private let ends = [[2.5, log(1.2)], [3.0, log(2.0)]]

  /// ln of the mean of p(θ | λ′) / p(θ | λ) over draws at λ, and its error by the spread of the weights.
  private func oneSided(_ draws: WeightedSample, from lambda: Hyperparameters, to other: Hyperparameters) -> Estimate {
    let logs = (0..<draws.sample.count).map { draw in
      draws.sample.withPosition(draw) { model.logPrior(at: $0, given: other) - model.logPrior(at: $0, given: lambda) }
    }
    let top = logs.max() ?? 0
    let weights = logs.map { exp($0 - top) }
    let mean = weights.reduce(0, +) / Double(weights.count)
    let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(weights.count - 1)
    return Estimate(
      value: top + log(mean), standardError: (variance / Double(weights.count)).squareRoot() / mean)
  }

  /// 20 pairs of samples of 400 draws. The bridge's z-scores have a standard deviation within 0.6 and 1.4 (all but one of
  /// 1000 sets of 20 standard normals) and errors well below a nat. One-sided weights, from the narrower prior, are off by
  /// more than two nats and four of their errors in many.
  @Test func theBridgeIsRightWhereOneSidedWeightsAreNot() throws {
    let lambdas = ends.map { model.hyperparameters.moved(to: $0) }
    let exact = model.logEvidence(at: lambdas[1]) - model.logEvidence(at: lambdas[0])
    var (z, gaps, misled): ([Double], [Double], Int) = ([], [], 0)
    for seed in UInt64(1)...20 {
      let draws = try lambdas.enumerated().map {
        try ExactHierarchyDraws(model).sample(at: $1, seed: 2 * seed + UInt64($0))
      }
      let alone = oneSided(draws[0], from: lambdas[0], to: lambdas[1])
      gaps.append(abs(alone.value - exact))
      if abs(alone.value - exact) > max(2, 4 * alone.standardError) { misled += 1 }
      let bridge = try EvidenceDifference.estimate(
        batches: zip(draws, lambdas).map { (draws: $0, lambda: $1) }, of: model
      ).logEvidence[1]
      #expect(bridge.standardError < 1)
      z.append((bridge.value - exact) / bridge.standardError)
    }
    let deviation = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count)).squareRoot()
    print("one-sided: off by \(gaps.sorted()[10]) nats (median), misled \(misled) of 20; bridge z sd \(deviation)")
    #expect(misled >= 5)
    #expect(deviation > 0.6 && deviation < 1.4, "\(z)")
  }

  /// The corrected path along whole runs, from the end of burn-in: its gain within 4.5 errors of the exact one, on ten seeds.
  @Test func thePathOfARunIsRight() async throws {
    var worst = (z: 0.0, gap: 0.0)
    for seed in UInt64(1)...10 {
      let climb = try await AnalyticClimb(model, seed: seed)
      let last = try #require(climb.trace.last)
      let gain = try #require(last.logEvidenceGain)
      let first = try #require(climb.trace.first { $0.logEvidenceGain != nil })
      #expect(first.logEvidenceGain == Estimate(value: 0, standardError: 0))
      #expect(climb.trace.prefix { $0.logEvidenceGain == nil }.count == 5, "the rounds of burn-in")
      func evidence(_ info: TuningInfo) -> Double {
        model.logEvidence(at: model.hyperparameters.moved(to: info.lambda))
      }
      let exact = evidence(last) - evidence(first)
      let z = abs(gain.value - exact) / gain.standardError
      worst = (max(worst.z, z), max(worst.gap, abs(gain.value - exact)))
      #expect(z < 4.5, "seed \(seed): \(gain), exact \(exact)")
    }
    print("path: worst z \(worst.z), worst error \(worst.gap) nats")
  }
  /// What tuning gained over a start tens of nats below the maximum, by bridge sampling on ten seeds: within 4.5 errors of the
  /// exact difference (for ten normal z-scores, a false alarm in 15,000), which are below half a nat.
  @Test func theGainOfARunIsRight() async throws {
    var worst = (z: 0.0, error: 0.0, stages: 0)
    for seed in UInt64(1)...10 {
      let climb = try await AnalyticClimb(model, seed: seed)
      let (tuned, initial) = (climb.proposal, model.hyperparameters)
      let posterior = try await climb.loop.posterior(
        at: tuned, by: climb.loop.sampler, from: climb.state.chains,
        plan: InnerSampling(.rewarmed(warmup: 200), draws: 250))
      let gain = try #require(try await climb.loop.evidenceGain(at: tuned, over: initial, from: posterior))
      let exact = model.logEvidence(at: tuned) - model.logEvidence(at: initial)
      #expect(exact > 10 && gain.isCertain)
      let z = abs(gain.estimate.value - exact) / gain.estimate.standardError
      worst = (max(worst.z, z), max(worst.error, gain.estimate.standardError), max(worst.stages, gain.stages))
      #expect(z < 4.5, "seed \(seed): \(gain.estimate), exact \(exact)")
      #expect(gain.estimate.standardError < 0.5)
    }
    print("gain: worst z \(worst.z), largest error \(worst.error) nats, at most \(worst.stages) stages")
  }
}
