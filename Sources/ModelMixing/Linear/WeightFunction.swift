import Priors

/// How the weights of K models depend on the inputs and on parameters of their own. What a user's own weights have to know;
/// `CustomWeights` makes one of a closure.
///
/// Weights are at least 0 and sum to 1 at every input. They are handed on as logarithms, so that a weight far below the
/// range of doubles keeps its digits in a mixture of densities.
public protocol WeightFunction: Sendable {
  /// What reports call it, such as `sigmoid`.
  var name: String { get }
  /// The number K of models that it weighs.
  var models: Int { get }
  /// The names of its parameters, such as `theta0`; a mixture calls them `weight[theta0]`.
  var parameterNames: [String] { get }
  /// The values that each parameter can have; a prior may be narrower.
  var supports: [Support] { get }
  /// Whether, at every input, the weights are continuous functions of the parameters wherever those are defined.
  var isContinuous: Bool { get }

  /// The features that weights are computed from, column by column; input columns and their names come in.
  /// - Throws: `MixingError` where they cannot be computed.
  func features(of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]]

  /// What its parameters' priors are unless said otherwise, for data with these features (column by column).
  func defaultPriors(for features: [[Double]]) -> [ScalarPrior]

  /// Whether there are weights for these parameters (as many as names); where not, data have no likelihood.
  func isDefined(at parameters: Span<Double>) -> Bool

  /// Where the weights jump, or end to be defined, for parameters in `ranges` (one a parameter); nil where they do neither,
  /// so that gradients lead everywhere. A sentence without its full stop.
  func discontinuity(over ranges: [ClosedRange<Double>]) -> String?

  /// ln w_k of every model (length K), −∞ for a weight of 0.
  /// - Parameters:
  ///   - features: The features of one row.
  ///   - parameters: One number for each of `parameterNames`, for which weights are defined.
  func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>)

  /// ln w_k and its derivatives ∂ ln w_k / ∂θ_p, models by parameters (length K · P); 0 for a weight of 0.
  func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>)
}

extension WeightFunction {
  /// All real numbers.
  public var supports: [Support] { parameterNames.map { _ in .real } }

  /// Normal(0, 1).
  public func defaultPriors(for features: [[Double]]) -> [ScalarPrior] {
    parameterNames.map { _ in .normal(location: 0, scale: 1) }
  }

  /// The inputs themselves.
  public func features(of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]] { inputs }

  /// Everywhere.
  public func isDefined(at parameters: Span<Double>) -> Bool { true }

  /// Somewhere, unless weights are continuous.
  public func discontinuity(over ranges: [ClosedRange<Double>]) -> String? {
    isContinuous ? nil : "\(name) weights jump as their parameters pass an input"
  }

  /// By central differences, right to about nine digits for smooth weights.
  public func logWeights(
    at features: Span<Double>, parameters: Span<Double>, into logWeights: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>
  ) {
    self.logWeights(at: features, parameters: parameters, into: &logWeights)
    var moved = (0..<parameters.count).map { parameters[$0] }
    var (above, below) = ([Double](repeating: 0, count: models), [Double](repeating: 0, count: models))
    for index in moved.indices {
      let centre = moved[index]
      let step = 6e-6 * max(1, abs(centre))
      fill(&above, features, &moved, index, centre + step)
      let top = moved[index]
      fill(&below, features, &moved, index, centre - step)
      let width = top - moved[index]
      moved[index] = centre
      for model in 0..<models {
        let slope = (above[model] - below[model]) / width
        derivatives[model * moved.count + index] = logWeights[model] > -.infinity && slope.isFinite ? slope : 0
      }
    }
  }

  private func fill(
    _ logWeights: inout [Double], _ features: Span<Double>, _ parameters: inout [Double], _ index: Int, _ value: Double
  ) {
    parameters[index] = value
    var span = logWeights.mutableSpan
    self.logWeights(at: features, parameters: parameters.span, into: &span)
  }

  /// One of the input columns alone.
  func columnFeature(_ column: Int, of inputs: [[Double]], names: [String]) throws(MixingError) -> [[Double]] {
    guard inputs.indices.contains(column) else {
      throw .invalid("The \(name) weights want input column \(column + 1), but there are \(inputs.count): \(names).")
    }
    return [inputs[column]]
  }

  /// w_k at one row, for callers outside hot loops.
  public func weights(at features: [Double], parameters: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: models)
    var span = result.mutableSpan
    logWeights(at: features.span, parameters: parameters.span, into: &span)
    return result.map(exponential)
  }
}

/// The range of a column, as priors are made of it: a column of one value counts as of width 1.
struct ColumnRange {
  let lower: Double
  let upper: Double

  init(_ column: [Double]) {
    let (low, high) = (column.min() ?? 0, column.max() ?? 0)
    lower = high > low ? low : low - 0.5
    upper = high > low ? high : high + 0.5
  }

  var middle: Double { 0.5 * lower + 0.5 * upper }
  var width: Double { upper - lower }
}
