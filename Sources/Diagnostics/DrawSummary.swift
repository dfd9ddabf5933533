/// What tables say of the draws of one quantity, as `summary` of ArviZ and `summarise_draws` of the R package posterior.
public struct DrawSummary: Sendable, Codable, Equatable {
  /// The mean over all chains.
  public let mean: Double
  /// The standard deviation over all chains, with S − 1; 0 of one draw.
  public let standardDeviation: Double
  /// The median.
  public let median: Double
  /// The 5 % quantile.
  public let lower: Double
  /// The 95 % quantile.
  public let upper: Double
  /// The Monte Carlo standard error of the mean.
  public let meanError: Double
  /// The Monte Carlo standard error of the standard deviation.
  public let standardDeviationError: Double
  /// Rank-normalised split R̂; ∞ of fewer than four draws a chain.
  public let rHat: Double
  /// The effective sample size for the bulk.
  public let bulkSampleSize: Double
  /// The effective sample size for the tails at 5 % and 95 %.
  public let tailSampleSize: Double

  /// Of chains × draws, chains of one length; nil where there is no draw, or one that is not finite: nothing can be said.
  public init?(_ chains: [[Double]]) {
    let sorted = chains.flatMap { $0 }.sorted()
    guard !sorted.isEmpty, sorted.allSatisfy(\.isFinite) else { return nil }
    mean = Moments.mean(chains.flatMap { $0 })
    standardDeviation = Moments.variance(sorted).squareRoot()
    median = sampleQuantile(ofSorted: sorted, 0.5)
    lower = sampleQuantile(ofSorted: sorted, 0.05)
    upper = sampleQuantile(ofSorted: sorted, 0.95)
    meanError = MonteCarloError.mean(chains)
    standardDeviationError = MonteCarloError.standardDeviation(chains)
    rHat = RHat.rankNormalised(chains)
    bulkSampleSize = EffectiveSampleSize.bulk(chains)
    tailSampleSize = EffectiveSampleSize.tail(chains)
  }
}
