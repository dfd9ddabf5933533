import LogDensities

/// Normal(location m, scale s), s the standard deviation.
public struct Normal: LocationScalePrior {
  /// m, the mean.
  public var location: Double
  /// s > 0, the standard deviation.
  public var scale: Double

  /// All of ℝ; u is θ.
  public var support: Support { .real }

  /// A prior with that location and scale.
  public init(location: Double, scale: Double) {
    self.location = location
    self.scale = scale
  }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    let z = standardised(u)
    return -halfLogTwoPi - logarithm(scale) - 0.5 * z * z
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -standardised(u) / scale }

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
