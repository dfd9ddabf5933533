import Diagnostics
import Experts

/// Mean, spread and quantiles of one quantity at one input.
public struct PredictionSummary: Sendable, Codable, Equatable {
  /// The posterior mean.
  public var mean: Double
  /// The posterior standard deviation.
  public var standardDeviation: Double
  /// The quantiles at the probabilities asked for.
  public var quantiles: [Double]

  init(mean: Double, standardDeviation: Double, quantiles: [Double]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.quantiles = quantiles
  }

  /// Of values that are equally probable.
  init(of values: [Double], _ probabilities: [Double]) {
    let sorted = values.sorted()
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      mean: mean, standardDeviation: (squares / max(1, count - 1)).squareRoot(),
      quantiles: probabilities.map { sampleQuantile(ofSorted: sorted, $0) })
  }

  /// Of a mixture of normal distributions; a component without any spread counts as one of a millionth of the spread of all.
  init(weights: [Double], means: [Double], deviations: [Double], _ probabilities: [Double]) {
    let (low, high) = (means.min() ?? 0, means.max() ?? 0)
    let spread = max(high - low, deviations.max() ?? 0)
    guard spread > 0 else {
      self.init(mean: low, standardDeviation: 0, quantiles: probabilities.map { _ in low })
      return
    }
    let total = weights.reduce(0, +)
    let mixture = PredictiveMixture(
      weights: weights.map { $0 / total }, means: means, standardDeviations: deviations.map { max($0, 1e-6 * spread) })
    self.init(
      mean: mixture.mean, standardDeviation: mixture.standardDeviation, quantiles: mixture.quantiles(probabilities))
  }
}
