import Priors

/// Weights of two models by the logistic function: w_1 = logit⁻¹((x − θ0) / θ1).
///
/// θ1 > 0 gives model 1 the upper side, θ1 < 0 the lower one; at θ1 = 0 there is no weight, and a prior on both signs has a
/// jump there.
public struct SigmoidWeights: WeightFunction {
  /// The input column that x is.
  public let column: Int

  /// Logistic weights in an input column.
  public init(column: Int = 0) { self.column = column }

  /// `sigmoid`.
  public var name: String { "sigmoid" }
  /// Two.
  public var models: Int { 2 }
  /// `theta0`, where both weights are ½, and `theta1`, the width.
  public var parameterNames: [String] { ["theta0", "theta1"] }
  /// Wherever they are defined.
  public var isContinuous: Bool { true }

  /// The column.
  /// - Throws: `MixingError` where there is no such column.
  public func features(of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]] {
    try columnFeature(column, of: inputs, names: names)
  }

  /// θ0 normal about the middle of the column; θ1 normal about 0 with a fifth of its range, since nobody knows yet which model
  /// has the upper side.
  public func defaultPriors(for features: [[Double]]) -> [ScalarPrior] {
    let range = ColumnRange(features[0])
    return [
      .normal(location: range.middle, scale: 0.5 * range.width),
      .normal(location: 0, scale: 0.2 * range.width),
    ]
  }

  /// Not where θ1 is 0.
  public func isDefined(at parameters: Span<Double>) -> Bool { parameters[1] != 0 }

  /// At θ1 = 0, if that is possible.
  public func discontinuity(over ranges: [ClosedRange<Double>]) -> String? {
    guard ranges[1].lowerBound < 0 && ranges[1].upperBound > 0 else { return nil }
    return "sigmoid weights jump where theta1 changes its sign; give theta1 a prior of one sign, or use cdf weights"
  }

  /// ln w of both models.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    let z = (features[0] - parameters[0]) / parameters[1]
    logWeights[0] = -softplus(-z)
    logWeights[1] = -softplus(z)
  }

  /// With d ln w_1 = w_2 dz and d ln w_2 = −w_1 dz.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>
  ) {
    self.logWeights(at: features, parameters: parameters, into: &logWeights)
    let z = (features[0] - parameters[0]) / parameters[1]
    let slopes = (exponential(logWeights[1]), -exponential(logWeights[0]))
    derivatives.fill(slopes, along: (-1 / parameters[1], -z / parameters[1]))
  }
}
