/// Why draws cannot be evaluated.
public enum EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There are no draws or no rows.
  case empty
  /// A log-likelihood is NaN or +∞; row and draw are counted from 0.
  case notANumber(row: Int, draw: Int, value: Double)
  /// Two models were evaluated on different numbers of rows.
  case rowsDiffer(Int, Int)
  /// A model gives some row the probability 0 in a draw of positive weight; the row, counted from 0.
  case impossibleRow(Int)
  /// A row has another number of predictive draws than the first; the row, counted from 0.
  case ragged(row: Int, found: Int, expected: Int)
  /// A predictive draw is not finite; row and draw are counted from 0.
  case drawNotFinite(row: Int, draw: Int, value: Double)
  /// A response is not finite; the row, counted from 0.
  case responseNotFinite(row: Int, value: Double)
  /// A value of the probability integral transform is no probability; the row, counted from 0.
  case notAProbability(row: Int, value: Double)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .empty: "There is nothing to evaluate: no draws, or no rows."
    case .notANumber(let row, let draw, let value):
      "The log-likelihood of row \(row + 1) in draw \(draw + 1) is \(value), which no density gives."
    case .rowsDiffer(let first, let second):
      "Only models of the same rows can be compared, found \(first) and \(second) rows."
    case .impossibleRow(let row):
      "Row \(row + 1) has probability 0 in a draw, so that its elpd is −∞ and no difference can be told."
    case .ragged(let row, let found, let expected):
      "Row \(row + 1) has \(found) predictive draws and row 1 has \(expected): every row needs as many."
    case .drawNotFinite(let row, let draw, let value):
      "Predictive draw \(draw + 1) of row \(row + 1) is \(value), but draws must be finite."
    case .responseNotFinite(let row, let value):
      "The response of row \(row + 1) is \(value), but responses must be finite."
    case .notAProbability(let row, let value):
      "The probability integral transform of row \(row + 1) is \(value), which is no probability."
    }
  }
}
