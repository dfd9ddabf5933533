import LogDensities

/// LogNormal(location m, scale s): ln θ ~ Normal(m, s). The density is that of θ, and so has the factor 1/θ.
public struct LogNormal: UnivariatePrior {
  /// m, the mean of ln θ.
  public var location: Double
  /// s > 0, the standard deviation of ln θ.
  public var scale: Double

  public static let hyperparameters: [Hyperparameters.Kind] = [.location, .logScale]
  public static let support = Support.positive

  /// A prior with that location and scale of ln θ.
  public init(location: Double, scale: Double) {
    self.location = location
    self.scale = scale
  }

  public init(tuningValues: HyperparameterVector) {
    self.init(location: tuningValues[0], scale: exponential(tuningValues[1]))
  }

  public var tuningValues: HyperparameterVector { [location, logarithm(scale), 0, 0] }
  public var naturalValues: HyperparameterVector { [location, scale, 0, 0] }

  public func logDensity(at u: Double) -> Double {
    let z = (u - location) / scale
    return -u - halfLogTwoPi - logarithm(scale) - 0.5 * z * z
  }

  public func derivative(at u: Double) -> Double { -1 - (u - location) / scale / scale }

  public func score(at u: Double) -> HyperparameterVector {
    let z = (u - location) / scale
    return [z / scale, z * z - 1, 0, 0]
  }

  public var information: HyperparameterVector { [1 / (scale * scale), 2, 0, 0] }
}
