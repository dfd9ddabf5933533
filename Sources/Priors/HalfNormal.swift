import LogDensities

/// Half-normal(scale s): |Normal(0, s)|.
public struct HalfNormal: UnivariatePrior {
  /// s > 0, the standard deviation of the normal that is folded.
  public var scale: Double

  /// The log scale.
  public static let hyperparameters: [Hyperparameters.Kind] = [.logScale]
  /// θ > 0; u is ln θ.
  public static let support = Support.positive

  /// A prior with that scale.
  public init(scale: Double) { self.scale = scale }

  /// The prior at (ln s).
  public init(tuningValues: HyperparameterVector) { self.init(scale: exponential(tuningValues[0])) }

  /// (ln s).
  public var tuningValues: HyperparameterVector { [logarithm(scale), 0, 0, 0] }
  /// (s).
  public var naturalValues: HyperparameterVector { [scale, 0, 0, 0] }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double { logOfTwo - halfLogTwoPi - logarithm(scale) - 0.5 * square(at: u) }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -square(at: u) }

  /// ∂ ln p / ∂ (ln s).
  public func score(at u: Double) -> HyperparameterVector { [square(at: u) - 1, 0, 0, 0] }

  /// The expected information of (ln s).
  public var information: HyperparameterVector { [2, 0, 0, 0] }

  /// (θ / s)².
  private func square(at u: Double) -> Double { exponential(2 * (u - logarithm(scale))) }
}
