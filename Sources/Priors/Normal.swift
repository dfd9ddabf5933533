import LogDensities

/// Normal(location m, scale s), s the standard deviation.
public struct Normal: UnivariatePrior {
  /// m, the mean.
  public var location: Double
  /// s > 0, the standard deviation.
  public var scale: Double

  /// Location and log scale.
  public static let hyperparameters: [Hyperparameters.Kind] = [.location, .logScale]
  /// All of ℝ; u is θ.
  public static let support = Support.real

  /// A prior with that location and scale.
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
    return -halfLogTwoPi - logarithm(scale) - 0.5 * z * z
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double { -(u - location) / scale / scale }

  /// ∂ ln p / ∂ (m, ln s).
  public func score(at u: Double) -> HyperparameterVector {
    let z = (u - location) / scale
    return [z / scale, z * z - 1, 0, 0]
  }

  /// The expected information of (m, ln s).
  public var information: HyperparameterVector { [1 / (scale * scale), 2, 0, 0] }
}
