import LogDensities

/// p(y | θ)^β p(θ | λ) as a density of positions: the normalised prior at β = 0, the posterior at β = 1, between them a path whose
/// normalising constant goes from 1 to L(λ). The prior is averaged over the model's symmetries; see
/// `HierarchicalModel.addSymmetricPriorGradient`.
public struct TemperedPosterior<Model: HierarchicalModel>: LogDensity where Model.Posterior: LogDensity {
  /// The model, prepared for λ.
  let model: Model
  let posterior: Model.Posterior
  /// λ.
  public let lambda: Hyperparameters
  /// β, from 0 to 1.
  public let exponent: Double

  /// The density at β, which must be from 0 to 1.
  /// - Throws: `ModelError` where λ has no posterior.
  public init(_ model: Model, at lambda: Hyperparameters, exponent: Double) throws(ModelError) {
    precondition(exponent >= 0 && exponent <= 1, "the exponent of a likelihood is from 0 to 1")
    self.model = model.prepared(for: lambda)
    posterior = try model.posterior(given: lambda)
    self.lambda = lambda
    self.exponent = exponent
  }

  /// The length of a position.
  public var dimension: Int { model.dimension }

  /// β times the difference of log posterior and log prior, which is the log-likelihood up to a constant, plus the symmetric log
  /// prior. At β = 0 the likelihood is not evaluated, since it need not be finite where the prior roams.
  public func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    var value = 0.0
    if exponent > 0 {
      value = try posterior.evaluate(at: position, gradient: &gradient)
      guard value > -.infinity else { return -.infinity }
      for index in 0..<gradient.count { gradient[index] = -gradient[index] }
      value -= model.addPriorGradient(at: position, given: lambda, to: &gradient)
      value *= exponent
      for index in 0..<gradient.count { gradient[index] *= -exponent }
    } else {
      for index in 0..<gradient.count { gradient[index] = 0 }
    }
    value += model.addSymmetricPriorGradient(at: position, given: lambda, to: &gradient)
    return value.isFinite ? value : -.infinity
  }
}
