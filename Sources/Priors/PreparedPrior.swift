import LogDensities

/// What a model keeps of its prior at one λ: the prior itself, and the plan by which draws are condensed for all that λ can
/// reach. Results are the same with and without.
public struct PreparedPrior: Sendable {
  private var values: [Double]?
  private var prior: ProductPrior?
  private var statistics: SufficientStatistics?

  /// Nothing yet.
  public init() {}

  /// What there is to keep for `lambda`.
  func preparing(_ layout: PriorLayout, for lambda: Hyperparameters) -> PreparedPrior {
    var result = self
    result.statistics = statistics(layout, for: lambda)
    if let prior = try? prior(layout, at: lambda) { (result.values, result.prior) = (lambda.values, prior) }
    return result
  }

  /// The prior of `layout` at λ, from here where it is the one kept.
  func prior(_ layout: PriorLayout, at lambda: Hyperparameters) throws(ModelError) -> ProductPrior {
    if let prior, values == lambda.values { return prior }
    return try ProductPrior(layout, at: lambda.values)
  }

  /// The plan for `lambda`, from here where it serves.
  func statistics(_ layout: PriorLayout, for lambda: Hyperparameters) -> SufficientStatistics {
    if let statistics, statistics.serve(lambda) { return statistics }
    return SufficientStatistics(layout, for: lambda)
  }
}
