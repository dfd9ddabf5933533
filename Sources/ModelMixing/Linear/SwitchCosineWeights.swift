import Priors

/// Weights of two models that go from 1 to 0 over two pieces of a cosine (SAMBA): with g1 ≤ g3 ≤ g2,
///
///     w_1 = 1                                          x ≤ g1
///           ½ (1 + cos(½π (x − g1) / (g3 − g1)))       g1 < x ≤ g3
///           ½ + ½ cos(½π (1 + (x − g3) / (g2 − g3)))   g3 < x < g2
///           0                                          x ≥ g2
///
/// Where g1 ≤ g3 ≤ g2 does not hold there are no weights. A density ends there, so that gradients are followed only where
/// priors keep the three apart: bounded ones, on ranges that do not overlap.
public struct SwitchCosineWeights: WeightFunction {
  /// The input column that x is.
  public let column: Int

  /// Switching weights in an input column.
  public init(column: Int = 0) { self.column = column }

  /// `switchcos`.
  public var name: String { "switchcos" }
  /// Two.
  public var models: Int { 2 }
  /// `g1`, where the switch begins, `g2`, where it ends, and `g3`, where both weights are ½.
  public var parameterNames: [String] { ["g1", "g2", "g3"] }
  /// Wherever they are defined.
  public var isContinuous: Bool { true }

  /// The column.
  /// - Throws: `MixingError` where there is no such column.
  public func features(of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]] {
    try columnFeature(column, of: inputs, names: names)
  }

  /// Uniform over the first, last and middle third of the column's range.
  public func defaultPriors(for features: [[Double]]) -> [ScalarPrior] {
    let range = ColumnRange(features[0])
    let (first, second) = (range.lower + range.width / 3, range.upper - range.width / 3)
    return [
      .uniform(lower: range.lower, upper: first), .uniform(lower: second, upper: range.upper),
      .uniform(lower: first, upper: second),
    ]
  }

  /// g1 ≤ g3 ≤ g2.
  public func isDefined(at parameters: Span<Double>) -> Bool {
    parameters[0] <= parameters[2] && parameters[2] <= parameters[1]
  }

  /// Where the three may change places.
  public func discontinuity(over ranges: [ClosedRange<Double>]) -> String? {
    guard ranges[0].upperBound > ranges[2].lowerBound || ranges[2].upperBound > ranges[1].lowerBound else { return nil }
    return "switchcos weights end where g1 <= g3 <= g2 does not hold;"
      + " give the three bounded priors on ranges that do not overlap"
  }

  /// ln w of both models.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>
  ) {
    let angle = angle(features[0], parameters)
    logWeights[0] = 2 * logarithm(angle.cosine)
    logWeights[1] = 2 * logarithm(angle.sine)
  }

  /// With w_1 = cos²φ and w_2 = sin²φ.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>
  ) {
    let angle = angle(features[0], parameters)
    logWeights[0] = 2 * logarithm(angle.cosine)
    logWeights[1] = 2 * logarithm(angle.sine)
    let isSwitching = angle.cosine > 0 && angle.sine > 0
    let (first, second) =
      isSwitching ? (-2 * angle.sine / angle.cosine, 2 * angle.cosine / angle.sine) : (0, 0)
    derivatives[0] = first * angle.slopes.0
    derivatives[1] = first * angle.slopes.1
    derivatives[2] = first * angle.slopes.2
    derivatives[3] = second * angle.slopes.0
    derivatives[4] = second * angle.slopes.1
    derivatives[5] = second * angle.slopes.2
  }

  /// φ from 0 to ½π, by its sine and cosine, and its derivatives in g1, g2 and g3.
  private func angle(
    _ x: Double, _ parameters: Span<Double>
  ) -> (cosine: Double, sine: Double, slopes: (Double, Double, Double)) {
    let (start, end, middle) = (parameters[0], parameters[1], parameters[2])
    let quarter = 0.25 * Double.pi
    if x <= start { return (1, 0, (0, 0, 0)) }
    if x <= middle {
      let width = middle - start
      let share = (x - start) / width
      return (
        cosine(quarter * share), sine(quarter * share), (quarter * (share - 1) / width, 0, -quarter * share / width)
      )
    }
    guard x < end else { return (0, 1, (0, 0, 0)) }
    // By what is left to the end: the cosine keeps its digits where it goes to 0.
    let width = end - middle
    let left = (end - x) / width
    return (
      sine(quarter * left), cosine(quarter * left), (0, -quarter * (1 - left) / width, -quarter * left / width)
    )
  }
}
