#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shares on the simplex in log space, and the entropy of their use.
public enum Gating {
  /// Replaces logits by log-softmax: ln α_i = x_i − ln Σ exp(x_j), without overflow (35).
  public static func logSoftmax(_ logits: inout MutableSpan<Double>) {
    let total = logSumExp(logits.span)
    for i in 0..<logits.count { logits[i] -= total }
  }

  /// ln Σ exp(x_i); −∞ where every entry is −∞ or there is none.
  public static func logSumExp(_ values: Span<Double>) -> Double {
    var largest = -Double.infinity
    for i in 0..<values.count { largest = max(largest, values[i]) }
    guard largest.isFinite else { return largest }
    var sum = 0.0
    for i in 0..<values.count { sum += exp(values[i] - largest) }
    return largest + log(sum)
  }

  /// ln Hent(ᾱ) of (24) from ln ᾱ: Hent = −Σ ᾱ_m ln ᾱ_m / ln M, at most 0 and exactly −∞ where one expert has all.
  ///
  /// Terms are ᾱ_m · (−ln ᾱ_m) in log space. The largest share is taken as one minus the others, so that
  /// ln Hent goes on falling (as ln ε + ln ln 1/ε) after the share has become 1 in double precision.
  /// - Returns: nil for fewer than two experts, where Hent is 0/0.
  public static func logNormalisedEntropy(ofLogShares logShares: [Double]) -> Double? {
    guard logShares.count > 1, let top = logShares.indices.max(by: { logShares[$0] < logShares[$1] }) else {
      return nil
    }
    var others = logShares
    others.remove(at: top)
    let logRest = logSumExp(others.span)
    guard logRest > -.infinity else { return -.infinity }
    var terms = others.map { $0 > -.infinity ? $0 + log(-$0) : -.infinity }
    // ln(−ln(1 − r)) is ln r to double precision for r below e⁻³⁷.
    let logSurprise = logRest < -37 ? logRest : log(-log1p(-exp(min(logRest, -log1p(exp(logShares[top] - logRest))))))
    terms.append(logShares[top] + logSurprise)
    return min(0, logSumExp(terms.span) - log(log(Double(logShares.count))))
  }
}
