/// (24, 39): H(λ) ≈ 1/S Σₛ ln Hent(ᾱ(θₛ)), which falls without bound as the experts in use go down to one.
public enum EntropyPenalty {
  /// A draw with ln Hent below this, −6.9 or Hent below 1/1000, has *collapsed*: of two experts one has fewer than one row
  /// in ten thousand. Such draws are counted; they enter every estimate with their own value.
  public static let collapse = -6.907755278982137

  /// The lowest value that counts: shares of e^(−10⁶) come from positions that have left every scale, and −∞ would make
  /// every estimate of the iteration infinite or NaN.
  static let lowest = -1e6

  /// ln Hent of every draw.
  public struct PerDraw: Sendable, Equatable {
    /// ln Hent(ᾱ(θ)), one a draw, at least −10⁶.
    public let logEntropy: [Double]
    /// The number of collapsed draws.
    public let collapsed: Int

    /// From ln Hent of every draw.
    init(_ logEntropies: [Double]) {
      logEntropy = logEntropies.map { max($0, EntropyPenalty.lowest) }
      collapsed = logEntropies.count { $0 < EntropyPenalty.collapse }
    }
  }

  /// (39) with its Monte Carlo standard error.
  static func estimate(_ entropy: PerDraw, _ draws: EvaluatedDraws) -> Estimate {
    draws.mean(of: entropy.logEntropy)
  }

  /// The terms whose mean is (40), ∇H(λ) ≈ 1/S Σₛ [ln Hent(ᾱ(θₛ)) − H] ∇λ ln p(θₛ | λ): coordinates × draws.
  ///
  /// The score is centred. This leaves the mean as it is, since the first factors sum to 0, and makes the terms the
  /// influence of each draw, so that their standard error counts that H is estimated too.
  static func gradientTerms(_ entropy: PerDraw, _ draws: EvaluatedDraws) -> [[Double]] {
    let mean = draws.weighted(entropy.logEntropy)
    return draws.scores.map { score in
      let centre = draws.weighted(score)
      return zip(entropy.logEntropy, score).map { ($0 - mean) * ($1 - centre) }
    }
  }
}
