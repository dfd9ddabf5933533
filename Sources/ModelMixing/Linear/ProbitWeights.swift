import Priors

/// Weights of two models by the normal distribution function: w_1 = Φ(θ0 + θ1 x).
public struct ProbitWeights: WeightFunction {
  /// The input column that x is.
  public let column: Int

  /// Probit weights in an input column.
  public init(column: Int = 0) { self.column = column }

  /// `cdf`.
  public var name: String { "cdf" }
  /// Two.
  public var models: Int { 2 }
  /// `theta0`, the intercept, and `theta1`, the slope.
  public var parameterNames: [String] { ["theta0", "theta1"] }
  /// Everywhere.
  public var isContinuous: Bool { true }

  /// The column.
  /// - Throws: `MixingError` where there is no such column.
  public func features(of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]] {
    try columnFeature(column, of: inputs, names: names)
  }

  /// Normal about 0, with 3 standard deviations of Φ's over half the range of the column.
  public func defaultPriors(for features: [[Double]]) -> [ScalarPrior] {
    let range = ColumnRange(features[0])
    let slope = 6 / range.width
    return [
      .normal(location: 0, scale: max(3, slope * abs(range.middle))), .normal(location: 0, scale: slope),
    ]
  }

  /// ln w of both models.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    let u = parameters[0] + parameters[1] * features[0]
    logWeights[0] = logNormalProbability(u)
    logWeights[1] = logNormalProbability(-u)
  }

  /// With d ln Φ(u) = φ(u)/Φ(u) du.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>
  ) {
    self.logWeights(at: features, parameters: parameters, into: &logWeights)
    let u = parameters[0] + parameters[1] * features[0]
    let logDensity = -0.5 * u * u - halfLogTwoPi
    let slopes = (exponential(logDensity - logWeights[0]), -exponential(logDensity - logWeights[1]))
    derivatives.fill(slopes, along: (1, features[0]))
  }
}
