import LogDensities

/// A family with a location m and a scale s > 0, tuned as (m, ln s).
public protocol LocationScalePrior: UnivariatePrior {
  /// m.
  var location: Double { get }
  /// s > 0.
  var scale: Double { get }
  /// A prior with that location and scale.
  init(location: Double, scale: Double)
}

extension LocationScalePrior {
  /// Location and log scale.
  public static var hyperparameters: [Hyperparameters.Kind] { [.location, .logScale] }

  /// The prior at (m, ln s).
  public init(tuningValues: HyperparameterVector) {
    self.init(location: tuningValues[0], scale: exponential(tuningValues[1]))
  }

  /// (m, ln s).
  public var tuningValues: HyperparameterVector { [location, logarithm(scale), 0, 0] }
  /// (m, s).
  public var naturalValues: HyperparameterVector { [location, scale, 0, 0] }

  /// (1, u − m).
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector { [1, u - location, 0, 0] }

  /// (u − m) / s.
  func standardised(_ u: Double) -> Double { (u - location) / scale }
}

/// A family with a scale s > 0 alone, tuned as ln s.
public protocol ScalePrior: UnivariatePrior {
  /// s > 0.
  var scale: Double { get }
  /// A prior with that scale.
  init(scale: Double)
}

extension ScalePrior {
  /// The log scale.
  public static var hyperparameters: [Hyperparameters.Kind] { [.logScale] }
  /// θ > 0; u is ln θ.
  public var support: Support { .positive }

  /// The prior at (ln s).
  public init(tuningValues: HyperparameterVector) { self.init(scale: exponential(tuningValues[0])) }

  /// (ln s).
  public var tuningValues: HyperparameterVector { [logarithm(scale), 0, 0, 0] }
  /// (s).
  public var naturalValues: HyperparameterVector { [scale, 0, 0, 0] }

  /// 1: ln θ = ln s + ln ξ.
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector { [1, 0, 0, 0] }

  /// ln(θ / s).
  func logRatio(_ u: Double) -> Double { u - logarithm(scale) }
}
