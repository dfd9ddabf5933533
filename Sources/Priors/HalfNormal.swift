import LogDensities

/// Half-normal(scale s): |Normal(0, s)|.
public struct HalfNormal: ScalePrior {
  /// s > 0, the standard deviation of the normal that is folded.
  public var scale: Double

  /// A prior with that scale.
  public init(scale: Double) { self.scale = scale }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double { logOfTwo - halfLogTwoPi - logarithm(scale) - 0.5 * square(at: u) }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -square(at: u) }

  /// ∂ ln p / ∂ (ln s).
  public func score(at u: Double) -> HyperparameterVector { [square(at: u) - 1, 0, 0, 0] }

  /// The second derivative in ln s.
  public func curvature(at u: Double) -> HyperparameterCurvature { HyperparameterCurvature(-2 * square(at: u)) }

  /// The expected information of (ln s).
  public var information: HyperparameterVector { [2, 0, 0, 0] }

  /// (θ / s)².
  private func square(at u: Double) -> Double { exponential(2 * logRatio(u)) }
}
