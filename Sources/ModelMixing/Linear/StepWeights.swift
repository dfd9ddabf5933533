import Priors

/// Weights of two models that jump: a mixing of models whose ranges have hard ends. No gradient leads through a jump.
///
/// A side that a model loses keeps the weight 1e-15, and the other one less that, so that no datum is impossible.
public struct StepWeights: WeightFunction {
  /// Which combination of steps.
  public enum Shape: Sendable, Codable, Equatable {
    /// One parameter θ0: model 1 has x ≤ θ0.
    case single
    /// One parameter θ0: model 1 has x ≤ θ0 where θ0 ≥ 0, and x ≥ `maximum` + θ0 where θ0 < 0. With a prior on
    /// [−maximum, maximum] either model may have the lower side.
    case eitherSide(maximum: Double)
    /// Parameters θ0 and α: α times a step down at θ0 plus 1 − α times a step up at `maximum` − θ0.
    case symmetricPair(maximum: Double)
    /// Parameters θ0, θ1 and α: α times a step down at θ0 (x ≤ θ0) plus 1 − α times a step up at θ1 (x ≥ θ1).
    case pair
  }

  /// Which combination.
  public let shape: Shape
  /// The input column that x is.
  public let column: Int

  /// Steps in an input column.
  public init(_ shape: Shape = .single, column: Int = 0) {
    self.shape = shape
    self.column = column
  }

  /// The weight that the losing side of a step keeps.
  public static let remainder = 1e-15

  /// `step`, `addstep` or `addstepasym`.
  public var name: String {
    switch shape {
    case .single, .eitherSide: "step"
    case .symmetricPair: "addstep"
    case .pair: "addstepasym"
    }
  }
  /// Two.
  public var models: Int { 2 }
  /// `theta0`, then `theta1` where there is a second place, then `alpha` where there are two steps.
  public var parameterNames: [String] {
    switch shape {
    case .single, .eitherSide: ["theta0"]
    case .symmetricPair: ["theta0", "alpha"]
    case .pair: ["theta0", "theta1", "alpha"]
    }
  }
  /// Never.
  public var isContinuous: Bool { false }

  /// The column.
  /// - Throws: `MixingError` where there is no such column.
  public func features(of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]] {
    try columnFeature(column, of: inputs, names: names)
  }

  /// α lies in (0, 1).
  public var supports: [Support] {
    parameterNames.map { $0 == "alpha" ? .interval(lower: 0, upper: 1) : .real }
  }

  /// Uniform over the range of the column, and over (0, 1) for α; over (−maximum, maximum) where either side may be the first
  /// model's.
  public func defaultPriors(for features: [[Double]]) -> [ScalarPrior] {
    if case .eitherSide(let maximum) = shape, maximum > 0 { return [.uniform(lower: -maximum, upper: maximum)] }
    let range = ColumnRange(features[0])
    return parameterNames.map {
      $0 == "alpha" ? .uniform(lower: 0, upper: 1) : .uniform(lower: range.lower, upper: range.upper)
    }
  }

  /// ln w of both models.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    let (weight, rest, _) = shares(features[0], parameters)
    logWeights[0] = logarithm(weight)
    logWeights[1] = logarithm(rest)
  }

  /// The derivative in α; that in a place is 0 wherever there is one.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>
  ) {
    let (weight, rest, slope) = shares(features[0], parameters)
    logWeights[0] = logarithm(weight)
    logWeights[1] = logarithm(rest)
    let count = parameters.count
    for index in 0..<2 * count { derivatives[index] = 0 }
    if count > 1 {
      derivatives[count - 1] = slope / weight
      derivatives[2 * count - 1] = -slope / rest
    }
  }

  /// w_1, w_2 and ∂w_1/∂α.
  private func shares(_ x: Double, _ parameters: Span<Double>) -> (weight: Double, rest: Double, slope: Double) {
    func step(_ isInside: Bool) -> (Double, Double) {
      isInside ? (1 - Self.remainder, Self.remainder) : (Self.remainder, 1 - Self.remainder)
    }
    let place = parameters[0]
    let up: Double
    switch shape {
    case .single:
      let (weight, rest) = step(x <= place)
      return (weight, rest, 0)
    case .eitherSide(let maximum):
      let (weight, rest) = step(place >= 0 ? x <= place : x >= maximum + place)
      return (weight, rest, 0)
    case .symmetricPair(let maximum): up = maximum - place
    case .pair: up = parameters[1]
    }
    let share = parameters[parameters.count - 1]
    let (below, belowRest) = step(x <= place)
    let (above, aboveRest) = step(x >= up)
    return (
      share * below + (1 - share) * above, share * belowRest + (1 - share) * aboveRest, below - above
    )
  }
}
