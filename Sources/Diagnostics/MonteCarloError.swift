/// Monte Carlo standard errors: how far an estimate from draws may be from the posterior's own value.
///
/// By the formulas of ArviZ (Vehtari et al. 2021; Kenney and Keeping 1951 for the standard deviation). Draws are
/// chains × draws. Draws that are all equal have the error 0, draws that are not finite the error ∞.
public enum MonteCarloError {
  /// Of the mean: sd / √ESS.
  public static func mean(_ chains: [[Double]]) -> Double {
    guard let ess = sampleSize(EffectiveSampleSize.mean(chains)) else { return .infinity }
    return (Moments.variance(chains.flatMap { $0 }) / ess).squareRoot()
  }

  /// Of the standard deviation.
  public static func standardDeviation(_ chains: [[Double]]) -> Double {
    guard let ess = sampleSize(EffectiveSampleSize.mean(chains)) else { return .infinity }
    let draws = chains.flatMap { $0 }
    let centre = Moments.mean(draws)
    let squares = draws.map { ($0 - centre) * ($0 - centre) }
    let variance = Moments.mean(squares)
    guard variance > 0 else { return 0 }
    let spread = Moments.mean(squares.map { $0 * $0 }) - variance * variance
    return (max(spread, 0) / ess / variance / 4).squareRoot()
  }

  /// Of a quantile: half the distance of the order statistics at the central 68 % of the Beta distribution of its rank.
  public static func quantile(_ chains: [[Double]], _ probability: Double) -> Double {
    guard let ess = sampleSize(EffectiveSampleSize.quantile(chains, probability)) else { return .infinity }
    let sorted = chains.flatMap { $0 }.sorted()
    let rank = BetaDistribution(alpha: ess * probability + 1, beta: ess * (1 - probability) + 1)
    let top = Double(sorted.count - 1)
    let low = max(rank.quantile(0.1586553) * Double(sorted.count) - 1, 0)
    let high = min(rank.quantile(0.8413447) * Double(sorted.count) - 1, top)
    return (sorted[Int(high.rounded(.up))] - sorted[Int(low.rounded(.down))]) / 2
  }

  /// Of the self-normalised weighted mean Σ w x: the error of the mean of its influence values S wₛ (xₛ − mean), so that
  /// uneven weights and autocorrelation both count. `weights` are normalised, in the order of the draws chain by chain.
  ///
  /// Influence vanishes as one draw takes all the weight, since that draw is the mean. So where weights are degenerate the
  /// error is at least that of as many independent draws as Kish counts, as spread as all draws are.
  public static func weightedMean(_ chains: [[Double]], weights: [Double]) -> Double {
    let normalised = ImportanceWeights(normalised: weights)
    let centre = normalised.mean(chains)
    let total = Double(weights.count)
    var index = 0
    let influence = chains.map { chain in
      chain.map { value in
        defer { index += 1 }
        return weights[index] == 0 ? 0 : total * weights[index] * (value - centre)
      }
    }
    let error = mean(influence)
    guard normalised.isDegenerate else { return error }
    let spread = Moments.variance(chains.flatMap { $0 })
    let least = (spread / normalised.effectiveSampleSize).squareRoot()
    return least.isFinite ? max(error, least) : .infinity
  }

  private static func sampleSize(_ ess: Double) -> Double? { ess > 0 ? ess : nil }
}
