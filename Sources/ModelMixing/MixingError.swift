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
