import Diagnostics
import LogDensities
import Sampling

/// ln L at one λ − ln L at another, by bridge sampling through stages on the straight line between them:
///
///     tuned λ ──► stage ──► stage ──► … ──► initial λ
///
/// Chains start in the posterior at the first λ and persist from stage to stage; the next stage is as far as importance weights
/// leave a share of the draws, and all stages are pooled (`EvidenceDifference`). Every stage is in equilibrium, unlike the first
/// iterates of a run whose chains are still on their way to the posterior.
public struct EvidenceGain: Sendable, Codable, Equatable {
  /// The difference with its standard error, in nats.
  public let estimate: Estimate
  /// Posteriors that were sampled, both ends among them.
  public let stages: Int
  /// The smallest effective number of other stages' draws that stand for a stage; below about ten the estimate is a guess.
  public let sharedDraws: Double
  /// Gradient evaluations spent.
  public internal(set) var gradientEvaluations: Int

  /// Whether neighbouring stages share enough draws for the estimate to be believed.
  public var isCertain: Bool { sharedDraws >= 10 && estimate.value.isFinite && estimate.standardError.isFinite }
}

extension TuningLoop {
  /// The share of effective draws that importance weights leave on the way to the next stage, and the draws of a chain at each:
  /// the second pair where stages turn out to share too few draws.
  private static var attempts: [(share: Double, draws: Int)] { [(0.25, 50), (0.5, 200)] }
  /// With more stages than this the two λ are too far apart to be worth the price.
  private static var mostStages: Int { 24 }

  /// ln L(λ) − ln L(`other`), from draws of the posterior at λ and chains that go on from them.
  /// - Returns: nil where the two are farther apart than 24 stages reach, or have no overlap at all.
  /// - Throws: `ModelError`, `SamplingError`.
  public func evidenceGain(
    at lambda: Hyperparameters, over other: Hyperparameters, from posterior: FinalPosterior<Sampler.Chains>,
    isolation: isolated (any Actor)? = #isolation
  ) async throws -> EvidenceGain? {
    guard lambda.free != other.free else {
      return EvidenceGain(
        estimate: Estimate(value: 0, standardError: 0), stages: 1, sharedDraws: Double(posterior.inner.sample.count),
        gradientEvaluations: 0)
    }
    var found: EvidenceGain?
    var price = 0
    for (number, attempt) in Self.attempts.enumerated() {
      found = try await bridge(from: lambda, to: other, posterior, attempt, firstStage: 100 * number)
      guard var gain = found else { return nil }
      price += gain.gradientEvaluations
      gain.gradientEvaluations = price
      found = gain
      if gain.isCertain { break }
    }
    return found
  }

  /// One way along the line, with stages a share apart.
  private func bridge(
    from lambda: Hyperparameters, to other: Hyperparameters, _ posterior: FinalPosterior<Sampler.Chains>,
    _ attempt: (share: Double, draws: Int), firstStage: Int
  ) async throws -> EvidenceGain? {
    let (start, end) = (lambda.free, other.free)
    func point(_ place: Double) -> Hyperparameters {
      lambda.moved(to: zip(start, end).map { (1 - place) * $0 + place * $1 })
    }
    var batches = [(draws: posterior.inner.draws, lambda: lambda)]
    var chains = posterior.chains
    var (place, price) = (0.0, 0)
    while place < 1 {
      guard batches.count < Self.mostStages, let last = batches.last else { return nil }
      place = reach(of: last.draws, at: last.lambda, from: place, share: attempt.share, along: point)
      let next = point(place)
      // Random numbers of an iteration that no run has.
      let stage = try await drawn(
        at: next, of: model.prepared(for: next), from: chains, labelling: posterior.inner.labelling,
        plan: InnerSampling(.persistent(warmup: 200, adaptation: 20), draws: attempt.draws),
        iteration: .max - 1000 - UInt32(firstStage + batches.count))
      chains = stage.chains
      price += stage.inner.sample.gradientEvaluations + stage.inner.modes.gradientEvaluations
      batches.append((stage.inner.draws, next))
    }
    let counts = Set(batches.map(\.draws.sample.chains))
    // Equations without a solution leave the gain unknown; they are no reason to end a run.
    guard
      let difference = try? EvidenceDifference.estimate(
        batches: batches, of: model, relativeTo: batches.count - 1, chainsPersist: counts.count == 1)
    else { return nil }
    return EvidenceGain(
      estimate: difference.logEvidence[0], stages: batches.count, sharedDraws: difference.overlap,
      gradientEvaluations: price)
  }

  /// The farthest place, up to 1, for which importance weights still leave their share of the draws made at `place`.
  private func reach(
    of draws: WeightedSample, at lambda: Hyperparameters, from place: Double, share least: Double,
    along point: (Double) -> Hyperparameters
  ) -> Double {
    let count = draws.sample.count
    let statistics = draws.priorStatistics(of: model, for: lambda)
    let here = model.priorTable(of: statistics, draws: count, given: lambda).logPrior
    let own = draws.weights?.effectiveSampleSize ?? Double(count)
    func share(_ other: Double) -> Double {
      let there = model.priorTable(of: statistics, draws: count, given: point(other)).logPrior
      let terms = (0..<count).map { there[$0] - here[$0] + (draws.logWeights?[$0] ?? 0) }
      guard terms.allSatisfy({ !$0.isNaN && $0 < .infinity }) else { return 0 }
      return ImportanceWeights(logWeights: terms).effectiveSampleSize / own
    }
    if share(1) >= least { return 1 }
    var (near, far) = (place, 1.0)
    for _ in 0..<30 {
      let middle = 0.5 * (near + far)
      if share(middle) >= least { near = middle } else { far = middle }
    }
    // Always some way on.
    return max(near, min(1, place + 1e-3))
  }
}
