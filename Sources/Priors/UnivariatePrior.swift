import LogDensities

/// The values that a scalar parameter can have, and with them its unconstrained coordinate u.
public enum Support: String, Sendable, Codable {
  /// ℝ, with u = θ.
  case real
  /// (0, ∞), with u = ln θ.
  case positive

  /// θ(u).
  public func value(at u: Double) -> Double { self == .real ? u : exponential(u) }

  /// ln |dθ/du|: what the density of u adds to the density of θ.
  public func logJacobian(at u: Double) -> Double { self == .real ? 0 : u }
}

/// One number for each hyperparameter of a scalar prior, in the family's order; unused lanes are 0.
public typealias HyperparameterVector = SIMD4<Double>

/// A prior of one scalar parameter θ, seen from its unconstrained coordinate u (θ itself, or ln θ where θ > 0).
///
/// Densities are those of θ, normalised in θ for every λ: without the Jacobian of θ(u), which a sampled density adds once.
/// Scores are on the tuning scale: locations as they are, scales, shapes, rates and degrees of freedom as logarithms.
public protocol UnivariatePrior: Sendable, Codable, Equatable {
  /// What the hyperparameters are, in the order of `tuningValues`.
  static var hyperparameters: [Hyperparameters.Kind] { get }
  /// The values that θ can have.
  static var support: Support { get }

  /// The prior whose hyperparameters have these values on the tuning scale.
  init(tuningValues: HyperparameterVector)
  /// The hyperparameters on the tuning scale.
  var tuningValues: HyperparameterVector { get }
  /// The hyperparameters as people write them: scales, shapes and rates themselves.
  var naturalValues: HyperparameterVector { get }

  /// ln p(θ(u) | λ), without the Jacobian.
  func logDensity(at u: Double) -> Double
  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  func derivative(at u: Double) -> Double
  /// ∂ ln p(θ(u) | λ) / ∂λ.
  func score(at u: Double) -> HyperparameterVector
  /// ∂² ln p(θ(u) | λ) / ∂λ². Where the score jumps, minus the expected information stands for the second derivative.
  func curvature(at u: Double) -> HyperparameterCurvature
  /// ∂u/∂λ at a fixed standardised value, as in u = m + s·ξ; NaN for a hyperparameter without such a function.
  func pathwiseDerivative(at u: Double) -> HyperparameterVector
  /// The diagonal of the expected information E[−∂² ln p / ∂λ²]. Positive.
  var information: HyperparameterVector { get }
}

extension UnivariatePrior {
  /// ln p(θ | λ) of a value of θ itself; −∞ outside the support.
  public func logDensity(ofValue theta: Double) -> Double {
    switch Self.support {
    case .real: theta.isFinite ? logDensity(at: theta) : -.infinity
    case .positive: theta > 0 && theta.isFinite ? logDensity(at: logarithm(theta)) : -.infinity
    }
  }

  /// That every hyperparameter is finite and every scale, shape, rate and number of degrees of freedom positive.
  /// - Parameter name: The parameter's name, to which the hyperparameter's is appended.
  public func validate(name: String) throws(ModelError) {
    for (lane, kind) in Self.hyperparameters.enumerated() {
      let value = naturalValues[lane]
      if kind == .location {
        guard value.isFinite else {
          throw .hyperparameter(name: "\(name).\(kind.quantity)", value: value, allowed: "a finite number")
        }
      } else if !(value.isNormal && value > 0 && (1 / value).isFinite) {
        throw .hyperparameter(name: "\(name).\(kind.quantity)", value: value, allowed: "a finite positive number")
      }
    }
  }
}
