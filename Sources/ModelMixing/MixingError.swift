import Sampling

/// Why models cannot be mixed.
public enum MixingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no row.
  case noRows
  /// There is no model.
  case noModels
  /// There is no input column.
  case noInputs
  /// Two models have one name.
  case repeatedName(String)
  /// An array is of another length than what it goes with.
  case ragged(what: String, expected: Int, found: Int)
  /// A number is NaN or infinite; rows are counted from 0.
  case notFinite(what: String, row: Int)
  /// A number is below 0; rows are counted from 0.
  case negative(what: String, row: Int)
  /// A covariance is none; rows are counted from 0.
  case covariance(model: String, row: Int, reason: String)
  /// What was asked for cannot be done; a sentence.
  case invalid(String)
  /// A row has no error of its observation where others have; rows are counted from 0.
  case noiseScale(row: Int)
  /// The cut points of an input column of trees are not finite and ascending; columns are counted from 0.
  case cutPoints(column: Int)
  /// A setting or hyperparameter of trees outside its range.
  case setting(name: String, value: String, allowed: String)
  /// A stored state of trees does not belong to this problem.
  case state(String)
  /// The numbers of the data are too large to square, or too small beside the noise.
  case overflow
  /// The task was cancelled.
  case cancelled

  /// One sentence for people; rows are counted from 1.
  public var description: String {
    switch self {
    case .noRows: "Model mixing needs at least one row, found none."
    case .noModels: "Model mixing needs at least one model, found none."
    case .noInputs: "Model mixing needs at least one input column, found none."
    case .repeatedName(let name): "Two models are called \"\(name)\"; names must differ."
    case .ragged(let what, let expected, let found): "\(what) has \(found) entries where \(expected) are needed."
    case .notFinite(let what, let row): "\(what) is not finite in row \(row + 1)."
    case .negative(let what, let row): "\(what) is below 0 in row \(row + 1)."
    case .covariance(let model, let row, let reason):
      "The covariance of \(model) cannot be used: \(reason) in row \(row + 1)."
    case .invalid(let sentence): sentence
    case .noiseScale(let row):
      "The observation in row \(row + 1) has no error where others have one; trees need one in every row or in none."
    case .cutPoints(let column): "The cut points of input column \(column + 1) are not finite and ascending."
    case .setting(let name, let value, let allowed): "The tree setting \(name) is \(value); allowed is \(allowed)."
    case .state(let complaint): "The stored state of the trees does not fit: \(complaint)."
    case .overflow: "Tree mixing overflowed: rescale the response and the models' predictions."
    case .cancelled: "Model mixing was cancelled."
    }
  }

  /// That no combination of rows has a negative variance under a symmetric matrix.
  static func checkCovariance(_ matrix: [Double], of model: String, rows: Int) throws(MixingError) {
    let values = SymmetricMatrix(dimension: rows, elements: matrix).eigen()?.values ?? []
    guard let least = values.first, let largest = values.last, least >= -1e-9 * largest else {
      throw .invalid("The covariance of \(model) is none: it has a negative eigenvalue.")
    }
  }

  static func check(_ found: Int, _ what: String, expected: Int) throws(MixingError) {
    guard found == expected else { throw .ragged(what: what, expected: expected, found: found) }
  }

  static func check(_ column: [Double], _ what: String, count: Int) throws(MixingError) {
    try check(column.count, what, expected: count)
    if let row = column.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: what, row: row) }
  }
}
