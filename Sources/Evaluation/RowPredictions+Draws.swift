import Diagnostics

extension RowPredictions {
  /// Predictions from predictive draws, `draws[n]` those of row n, as many in every row.
  ///
  /// Quantiles are by linear interpolation of order statistics (type 7; `WeightedSample` where draws have weights). Ties with
  /// the response count half in the probability integral transform. The score is the fair one, which divides by S (S − 1)
  /// pairs (Ferro 2014; with weights by 1 − Σ w² of all pairs): its expectation is the score of the distribution that the
  /// draws come from, whatever their number, whereas the plain one rewards many draws. Single rows may be a little below 0.
  /// - Parameter logDensity: One ln p(y_n | x_n, data) a row, where the model gives one: draws do not tell it.
  /// - Parameter weights: One weight a draw, not negative, the same for every row; nil where all count alike.
  /// - Throws: `EvaluationError` for nothing to evaluate, rows of different lengths, and values that are not finite.
  public init(
    observed: [Double], draws: [[Double]], logDensity: [Double]? = nil, weights: [Double]? = nil
  ) throws(EvaluationError) {
    try Self.check(observed, draws)
    precondition(logDensity.map { $0.count == observed.count } ?? true, "one log density a row")
    precondition(
      weights.map { $0.count == draws[0].count && $0.allSatisfy { $0 >= 0 } && $0.contains { $0 > 0 } } ?? true,
      "one weight a draw, none negative, one positive")
    let rows = zip(observed, draws).map { y, draws in Self.row(y, WeightedSample(draws, weights: weights)) }
    self.init(
      observed: observed, logDensity: logDensity, mean: rows.map(\.mean), lower: rows.map(\.lower),
      upper: rows.map(\.upper), probability: rows.map(\.probability), squaredError: rows.map(\.squaredError),
      crps: rows.map(\.crps))
  }

  private struct Row {
    let mean, lower, upper, probability, squaredError, crps: Double
  }

  private static func row(_ y: Double, _ sample: WeightedSample) -> Row {
    Row(
      mean: sample.mean { $0 }, lower: sample.quantile(0.025), upper: sample.quantile(0.975),
      probability: sample.mean { $0 < y ? 1 : $0 == y ? 0.5 : 0 },
      squaredError: sample.mean { (y - $0) * (y - $0) },
      crps: sample.mean { abs($0 - y) } - 0.5 * sample.meanDifference)
  }

  private static func check(_ observed: [Double], _ draws: [[Double]]) throws(EvaluationError) {
    guard let first = draws.first, !first.isEmpty, !observed.isEmpty else { throw .empty }
    guard observed.count == draws.count else { throw .rowsDiffer(observed.count, draws.count) }
    for (row, values) in draws.enumerated() {
      guard values.count == first.count else {
        throw .ragged(row: row, found: values.count, expected: first.count)
      }
      guard observed[row].isFinite else { throw .responseNotFinite(row: row, value: observed[row]) }
      if let draw = values.firstIndex(where: { !$0.isFinite }) {
        throw .drawNotFinite(row: row, draw: draw, value: values[draw])
      }
    }
  }
}
