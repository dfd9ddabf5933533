import LogDensities

/// p(y | θ)^β p(θ | λ) as a density of positions: the normalised prior at β = 0, the posterior at β = 1, between them a path whose
/// normalising constant goes from 1 to L(λ).
public struct TemperedPosterior<Model: HierarchicalModel>: LogDensity {
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

  /// β times the log posterior plus 1 − β times the log prior, which is β times the log-likelihood plus the log prior. At β = 0
  /// the likelihood is not evaluated, since it need not be finite where the prior roams.
  public func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    if exponent == 1 { return try posterior.evaluate(at: position, gradient: &gradient) }
    var value = 0.0
    if exponent > 0 {
      value = exponent * (try posterior.evaluate(at: position, gradient: &gradient))
      guard value > -.infinity else { return -.infinity }
      let ratio = exponent / (1 - exponent)
      for index in 0..<gradient.count { gradient[index] *= ratio }
    } else {
      for index in 0..<gradient.count { gradient[index] = 0 }
    }
    value += (1 - exponent) * model.addPriorGradient(at: position, given: lambda, to: &gradient)
    for index in 0..<gradient.count { gradient[index] *= 1 - exponent }
    return value.isFinite ? value : -.infinity
  }
}
