import LogDensities

/// A family of scalar priors, for a choice made at run time.
public enum PriorFamily: String, Sendable, Codable, CaseIterable {
  /// Laplace(location, scale) on ℝ.
  case laplace
  /// Normal(location, scale) on ℝ.
  case normal
  /// Student's t(location, scale, degrees of freedom) on ℝ.
  case studentT = "student-t"
  /// LogNormal(location, scale) on (0, ∞): ln θ is normal.
  case logNormal = "log-normal"
  /// Half-normal(scale) on (0, ∞).
  case halfNormal = "half-normal"
  /// Half-Cauchy(scale) on (0, ∞).
  case halfCauchy = "half-cauchy"
  /// Gamma(shape, rate) on (0, ∞).
  case gamma
  /// Exponential(rate) on (0, ∞).
  case exponential
  /// Uniform(lower, upper).
  case uniform
  /// Normal(location, scale) on (lower, upper).
  case truncatedNormal = "truncated-normal"

  /// What a family's hyperparameters are, in the order of `ScalarPrior.tuningValues`.
  public var hyperparameters: [Hyperparameters.Kind] {
    switch self {
    case .laplace: Laplace.hyperparameters
    case .normal: Normal.hyperparameters
    case .studentT: StudentT.hyperparameters
    case .logNormal: LogNormal.hyperparameters
    case .halfNormal: HalfNormal.hyperparameters
    case .halfCauchy: HalfCauchy.hyperparameters
    case .gamma: Gamma.hyperparameters
    case .exponential: Exponential.hyperparameters
    case .uniform: Uniform.hyperparameters
    case .truncatedNormal: TruncatedNormal.hyperparameters
    }
  }

  /// The values that θ can have; nil where these are an interval of the prior's own.
  public var support: Support? {
    switch self {
    case .laplace, .normal, .studentT: .real
    case .logNormal, .halfNormal, .halfCauchy, .gamma, .exponential: .positive
    case .uniform, .truncatedNormal: nil
    }
  }

  /// Whether u is a function of the hyperparameter in `lane` at a fixed standardised value; see
  /// `UnivariatePrior.pathwiseDerivative(at:)`.
  func movesByPaths(_ lane: Int) -> Bool {
    guard support != nil else { return false }
    return switch hyperparameters[lane] {
    case .location, .logScale, .logRate: true
    case .logShape, .logDegreesOfFreedom, .lowerBound, .upperBound: false
    }
  }
}

extension Hyperparameters.Kind {
  /// The natural quantity's name, the last part of a hyperparameter's name: `scale` for the logarithm of a scale.
  public var quantity: String {
    switch self {
    case .location: "location"
    case .logScale: "scale"
    case .logShape: "shape"
    case .logRate: "rate"
    case .logDegreesOfFreedom: "degreesOfFreedom"
    case .lowerBound: "lower"
    case .upperBound: "upper"
    }
  }
}
