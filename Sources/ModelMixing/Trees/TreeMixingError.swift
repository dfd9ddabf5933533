/// Why models cannot be mixed by trees.
public enum TreeMixingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no row.
  case noRows
  /// There is no model to mix.
  case noModels
  /// There is no input column for trees to split on.
  case noInputs
  /// An array is of another length than what it goes with.
  case ragged(what: String, expected: Int, found: Int)
  /// A number of the data is NaN or infinite; rows are counted from 0.
  case notFinite(what: String, row: Int)
  /// A known noise scale is not positive; rows are counted from 0.
  case noiseScale(row: Int)
  /// The cut points of an input column are not finite and ascending; columns are counted from 0.
  case cutPoints(column: Int)
  /// A setting or hyperparameter outside its range.
  case setting(name: String, value: String, allowed: String)
  /// A stored state does not belong to this problem.
  case state(String)
  /// The numbers of the data are too large to square, or too small beside the noise.
  case overflow
  /// The task was cancelled.
  case cancelled

  /// One sentence for people; rows and columns are counted from 1.
  public var description: String {
    switch self {
    case .noRows: "Tree mixing needs at least one row, found none."
    case .noModels: "Tree mixing needs at least one model, found none."
    case .noInputs: "Tree mixing needs at least one input column, found none."
    case .ragged(let what, let expected, let found): "\(what) has \(found) entries where \(expected) are needed."
    case .notFinite(let what, let row): "\(what) is not finite in row \(row + 1)."
    case .noiseScale(let row): "The noise scale in row \(row + 1) is not positive."
    case .cutPoints(let column): "The cut points of input column \(column + 1) are not finite and ascending."
    case .setting(let name, let value, let allowed): "Tree mixing setting \(name) is \(value); allowed is \(allowed)."
    case .state(let complaint): "The stored state of the trees does not fit: \(complaint)."
    case .overflow: "Tree mixing overflowed: rescale the response and the models' predictions."
    case .cancelled: "Tree mixing was cancelled."
    }
  }
}
