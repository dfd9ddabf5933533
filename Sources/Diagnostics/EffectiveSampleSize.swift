#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The number of independent draws that would estimate as well as these autocorrelated ones.
///
/// Multi-chain estimator of Vehtari et al. (2021) on split chains, with Geyer's (1992) initial monotone sequence, by the
/// formulas of ArviZ. Draws are chains × draws. Special cases, none of them NaN: draws that are all equal count in
/// full (as in ArviZ); chains of fewer than four draws count one draw a chain; draws that are not finite count 0.
public enum EffectiveSampleSize {
  /// For the bulk of the distribution: of the normal scores.
  public static func bulk(_ chains: [[Double]]) -> Double {
    judged(chains) { ofChains(RankNormalisation.normalScores(RankNormalisation.split($0))) }
  }

  /// For the tails: the smaller of the two at quantiles `probability` and 1 − `probability`.
  public static func tail(_ chains: [[Double]], probability: Double = 0.05) -> Double {
    min(quantile(chains, probability), quantile(chains, 1 - probability))
  }

  /// For the mean: of the draws themselves.
  public static func mean(_ chains: [[Double]]) -> Double {
    judged(chains) { ofChains(RankNormalisation.split($0)) }
  }

  /// For a quantile: of the indicator that a draw is no larger than the quantile over all chains.
  public static func quantile(_ chains: [[Double]], _ probability: Double) -> Double {
    judged(chains) { chains in
      let threshold = sampleQuantile(ofSorted: chains.flatMap { $0 }.sorted(), probability)
      let below = chains.map { $0.map { $0 <= threshold ? 1.0 : 0.0 } }
      return ofChains(RankNormalisation.split(below))
    }
  }

  private static func judged(_ chains: [[Double]], _ body: ([[Double]]) -> Double) -> Double {
    switch ChainShape(chains) {
    case .tooShort: chains[0].isEmpty ? 0 : Double(chains.count)
    case .notFinite: 0
    case .constant: Double(chains.count * chains[0].count)
    case .varying: body(chains)
    }
  }

  /// S / τ with τ = −1 + 2 Σ ρ̂ over Geyer's sequence; at most S log₁₀ S.
  private static func ofChains(_ chains: [[Double]]) -> Double {
    let total = Double(chains.count * chains[0].count)
    guard let time = autocorrelationTime(chains) else { return total }
    return total / max(time, 1 / log10(total))
  }

  /// Autocovariances are summed directly and only up to the lag where the sequence ends: for chains that mix this is
  /// cheaper than a Fourier transform.
  private static func autocorrelationTime(_ chains: [[Double]]) -> Double? {
    let n = chains[0].count
    let centred = chains.map { chain in
      let mean = Moments.mean(chain)
      return chain.map { $0 - mean }
    }
    let within = meanAutocovariance(centred, lag: 0) * Double(n) / Double(n - 1)
    let between = Moments.variance(chains.map(Moments.mean))
    let total = within * Double(n - 1) / Double(n) + between
    guard total > 0, total.isFinite else { return nil }
    let correlation = { (lag: Int) in 1 - (within - meanAutocovariance(centred, lag: lag)) / total }

    // Geyer's initial positive sequence: pairs (ρ_2k, ρ_2k+1) for as long as their sums are positive.
    var rho = [Double](repeating: 0, count: n)
    var even = 1.0
    var odd = correlation(1)
    rho[0] = even
    rho[1] = odd
    var lag = 1
    while lag < n - 3 && even + odd > 0 {
      even = correlation(lag + 1)
      odd = correlation(lag + 2)
      if even + odd >= 0 {
        rho[lag + 1] = even
        rho[lag + 2] = odd
      }
      lag += 2
    }
    let last = lag - 2
    if even > 0 { rho[last + 1] = even }
    makeMonotone(&rho, upTo: last)
    return -1 + 2 * rho[..<max(last + 1, 0)].reduce(0, +) + rho[last + 1]
  }

  /// Geyer's initial monotone sequence: no pair larger than the pair before it.
  private static func makeMonotone(_ rho: inout [Double], upTo last: Int) {
    var lag = 1
    while lag <= last - 2 {
      let before = rho[lag - 1] + rho[lag]
      if rho[lag + 1] + rho[lag + 2] > before {
        rho[lag + 1] = before / 2
        rho[lag + 2] = before / 2
      }
      lag += 2
    }
  }

  private static func meanAutocovariance(_ centred: [[Double]], lag: Int) -> Double {
    var sum = 0.0
    for chain in centred {
      let x = chain.span
      for index in 0..<x.count - lag { sum += x[index] * x[index + lag] }
    }
    return sum / Double(centred.count * centred[0].count)
  }
}
