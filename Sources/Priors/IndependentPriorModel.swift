import LogDensities

/// A model whose parameters have independent scalar priors, p(θ | λ) = Π p(θ_i | λ_i): everything about the prior follows from
/// its layout.
///
/// A conforming model stores `layout`, `hyperparameters` and `preparedPrior`, and makes the first two by
/// `PriorLayout.arranging`. What is left to write is the data's part: `posterior(given:)`, `logLikelihood(at:)`,
/// `pointwiseLogLikelihood(at:into:)` and `rows`. Positions are unconstrained: coordinate i is u of `layout.supports[i]`.
public protocol IndependentPriorModel: HierarchicalModel {
  /// The family, support and entries of λ of every parameter.
  var layout: PriorLayout { get }
  /// Storage for `prepared(for:)`; at first `PreparedPrior()`.
  var preparedPrior: PreparedPrior { get set }
}

extension IndependentPriorModel {
  /// The length of a position: one coordinate a parameter.
  public var dimension: Int { layout.families.count }
  /// The names of the layout.
  public var parameterNames: [String] { layout.names }

  /// θ: every coordinate through its support.
  public func constrained(_ position: Span<Double>) -> [Double] { layout.constrained(position) }

  /// p(θ | λ): the product of the scalar priors.
  /// - Throws: `ModelError` where a scale, say, is not finite and positive.
  public func prior(at lambda: Hyperparameters) throws(ModelError) -> ProductPrior {
    try preparedPrior.prior(layout, at: lambda)
  }

  /// The same model with its prior at λ at hand, and the plan by which draws are condensed for all that λ can reach.
  public func prepared(for lambda: Hyperparameters) -> Self {
    var model = self
    model.preparedPrior = preparedPrior.preparing(layout, for: lambda)
    return model
  }

  /// ln p(θ | λ); −∞ where λ has no prior.
  public func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    let value = prior.logDensity(at: position)
    return value < .infinity ? value : -.infinity
  }

  /// ln p(θ | λ), Jacobian included, with its gradient; −∞ where λ has no prior.
  public func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    var logJacobian = 0.0
    prior.addLogJacobian(at: position, to: &logJacobian, gradient: &gradient)
    return prior.addGradient(at: position, to: &gradient) + logJacobian
  }

  /// ∂ ln p(θ | λ) / ∂λ for every entry; 0 for bounds, and where λ has no prior.
  public func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    precondition(score.count == lambda.count, "a score has one entry for each of λ")
    guard let prior = try? prior(at: lambda) else {
      for entry in 0..<score.count { score[entry] = 0 }
      return
    }
    prior.hyperparameterScore(at: position, into: &score)
  }

  /// The expected information of every coordinate under the prior; 0 where λ has no prior.
  public func priorInformation(at lambda: Hyperparameters) -> [Double] {
    guard let prior = try? prior(at: lambda) else { return lambda.coordinates.map { _ in 0 } }
    return prior.information(for: lambda)
  }

  /// One or two sums for each group of parameters whose hyperparameters move together; see `SufficientStatistics`.
  public func priorStatistics(at position: Span<Double>, for lambda: Hyperparameters) -> [Double] {
    preparedPrior.statistics(layout, for: lambda).statistics(at: position)
  }

  /// ln p(θ | λ) and its score from the statistics; −∞ and 0 where λ has no prior.
  public func priorTable(of statistics: [Double], draws: Int, given lambda: Hyperparameters) -> PriorTable {
    guard layout.isInRange(lambda.values) else {
      return PriorTable(
        logPrior: [Double](repeating: -.infinity, count: draws),
        scores: lambda.coordinates.map { _ in [Double](repeating: 0, count: draws) })
    }
    return preparedPrior.statistics(layout, for: lambda).table(of: statistics, draws: draws, given: lambda)
  }

  /// The weighted sum of Hessians, analytic; 0 where λ has no prior. See `UnivariatePrior.curvature(at:)`.
  public func priorCurvature(
    of statistics: [Double], draws: Int, weights: [Double], given lambda: Hyperparameters
  ) -> [Double] {
    let q = lambda.coordinates.count
    guard layout.isInRange(lambda.values) else { return [Double](repeating: 0, count: q * q) }
    return preparedPrior.statistics(layout, for: lambda)
      .curvature(of: statistics, draws: draws, weights: weights, given: lambda)
  }

  /// Σ ∂u/∂c · G over the members of each coordinate c; see `PriorLayout.pathwiseScore`.
  public func pathwiseScore(
    at position: Span<Double>, likelihoodGradient: Span<Double>, given lambda: Hyperparameters
  ) -> [Double]? {
    precondition(likelihoodGradient.count == dimension, "a gradient is as long as a position")
    return layout.pathwiseScore(at: position, likelihoodGradient: likelihoodGradient, given: lambda)
  }

  /// All but coordinates with a Laplace location among their members.
  public func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool] { layout.scoreIsContinuous(for: lambda) }
}
