import LogDensities

/// Half-Cauchy(scale s): p(θ) = 2 / (π s (1 + (θ/s)²)).
public struct HalfCauchy: ScalePrior {
  /// s > 0, the median.
  public var scale: Double

  /// A prior with that scale.
  public init(scale: Double) { self.scale = scale }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    logarithm(2 / Double.pi) - logarithm(scale) - softplus(2 * logRatio(u))
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -2 * share(at: u) }

  /// ∂ ln p / ∂ (ln s).
  public func score(at u: Double) -> HyperparameterVector { [2 * share(at: u) - 1, 0, 0, 0] }

  /// The second derivative in ln s.
  public func curvature(at u: Double) -> HyperparameterCurvature {
    HyperparameterCurvature(-4 * share(at: u) * logistic(-2 * logRatio(u)))
  }

  /// E[4 w (1 − w)] with w = sin² of a uniform angle.
  public var information: HyperparameterVector { [0.5, 0, 0, 0] }

  /// w = (θ/s)² / (1 + (θ/s)²).
  private func share(at u: Double) -> Double { logistic(2 * logRatio(u)) }
}
