import Diagnostics

/// What one outer iteration found, as a plain value: a line of the trace, and what a progress display shows.
public struct TuningInfo: Sendable, Codable, Equatable {
  /// Counted from 0; 0 is the estimate at the initial λ.
  public var iteration: Int
  /// The coordinates of λ at which everything below was estimated (tuning scale).
  public var lambda: [Double]
  /// The expected log-likelihood (37).
  public var expectedLogLikelihood: Estimate
  /// The entropy penalty (39); nil where the model allocates nothing.
  public var entropy: Estimate?
  /// The surrogate (41), ELL + γ H.
  public var surrogate: Estimate
  /// ln p(λ), up to a constant; nil where no coordinate has a hyperprior.
  public var logHyperprior: Double?
  /// The ascent direction (38) + γ (40), plus the hyperpriors' gradient, one entry a coordinate.
  public var gradient: [Estimate]
  /// The change made to λ after this estimate, after every transform.
  public var step: [Double]
  /// The largest rank-normalised split R-hat over the model's label-invariant quantities.
  public var worstRHat: Double
  /// All draws, of all chains.
  public var draws: Int
  /// The smallest bulk effective sample size over the same quantities.
  public var minimumBulkESS: Double
  /// Divergent transitions among the draws.
  public var divergences: Int
  /// Gradient evaluations spent so far, warmup included.
  public var gradientEvaluations: Int
  /// Whether this is the best iterate so far.
  public var isBest: Bool
  /// Draws that all but use one expert only, see `EntropyPenalty.collapse`; nil where the model allocates nothing.
  public var collapsedDraws: Int?
  /// 1 − Var[score | y] / prior information, one entry a coordinate: the share of what can be known about it that the data
  /// supply (Louis 1982). Near 0 the posterior is the prior, and λ drifts; below 0 λ is far from any optimum.
  public var informedShare: [Double]?
  /// Kish's effective number of draws of the importance weights; nil where all weights are equal.
  public var weightEffectiveSize: Double?
  /// What counts as a long way for each coordinate: the prior's scale for a location, 1 for a logarithm.
  public var unit: [Double]?
  /// ln L(λ) − ln L at the first iterate whose chains were past their burn-in, along the path of iterates since, see
  /// `EvidencePath`; nil during burn-in.
  public var logEvidenceGain: Estimate?
  /// The log predictive density of held-out rows; nil where the loop has none to look at.
  public var heldOutLogDensity: Double?
  /// The maximiser as the schedule saw it after this iteration (tuning scale); nil where it is the next λ.
  public var proposal: [Double]?
  /// What the proposal is expected to lack of the objective's maximum, in nats; nil where the schedule cannot tell.
  public var expectedRegret: Double?
  /// What a Newton step from here would gain, ½ gᵀJ⁻¹g in nats, with what noise alone would make of it, ½ tr(J⁻¹ Cov g), in
  /// place of an error; nil where it was not computed, and where the Hessian is not that of a maximum.
  public var shortfall: Estimate?
  /// Whether λ was found to lie below the iterate before it, and went back.
  public var isRejected: Bool?
  /// The effective number of draws in what was reused from earlier iterations; nil where nothing was.
  public var reuseEffectiveSize: Double?

  /// ln L + γ H + ln p(λ) up to a constant: what a choice by evidence compares. nil before there is an evidence.
  public func penalisedEvidence(entropyWeight: Double) -> Estimate? {
    logEvidenceGain.map { gain in
      gain.shifted(by: (logHyperprior ?? 0) + (entropyWeight > 0 ? entropyWeight * (entropy?.value ?? 0) : 0))
    }
  }
  /// The penalised surrogate, (41) plus ln p(λ): what a choice between iterates compares where there are hyperpriors.
  public var penalisedSurrogate: Estimate { surrogate.shifted(by: logHyperprior ?? 0) }
  /// Whether importance weights leave too few effective draws to say anything, see `ImportanceWeights.isDegenerate`. Such
  /// an iteration moves no λ, and is kept only while there is no better.
  public var weightsAreDegenerate: Bool {
    weightEffectiveSize.map { ImportanceWeights.isDegenerate(effectiveSize: $0, of: draws) } ?? false
  }

  /// The Euclidean norm of the gradient.
  public var gradientNorm: Double { gradient.reduce(0) { $0 + $1.value * $1.value }.squareRoot() }
  /// The norm of the gradient's standard errors: what the norm would be from noise alone.
  public var gradientNormError: Double {
    gradient.reduce(0) { $0 + $1.standardError * $1.standardError }.squareRoot()
  }
}

/// A Monte Carlo estimate and its standard error.
public struct Estimate: Sendable, Codable, Equatable {
  /// The estimate.
  public var value: Double
  /// Its Monte Carlo standard error, from the effective sample size.
  public var standardError: Double

  /// An estimate.
  public init(value: Double, standardError: Double) {
    self.value = value
    self.standardError = standardError
  }
}
