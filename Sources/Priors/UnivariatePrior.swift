import LogDensities

/// One number for each hyperparameter of a scalar prior, in the family's order; unused lanes are 0.
public typealias HyperparameterVector = SIMD4<Double>

/// A prior of one scalar parameter θ, seen from its unconstrained coordinate u (see `Support`).
///
/// Densities are those of θ, normalised in θ for every λ: without the Jacobian of θ(u), which a sampled density adds once.
/// Scores are on the tuning scale: locations as they are, scales, shapes, rates and degrees of freedom as logarithms.
public protocol UnivariatePrior: Sendable, Codable, Equatable {
  /// What the hyperparameters are, in the order of `tuningValues`.
  static var hyperparameters: [Hyperparameters.Kind] { get }
  /// The values that θ can have.
  var support: Support { get }

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
  /// ∂ ln p(θ(u) | λ) / ∂λ; 0 for bounds, which are never moved.
  func score(at u: Double) -> HyperparameterVector
  /// ∂² ln p(θ(u) | λ) / ∂λ². Where the score jumps, minus the expected information stands for the second derivative.
  func curvature(at u: Double) -> HyperparameterCurvature
  /// ∂u/∂λ at a fixed standardised value, as in u = m + s·ξ; NaN for a hyperparameter without such a function.
  func pathwiseDerivative(at u: Double) -> HyperparameterVector
  /// The diagonal of the expected information E[−∂² ln p / ∂λ²]. Positive, but for bounds, which have none.
  var information: HyperparameterVector { get }
}

extension UnivariatePrior {
  /// ln p(θ | λ) of a value of θ itself; −∞ outside the support.
  public func logDensity(ofValue theta: Double) -> Double {
    support.contains(theta) ? logDensity(at: support.coordinate(of: theta)) : -.infinity
  }

  /// That every hyperparameter is finite, every scale, shape, rate and number of degrees of freedom positive, and an interval
  /// one with something in it.
  /// - Parameter name: The parameter's name, to which the hyperparameter's is appended.
  public func validate(name: String) throws(ModelError) {
    for (lane, kind) in Self.hyperparameters.enumerated() {
      let value = naturalValues[lane]
      if !kind.isLogarithm {
        guard value.isFinite else {
          throw .hyperparameter(name: "\(name).\(kind.quantity)", value: value, allowed: "a finite number")
        }
      } else if !(value.isNormal && value > 0 && (1 / value).isFinite) {
        throw .hyperparameter(name: "\(name).\(kind.quantity)", value: value, allowed: "a finite positive number")
      }
    }
    guard case .interval(let lower, let upper) = support else { return }
    guard lower < upper, (upper - lower).isFinite else {
      throw .hyperparameter(name: "\(name).lower", value: lower, allowed: "a number below the upper bound \(upper)")
    }
    guard logDensity(at: 0) < .infinity else {
      throw .invalid(
        "The prior of \(name) is so far from its interval that the two cannot be told apart in double precision.")
    }
  }
}
