/// Why a Gaussian process cannot be built, fitted or asked for predictions.
public enum GaussianProcessError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no row.
  case noRows
  /// A column, or an array that goes with the rows, is of another length.
  case ragged(what: String, expected: Int, found: Int)
  /// A number of the data is NaN or infinite; rows are counted from 0.
  case notFinite(what: String, row: Int)
  /// New inputs have another number of columns than the training inputs.
  case columns(expected: Int, found: Int)
  /// A hyperparameter's value or bounds cannot be used.
  case parameter(name: String, complaint: String)
  /// The covariance function does not fit the inputs.
  case kernel(String)
  /// The noise that was given cannot be a noise.
  case noise(String)
  /// The text of a covariance function cannot be read.
  case text(String)
  /// The covariance matrix has no Cholesky factor, whatever jitter was tried; duplicates are rows with equal inputs.
  case singular(duplicates: [Int]?)
  /// The covariance matrix is not finite.
  case overflow
  /// A setting of the fit outside its range.
  case setting(name: String, value: String, allowed: String)
  /// The task was cancelled.
  case cancelled

  /// One sentence for people; rows are counted from 1.
  public var description: String {
    switch self {
    case .noRows: "A Gaussian process needs at least one row, found none."
    case .ragged(let what, let expected, let found): "\(what) has \(found) entries where \(expected) are needed."
    case .notFinite(let what, let row): "\(what) is not finite in row \(row + 1)."
    case .columns(let expected, let found):
      "The Gaussian process was trained on \(expected) columns of inputs, found \(found)."
    case .parameter(let name, let complaint): "The hyperparameter \(name) \(complaint)."
    case .kernel(let reason), .noise(let reason), .text(let reason): reason
    case .singular(let rows?) where rows.count == 2:
      "The covariance matrix is singular: rows \(rows[0] + 1) and \(rows[1] + 1) have the same inputs, and there is no noise;"
        + " add a white kernel or a noise variance."
    case .singular: "The covariance matrix is singular; add a white kernel or a noise variance."
    case .overflow: "The covariance matrix is not finite at these hyperparameters."
    case .setting(let name, let value, let allowed): "Fit setting \(name) is \(value); allowed is \(allowed)."
    case .cancelled: "The fit was cancelled."
    }
  }
}
