#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities
import Sampling

/// Draws at one exponent, reduced to what the evidence needs of them: the log-likelihood, since all that two stages differ in is
/// its exponent.
struct EvidenceStage: Sendable {
  let exponent: Double
  let batch: MultistateRatio.Batch
  /// ln p(y | θ) of every draw; −∞ where it is not a number.
  let logLikelihood: [Double]
  /// The normalised weights that the model's symmetries owe; nil where all are equal.
  let weights: [Double]?
  /// Of the log-likelihood.
  let effectiveDraws: Double
  let rHat: Double
  let acceptance: Double
  let divergences: Int
  /// Where the chains stand.
  let chains: [ChainState]

  init<Model: HierarchicalModel>(
    _ sample: PosteriorSample, chains: [ChainState], of density: TemperedPosterior<Model>
  ) throws(EvidenceError) where Model.Posterior: LogDensity {
    let (model, lambda) = (density.model, density.lambda)
    exponent = density.exponent
    batch = MultistateRatio.Batch(chains: sample.chains, drawsPerChain: sample.drawsPerChain)
    self.chains = chains
    let count = sample.count
    let likelihoods = (0..<count).map { draw in
      sample.withPosition(draw) { model.logLikelihood(at: $0) }
    }
    logLikelihood = likelihoods.map { $0.isNaN ? -.infinity : $0 }
    guard logLikelihood.contains(where: \.isFinite) else { throw .noFiniteLikelihood(exponent: density.exponent) }
    let owed = (0..<count).map { draw in
      sample.withPosition(draw) { model.logSymmetryWeight(at: $0, given: lambda) }
    }
    guard owed.contains(where: { $0 > -.infinity }) else { throw .noWeight(exponent: density.exponent) }
    let normalised = owed.contains { abs($0 - owed[0]) > 1e-9 } ? ImportanceWeights(logWeights: owed) : nil
    weights = normalised?.values
    let series = Self.series(logLikelihood, batch)
    let share = (normalised?.effectiveSampleSize ?? Double(count)) / Double(count)
    effectiveDraws = share * min(Double(count), max(1, EffectiveSampleSize.bulk(series)))
    rHat = RHat.rankNormalised(series)
    acceptance = sample.statistics.reduce(0) { $0 + $1.acceptance } / Double(max(1, count))
    divergences = sample.statistics.count(where: \.isDivergent)
  }

  /// Values of draws as chains × draws, −∞ replaced by what lies just below all others: ranks do not mind.
  private static func series(_ values: [Double], _ batch: MultistateRatio.Batch) -> [[Double]] {
    let least = values.reduce(Double.infinity) { $1.isFinite ? min($0, $1) : $0 } - 1
    return (0..<batch.chains).map { chain in
      values[chain * batch.drawsPerChain..<(chain + 1) * batch.drawsPerChain].map { $0.isFinite ? $0 : least }
    }
  }

  /// ln of the weights of draws, which sum to `effectiveDraws`.
  var logWeights: [Double] {
    let count = Double(batch.count)
    return (0..<batch.count).map { log(effectiveDraws * (weights?[$0] ?? 1 / count)) }
  }

  /// The mean log-likelihood over the draws at which it is finite.
  var meanLogLikelihood: Double {
    var (sum, total) = (0.0, 0.0)
    for (draw, value) in logLikelihood.enumerated() where value.isFinite {
      sum += (weights?[draw] ?? 1) * value
      total += weights?[draw] ?? 1
    }
    return total > 0 ? sum / total : -.infinity
  }

  /// The share of effective draws that importance weights for another exponent would leave.
  func share(for other: Double) -> Double {
    if other == exponent { return 1 }
    let terms = logLikelihood.indices.map { draw in
      (other - exponent) * logLikelihood[draw] + log(weights?[draw] ?? 1)
    }
    // Towards the prior a draw without likelihood has all the weight; draws of β > 0 have one, though.
    guard terms.allSatisfy({ $0 < .infinity && !$0.isNaN }) else { return 0 }
    let kept = ImportanceWeights(logWeights: terms).effectiveSampleSize
    let most = weights.map { ImportanceWeights(normalised: $0).effectiveSampleSize } ?? Double(batch.count)
    return kept / most
  }

  /// The smallest exponent for which that share is still `share`; 0 where it is there, too.
  func nextExponent(share: Double) -> Double {
    if self.share(for: 0) >= share { return 0 }
    var (near, far) = (exponent, 0.0)
    for _ in 0..<60 {
      let middle = 0.5 * (near + far)
      if self.share(for: middle) >= share { near = middle } else { far = middle }
    }
    // Always some way on.
    return min(near, 0.999 * exponent)
  }

  /// The exponent between this stage and a broader one that both reach equally well.
  func middle(to broader: EvidenceStage) -> Double {
    var (near, far) = (exponent, broader.exponent)
    for _ in 0..<60 {
      let middle = 0.5 * (near + far)
      if share(for: middle) >= broader.share(for: middle) { near = middle } else { far = middle }
    }
    return 0.5 * (near + far)
  }
}
