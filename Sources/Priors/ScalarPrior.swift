import LogDensities

/// Any of the families with its hyperparameters, as one value; members are dispatched by `switch`.
public enum ScalarPrior: Sendable, Codable, Equatable {
  /// See `Laplace`.
  case laplace(Laplace)
  /// See `Normal`.
  case normal(Normal)
  /// See `StudentT`.
  case studentT(StudentT)
  /// See `LogNormal`.
  case logNormal(LogNormal)
  /// See `HalfNormal`.
  case halfNormal(HalfNormal)
  /// See `HalfCauchy`.
  case halfCauchy(HalfCauchy)
  /// See `Gamma`.
  case gamma(Gamma)
  /// See `Exponential`.
  case exponential(Exponential)
  /// See `Uniform`.
  case uniform(Uniform)
  /// See `TruncatedNormal`.
  case truncatedNormal(TruncatedNormal)

  /// The member of `family` whose hyperparameters have these values on the tuning scale.
  public init(_ family: PriorFamily, tuningValues: HyperparameterVector) {
    switch family {
    case .laplace: self = .laplace(Laplace(tuningValues: tuningValues))
    case .normal: self = .normal(Normal(tuningValues: tuningValues))
    case .studentT: self = .studentT(StudentT(tuningValues: tuningValues))
    case .logNormal: self = .logNormal(LogNormal(tuningValues: tuningValues))
    case .halfNormal: self = .halfNormal(HalfNormal(tuningValues: tuningValues))
    case .halfCauchy: self = .halfCauchy(HalfCauchy(tuningValues: tuningValues))
    case .gamma: self = .gamma(Gamma(tuningValues: tuningValues))
    case .exponential: self = .exponential(Exponential(tuningValues: tuningValues))
    case .uniform: self = .uniform(Uniform(tuningValues: tuningValues))
    case .truncatedNormal: self = .truncatedNormal(TruncatedNormal(tuningValues: tuningValues))
    }
  }

  /// Laplace(location, scale).
  public static func laplace(location: Double, scale: Double) -> ScalarPrior {
    .laplace(Laplace(location: location, scale: scale))
  }

  /// Normal(location, scale).
  public static func normal(location: Double, scale: Double) -> ScalarPrior {
    .normal(Normal(location: location, scale: scale))
  }

  /// LogNormal(location, scale).
  public static func logNormal(location: Double, scale: Double) -> ScalarPrior {
    .logNormal(LogNormal(location: location, scale: scale))
  }

  /// Uniform(lower, upper).
  public static func uniform(lower: Double, upper: Double) -> ScalarPrior {
    .uniform(Uniform(lower: lower, upper: upper))
  }

  /// Normal(location, scale) on (lower, upper).
  public static func truncatedNormal(location: Double, scale: Double, lower: Double, upper: Double) -> ScalarPrior {
    .truncatedNormal(TruncatedNormal(location: location, scale: scale, lower: lower, upper: upper))
  }

  /// The prior itself, for members that are not hot.
  public var univariate: any UnivariatePrior {
    switch self {
    case .laplace(let prior): prior
    case .normal(let prior): prior
    case .studentT(let prior): prior
    case .logNormal(let prior): prior
    case .halfNormal(let prior): prior
    case .halfCauchy(let prior): prior
    case .gamma(let prior): prior
    case .exponential(let prior): prior
    case .uniform(let prior): prior
    case .truncatedNormal(let prior): prior
    }
  }

  /// Which family it is.
  public var family: PriorFamily {
    switch self {
    case .laplace: .laplace
    case .normal: .normal
    case .studentT: .studentT
    case .logNormal: .logNormal
    case .halfNormal: .halfNormal
    case .halfCauchy: .halfCauchy
    case .gamma: .gamma
    case .exponential: .exponential
    case .uniform: .uniform
    case .truncatedNormal: .truncatedNormal
    }
  }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    switch self {
    case .laplace(let prior): prior.logDensity(at: u)
    case .normal(let prior): prior.logDensity(at: u)
    case .studentT(let prior): prior.logDensity(at: u)
    case .logNormal(let prior): prior.logDensity(at: u)
    case .halfNormal(let prior): prior.logDensity(at: u)
    case .halfCauchy(let prior): prior.logDensity(at: u)
    case .gamma(let prior): prior.logDensity(at: u)
    case .exponential(let prior): prior.logDensity(at: u)
    case .uniform(let prior): prior.logDensity(at: u)
    case .truncatedNormal(let prior): prior.logDensity(at: u)
    }
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double {
    switch self {
    case .laplace(let prior): prior.derivative(at: u)
    case .normal(let prior): prior.derivative(at: u)
    case .studentT(let prior): prior.derivative(at: u)
    case .logNormal(let prior): prior.derivative(at: u)
    case .halfNormal(let prior): prior.derivative(at: u)
    case .halfCauchy(let prior): prior.derivative(at: u)
    case .gamma(let prior): prior.derivative(at: u)
    case .exponential(let prior): prior.derivative(at: u)
    case .uniform(let prior): prior.derivative(at: u)
    case .truncatedNormal(let prior): prior.derivative(at: u)
    }
  }

  /// ∂ ln p(θ(u) | λ) / ∂λ on the tuning scale.
  public func score(at u: Double) -> HyperparameterVector {
    switch self {
    case .laplace(let prior): prior.score(at: u)
    case .normal(let prior): prior.score(at: u)
    case .studentT(let prior): prior.score(at: u)
    case .logNormal(let prior): prior.score(at: u)
    case .halfNormal(let prior): prior.score(at: u)
    case .halfCauchy(let prior): prior.score(at: u)
    case .gamma(let prior): prior.score(at: u)
    case .exponential(let prior): prior.score(at: u)
    case .uniform(let prior): prior.score(at: u)
    case .truncatedNormal(let prior): prior.score(at: u)
    }
  }

  /// ∂² ln p(θ(u) | λ) / ∂λ² on the tuning scale; see `UnivariatePrior.curvature(at:)`.
  public func curvature(at u: Double) -> HyperparameterCurvature {
    switch self {
    case .laplace(let prior): prior.curvature(at: u)
    case .normal(let prior): prior.curvature(at: u)
    case .studentT(let prior): prior.curvature(at: u)
    case .logNormal(let prior): prior.curvature(at: u)
    case .halfNormal(let prior): prior.curvature(at: u)
    case .halfCauchy(let prior): prior.curvature(at: u)
    case .gamma(let prior): prior.curvature(at: u)
    case .exponential(let prior): prior.curvature(at: u)
    case .uniform(let prior): prior.curvature(at: u)
    case .truncatedNormal(let prior): prior.curvature(at: u)
    }
  }

  /// ∂u/∂λ at a fixed standardised value; NaN for a hyperparameter without such a function.
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector {
    switch self {
    case .laplace(let prior): prior.pathwiseDerivative(at: u)
    case .normal(let prior): prior.pathwiseDerivative(at: u)
    case .studentT(let prior): prior.pathwiseDerivative(at: u)
    case .logNormal(let prior): prior.pathwiseDerivative(at: u)
    case .halfNormal(let prior): prior.pathwiseDerivative(at: u)
    case .halfCauchy(let prior): prior.pathwiseDerivative(at: u)
    case .gamma(let prior): prior.pathwiseDerivative(at: u)
    case .exponential(let prior): prior.pathwiseDerivative(at: u)
    case .uniform(let prior): prior.pathwiseDerivative(at: u)
    case .truncatedNormal(let prior): prior.pathwiseDerivative(at: u)
    }
  }

  /// The hyperparameters on the tuning scale.
  public var tuningValues: HyperparameterVector { univariate.tuningValues }
  /// The hyperparameters as people write them.
  public var naturalValues: HyperparameterVector { univariate.naturalValues }
  /// The diagonal of the expected information E[−∂² ln p / ∂λ²].
  public var information: HyperparameterVector { univariate.information }
  /// The values that θ can have.
  public var support: Support {
    switch self {
    case .laplace, .normal, .studentT: .real
    case .logNormal, .halfNormal, .halfCauchy, .gamma, .exponential: .positive
    case .uniform(let prior): prior.support
    case .truncatedNormal(let prior): prior.support
    }
  }

  /// That every hyperparameter is in its range.
  public func validate(name: String) throws(ModelError) { try univariate.validate(name: name) }

  /// That every hyperparameter is in its range, and the prior one of a parameter with that support.
  func validate(name: String, support: Support) throws(ModelError) {
    try validate(name: name)
    guard self.support == support else {
      throw .invalid("The bounds of \(name) are \(support) in this model and cannot be moved, found \(self.support).")
    }
  }
}
