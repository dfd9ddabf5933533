import LogDensities
import Priors

extension ExpertModel {
  /// p(θ | λ): the product of the scalar priors on the ordering, over Z(λ).
  ///
  /// Making one costs as much as hundreds of scalar priors where there is an ordering; see `prepared(for:)`.
  /// - Throws: `ModelError` where a scale, say, is not finite and positive, or where λ makes the ordering impossible.
  public func prior(at lambda: Hyperparameters) throws(ModelError) -> OrderedPrior {
    if let preparedPrior, preparedPrior.values == lambda.values { return preparedPrior.prior }
    return try OrderedPrior(layout, ordered: Array(architecture.ordered(by: ordering)), at: lambda.values)
  }

  /// The same model with its prior at λ at hand, and the plan by which draws are condensed for all that λ can reach.
  public func prepared(for lambda: Hyperparameters) -> ExpertModel {
    var model = self
    model.preparedStatistics = sufficientStatistics(for: lambda)
    if let prior = try? prior(at: lambda) {
      model.preparedPrior = (lambda.values, prior, PriorSymmetry(architecture, prior.base.priors))
    }
    return model
  }

  /// ln p(θ | λ); −∞ where θ is not in the ordering (see `canonicalise`), and where λ has no prior.
  public func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    let value = prior.logDensity(at: position)
    return value < .infinity ? value : -.infinity
  }

  /// ln p(θ | λ) of the unordered prior, Jacobian included, with its gradient; −∞ where λ has no prior.
  public func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    guard let prior = try? prior(at: lambda).base else { return -.infinity }
    var value = prior.addGradient(at: position, to: &gradient)
    prior.addLogJacobian(at: position, to: &value, gradient: &gradient)
    return value
  }

  /// ln p of one block of parameters, without Z(λ); −∞ where λ has no prior.
  public func logPrior(of block: ExpertBlock, at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    return prior.base.logDensity(of: architecture.range(of: block), at: position)
  }

  /// ∂ ln p(θ | λ) / ∂λ for every entry, −∇ ln Z(λ) included; 0 where λ has no prior.
  public func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    precondition(score.count == lambda.count, "a score has one entry for each of λ")
    guard let prior = try? prior(at: lambda) else {
      for entry in 0..<score.count { score[entry] = 0 }
      return
    }
    prior.hyperparameterScore(at: position, into: &score)
  }

  /// The expected information of every coordinate under the prior, and under its ordering; 0 where λ has no prior.
  public func priorInformation(at lambda: Hyperparameters) -> [Double] {
    guard let prior = try? prior(at: lambda) else { return lambda.coordinates.map { _ in 0 } }
    return prior.information(for: lambda)
  }

  /// Renumbers the experts of an unordered draw into the ordering and returns ln p(πθ | λ) − ln Σ p(π'θ | λ) over all
  /// M! renumberings π' (the likelihood cancels); −∞ where λ has no prior. Draws so moved and weighted are of the ordered
  /// posterior if the chains move between numberings freely; `canonicalise(draws:given:)` does not need that.
  public func canonicalise(_ position: inout MutableSpan<Double>, given lambda: Hyperparameters) -> Double {
    guard ordering != .none, architecture.experts > 1 else { return 0 }
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    let permutation = architecture.sorting(position.span, by: ordering)
    if permutation != Array(0..<architecture.experts) { architecture.permute(&position, by: permutation) }
    let moved = (0..<dimension).map { position[$0] }
    let sum = PermutationSum(architecture: architecture, priors: prior.base.priors)
    let weight = prior.base.logDensity(of: 0..<dimension, at: position.span) - sum.logSum(at: moved)
    return weight.isNaN ? -.infinity : min(0, weight)
  }
}
