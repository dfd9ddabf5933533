import LogDensities
import Priors

extension ExpertModel {
  /// The plan by which draws are condensed for every λ that the coordinates of `lambda` can reach.
  func sufficientStatistics(for lambda: Hyperparameters) -> SufficientStatistics {
    if let preparedStatistics, preparedStatistics.serve(lambda) { return preparedStatistics }
    return SufficientStatistics(layout, for: lambda)
  }

  private var orderingVariation: OrderingVariation {
    OrderingVariation(layout, ordered: Array(architecture.ordered(by: ordering)))
  }

  /// One or two sums for each group of parameters whose hyperparameters move together; a parameter's value where its family
  /// has no such sums. Parameters that nothing moves are left out. See `SufficientStatistics`.
  public func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    sufficientStatistics(for: lambda).statistics(at: position)
  }

  /// ln p(θ | λ) and its score from the statistics, −ln Z(λ) of the ordering included wherever it moves with λ; −∞ and 0 where
  /// λ has no prior. Draws are taken to lie in the ordering: statistics do not tell.
  public func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    let impossible = PriorTable(
      logPrior: [Double](repeating: -.infinity, count: draws),
      scores: lambda.coordinates.map { _ in [Double](repeating: 0, count: draws) })
    guard layout.isInRange(lambda.values) else { return impossible }
    let variation = orderingVariation
    guard variation.depends(on: lambda) else {
      return sufficientStatistics(for: lambda).table(of: statistics, draws: draws, given: lambda)
    }
    let normaliser = normaliser(at: lambda, variation)
    guard normaliser.logProbability.isFinite else { return impossible }
    var table = sufficientStatistics(for: lambda).table(of: statistics, draws: draws, given: lambda)
    for draw in 0..<draws { table.logPrior[draw] -= normaliser.logProbability }
    for (coordinate, slope) in variation.gradient(of: normaliser, for: lambda).enumerated() where slope != 0 {
      for draw in 0..<draws { table.scores[coordinate][draw] -= slope }
    }
    return table
  }

  private func normaliser(at lambda: Hyperparameters, _ variation: OrderingVariation) -> OrderingNormaliser {
    if let preparedPrior, preparedPrior.values == lambda.values { return preparedPrior.prior.normaliser }
    return variation.normaliser(at: lambda)
  }

  /// The weighted sum of Hessians, analytic but for −Σ w ∇² ln Z of an ordering, which is by differences of ∇ ln Z; 0 where λ
  /// has no prior. See `UnivariatePrior.curvature(at:)` for Laplace locations.
  public func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] {
    let q = lambda.coordinates.count
    guard layout.isInRange(lambda.values) else { return [Double](repeating: 0, count: q * q) }
    var result = sufficientStatistics(for: lambda)
      .curvature(of: statistics, draws: draws, weights: weights, given: lambda)
    let variation = orderingVariation
    guard variation.depends(on: lambda) else { return result }
    let total = weights.reduce(0, +)
    for (index, value) in variation.hessian(at: lambda).enumerated() { result[index] -= total * value }
    return result
  }

  /// Σ ∂u/∂c · G over the members of each coordinate c, with u = m + s·ξ or the like. nil where a coordinate has a gamma shape
  /// or degrees of freedom among its members, and where Z(λ) of an ordering moves: then so does the edge of its support, and
  /// integration by parts has a term there.
  public func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]? {
    precondition(likelihoodGradient.count == dimension, "a gradient is as long as a position")
    guard !orderingVariation.depends(on: lambda) else { return nil }
    return layout.pathwiseScore(at: position, likelihoodGradient: likelihoodGradient, given: lambda)
  }

  /// All but coordinates with a Laplace location among their members.
  public func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool] { layout.scoreIsContinuous(for: lambda) }
}
