import LogDensities

/// LogNormal(location m, scale s): ln θ ~ Normal(m, s). The density is that of θ, and so has the factor 1/θ.
public struct LogNormal: LocationScalePrior {
  /// m, the mean of ln θ.
  public var location: Double
  /// s > 0, the standard deviation of ln θ.
  public var scale: Double

  /// θ > 0; u is ln θ.
  public var support: Support { .positive }

  /// A prior with that location and scale of ln θ.
  public init(location: Double, scale: Double) {
    self.location = location
    self.scale = scale
  }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    let z = standardised(u)
    return -u - halfLogTwoPi - logarithm(scale) - 0.5 * z * z
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -1 - standardised(u) / scale }

  /// ∂ ln p / ∂ (m, ln s).
  public func score(at u: Double) -> HyperparameterVector {
    let z = standardised(u)
    return [z / scale, z * z - 1, 0, 0]
  }

  /// The second derivatives in (m, ln s).
  public func curvature(at u: Double) -> HyperparameterCurvature {
    let z = standardised(u)
    return HyperparameterCurvature(-1 / (scale * scale), -2 * z / scale, -2 * z * z)
  }

  /// The expected information of (m, ln s).
  public var information: HyperparameterVector { [1 / (scale * scale), 2, 0, 0] }
}
