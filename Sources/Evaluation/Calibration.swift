import Diagnostics

/// Whether predictive distributions are as wide as they say: the probability integral transforms of responses are uniform
/// where the model is right (Dawid 1984; Gneiting, Balabdaoui and Raftery 2007).
///
/// On rows that the model was fitted to, the transforms crowd the centre a little even where it is right. From S
/// draws they take 2 S + 1 values only: with many more rows than draws the test notices that.
public struct Calibration: Sendable, Codable, Equatable {
  /// How often central intervals of one level hold the response.
  public struct Coverage: Sendable, Codable, Equatable {
    /// The level, such as 0.9.
    public let level: Double
    /// The share of rows inside, with its standard error over rows.
    public let share: Score
  }

  /// P(Y_n ≤ y_n | x_n, data) of every row.
  public let probabilities: [Double]
  /// The rows in equal bins of [0, 1]; the last one is closed.
  public let histogram: [Int]
  /// The test of uniformity.
  public let test: KolmogorovSmirnov
  /// Coverage at 50, 80, 90 and 95 %: ends of intervals count as inside.
  public let coverage: [Coverage]

  /// Of predictions.
  /// - Throws: `EvaluationError` as the other initialiser.
  public init(_ predictions: RowPredictions, bins: Int = 10) throws(EvaluationError) {
    try self.init(probabilities: predictions.probability, bins: bins)
  }

  /// Of probability integral transforms, in the order of the rows.
  /// - Throws: `EvaluationError` for no rows, and for values outside [0, 1].
  public init(probabilities: [Double], bins: Int = 10) throws(EvaluationError) {
    precondition(bins > 0, "a histogram has bins")
    guard !probabilities.isEmpty else { throw .empty }
    if let row = probabilities.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
      throw .notAProbability(row: row, value: probabilities[row])
    }
    self.probabilities = probabilities
    var counts = [Int](repeating: 0, count: bins)
    for value in probabilities { counts[min(Int(value * Double(bins)), bins - 1)] += 1 }
    histogram = counts
    test = KolmogorovSmirnov(uniform: probabilities)
    coverage = [0.5, 0.8, 0.9, 0.95].map { level in
      Coverage(
        level: level,
        share: .mean(of: probabilities.map { value in abs(value - 0.5) <= 0.5 * level ? 1 : 0 }))
    }
  }

  /// Simultaneous bands of the empirical distribution function of as many uniform values; see `UniformEnvelope`.
  public func envelope(points: Int = 50, probability: Double = 0.95) -> UniformEnvelope {
    UniformEnvelope(count: probabilities.count, points: points, probability: probability)
  }

  /// Whether to believe the predictive distributions, in a sentence; a p-value below 0.01 is a warning.
  public var sentence: String {
    let number = "Kolmogorov–Smirnov p = \(decimalText(test.pValue, places: 3))"
    guard test.pValue < 0.01 else {
      return "Nothing speaks against calibration: where responses fall in their predictive distributions looks uniform"
        + " (\(number))."
    }
    return "The predictions are not calibrated (\(number)): \(fault)."
  }

  /// What stands out most: a mean away from 1/2, or a variance away from 1/12, in units of their own noise.
  private var fault: String {
    let count = Double(probabilities.count)
    let mean = probabilities.reduce(0, +) / count
    let variance = probabilities.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / count
    let shift = (mean - 0.5) * (12 * count).squareRoot()
    let excess = (variance - 1.0 / 12) * (180 * count).squareRoot()
    if abs(shift) >= abs(excess) {
      return shift > 0 ? "responses tend to be larger than predicted" : "responses tend to be smaller than predicted"
    }
    return excess > 0 ? "the predictive distributions are too narrow" : "the predictive distributions are too wide"
  }
}
