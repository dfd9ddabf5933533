import LogDensities

/// Normal(location m, scale s), s the standard deviation.
public struct Normal: UnivariatePrior {
  /// m, the mean.
  public var location: Double
  /// s > 0, the standard deviation.
  public var scale: Double

  public static let hyperparameters: [Hyperparameters.Kind] = [.location, .logScale]
  public static let support = Support.real

  /// A prior with that location and scale.
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
    return -halfLogTwoPi - logarithm(scale) - 0.5 * z * z
  }

  public func derivative(at u: Double) -> Double { -(u - location) / scale / scale }

  public func score(at u: Double) -> HyperparameterVector {
    let z = (u - location) / scale
    return [z / scale, z * z - 1, 0, 0]
  }

  public var information: HyperparameterVector { [1 / (scale * scale), 2, 0, 0] }
}
