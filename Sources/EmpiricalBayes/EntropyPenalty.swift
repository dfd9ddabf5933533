#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// (24, 39): H(λ) ≈ 1/S Σₛ ln Hent(ᾱ(θₛ)), which falls without bound as the experts in use go down to one.
///
/// A draw whose Hent is 0 in double precision has *collapsed*. It counts with the lowest value that any other draw could
/// have, ln of the least normal number (−708.4), and is counted in `collapsed`: estimates stay finite and comparable, and a
/// collapse is reported instead of turning everything into −∞ or NaN.
public enum EntropyPenalty {
  /// ln Hent of every draw.
  public struct PerDraw: Sendable, Equatable {
    /// ln Hent(ᾱ(θ)), one a draw, at least −708.4.
    public let logEntropy: [Double]
    /// The number of collapsed draws.
    public let collapsed: Int

    /// From the mean allocation of every draw; nil where these have fewer than two experts.
    init?(_ allocations: [[Double]]) {
      guard let experts = allocations.first?.count, experts > 1 else { return nil }
      let entropies = allocations.map(EntropyPenalty.normalisedEntropy)
      collapsed = entropies.count { $0 < .leastNormalMagnitude }
      logEntropy = entropies.map { log(max($0, .leastNormalMagnitude)) }
    }
  }

  /// Hent(α) = −Σ α ln α / ln M, from 0 for one expert in use to 1 for M in equal use.
  public static func normalisedEntropy(_ allocation: [Double]) -> Double {
    guard allocation.count > 1 else { return 0 }
    let nats = allocation.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    return max(nats, 0) / log(Double(allocation.count))
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
