import LogDensities

/// Uniform(lower a, upper b): p(θ) = 1 / (b − a) on (a, b). Nothing about it is tuned.
public struct Uniform: UnivariatePrior {
  /// a.
  public var lower: Double
  /// b > a.
  public var upper: Double

  /// The bounds.
  public static let hyperparameters: [Hyperparameters.Kind] = [.lowerBound, .upperBound]
  /// (a, b); u is the logit of (θ − a) / (b − a).
  public var support: Support { .interval(lower: lower, upper: upper) }

  /// A prior between those bounds.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The prior at (a, b).
  public init(tuningValues: HyperparameterVector) { self.init(lower: tuningValues[0], upper: tuningValues[1]) }

  /// (a, b).
  public var tuningValues: HyperparameterVector { [lower, upper, 0, 0] }
  /// (a, b).
  public var naturalValues: HyperparameterVector { tuningValues }

  /// −ln(b − a).
  public func logDensity(at u: Double) -> Double { -logarithm(upper - lower) }
  /// 0.
  public func derivative(at u: Double) -> Double { 0 }
  /// 0: bounds are never moved.
  public func score(at u: Double) -> HyperparameterVector { .zero }
  /// 0: bounds are never moved.
  public func curvature(at u: Double) -> HyperparameterCurvature { HyperparameterCurvature(0) }
  /// Bounds have no such function.
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector { [.nan, .nan, 0, 0] }
  /// 0: bounds are never moved.
  public var information: HyperparameterVector { .zero }
}
