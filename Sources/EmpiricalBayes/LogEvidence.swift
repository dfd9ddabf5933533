import Diagnostics

/// An absolute ln L(λ) = ln ∫ p(y | θ) p(θ | λ) dθ, with what it rests on.
public struct LogEvidence: Sendable, Codable, Equatable {
  /// Draws of one tempered posterior p(y | θ)^β p(θ | λ).
  public struct Stage: Sendable, Codable, Equatable {
    /// β.
    public var exponent: Double
    /// Draws of all chains.
    public var draws: Int
    /// Their number as far as the log-likelihood is concerned, less what uneven weights cost.
    public var effectiveDraws: Double
    /// The mean acceptance probability.
    public var acceptance: Double
    /// Divergent transitions among the draws.
    public var divergences: Int
    /// The mean log-likelihood.
    public var logLikelihood: Double
    /// R-hat of the log-likelihood, or of the rank of it.
    public var rHat: Double
    /// ∫ 2 p q / (p + q) of this stage and the one before it (of larger β): 1 where they are the same; 1 at the first.
    public var overlap: Double
  }

  /// ln L(λ), with its Monte Carlo standard error.
  public var estimate: Estimate
  /// Gradient evaluations spent, warmup included.
  public var gradientEvaluations: Int
  /// The stages from β = 1, the posterior, to β = 0, the prior.
  public var stages: [Stage]

  /// The smallest overlap of neighbouring stages.
  public var minimumOverlap: Double { stages.map(\.overlap).min() ?? 0 }
  /// The smallest effective number of draws of a stage.
  public var minimumEffectiveDraws: Double { stages.map(\.effectiveDraws).min() ?? 0 }
  /// The largest R-hat of a stage.
  public var worstRHat: Double { stages.map(\.rHat).max() ?? .infinity }

  /// What makes the value and its error doubtful, a sentence each; empty where nothing does.
  public var doubts: [String] {
    var sentences: [String] = []
    if minimumOverlap < 0.1 {
      sentences.append("Neighbouring stages share too little of their mass: the error may be far too small.")
    }
    if minimumEffectiveDraws < 20 {
      sentences.append("A stage has fewer than 20 effective draws: the error is a guess; draw more.")
    }
    if worstRHat > 1.1 {
      sentences.append("The chains disagree within a stage: they may sit in different modes, and ln L may lack some.")
    }
    return sentences
  }
}

/// Why there is no evidence.
public enum EvidenceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting outside its range.
  case setting(name: String, value: String, allowed: String)
  /// More stages would be needed than are allowed.
  case tooManyStages(Int)
  /// The log-likelihood is finite at no draw of a stage; its exponent.
  case noFiniteLikelihood(exponent: Double)
  /// No draw has a positive weight on the support that was asked for.
  case noWeight(exponent: Double)
  /// The equations for the constants did not converge.
  case notConverged
  /// Batches that do not fit together.
  case batches(String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .setting(let name, let value, let allowed): "Evidence setting \(name) is \(value); allowed is \(allowed)."
    case .tooManyStages(let most):
      "The way from the posterior to the prior takes more than \(most) stages: the data may contradict the priors."
    case .noFiniteLikelihood(let exponent): "At exponent \(exponent) no draw has a finite log-likelihood."
    case .noWeight(let exponent): "At exponent \(exponent) no draw has a weight on the support that was asked for."
    case .notConverged: "The equations for the normalising constants did not converge."
    case .batches(let reason): reason
    }
  }
}
