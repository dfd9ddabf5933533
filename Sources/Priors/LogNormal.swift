import LogDensities

/// LogNormal(location m, scale s): ln θ ~ Normal(m, s). The density is that of θ, and so has the factor 1/θ.
public struct LogNormal: UnivariatePrior {
  /// m, the mean of ln θ.
  public var location: Double
  /// s > 0, the standard deviation of ln θ.
  public var scale: Double

  /// Location and log scale of ln θ.
  public static let hyperparameters: [Hyperparameters.Kind] = [.location, .logScale]
  /// θ > 0; u is ln θ.
  public static let support = Support.positive

  /// A prior with that location and scale of ln θ.
  public init(location: Double, scale: Double) {
    self.location = location
    self.scale = scale
  }

  /// The prior at (m, ln s).
  public init(tuningValues: HyperparameterVector) {
    self.init(location: tuningValues[0], scale: exponential(tuningValues[1]))
  }

  /// (m, ln s).
  public var tuningValues: HyperparameterVector { [location, logarithm(scale), 0, 0] }
  /// (m, s).
  public var naturalValues: HyperparameterVector { [location, scale, 0, 0] }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    let z = (u - location) / scale
    return -u - halfLogTwoPi - logarithm(scale) - 0.5 * z * z
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -1 - (u - location) / scale / scale }

  /// ∂ ln p / ∂ (m, ln s).
  public func score(at u: Double) -> HyperparameterVector {
    let z = (u - location) / scale
    return [z / scale, z * z - 1, 0, 0]
  }

  /// The expected information of (m, ln s).
  public var information: HyperparameterVector { [1 / (scale * scale), 2, 0, 0] }
}
