/// Features that cannot be computed from the data at hand, or that no model can learn from.
public enum DesignError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no column of that name.
  case unknownColumn(name: String, available: [String])
  /// Columns of one source differ in length.
  case unequalColumns(name: String, rows: Int, other: String, otherRows: Int)
  /// There are no rows.
  case noRows
  /// Values too large or too small for their squares to be summed.
  case outOfRange(name: String, magnitude: Double)
  /// The same value in every training row.
  case constantFeature(name: String, value: Double)
  /// The same response in every training row.
  case constantResponse(name: String, value: Double)
  /// An expression gave NaN or an infinite value; `inputs` are the values of its columns in that row.
  case nonFinite(feature: String, value: Double, place: String, inputs: String)
  /// A factor with the same level in every training row.
  case oneLevel(column: String, level: String)
  /// A factor with more levels than the training rows can tell apart, or than make sense.
  case tooManyLevels(column: String, levels: Int, rows: Int, most: Int)
  /// A level that the training rows lack.
  case unseenLevel(column: String, level: String, place: String, known: [String])
  /// Two levels that no training row has together.
  case emptyCombination(name: String)
  /// An interaction of factors with many levels.
  case tooManyFeatures(term: String, most: Int)
  /// Two features that are one and the same but for location and scale.
  case duplicateFeature(name: String, other: String)
  /// Two different features of one name.
  case duplicateName(String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .unknownColumn(let name, let available):
      "There is no column \"\(name)\"; there are \(available.joined(separator: ", "))."
    case .unequalColumns(let name, let rows, let other, let otherRows):
      "Column \"\(name)\" has \(rows) rows and column \"\(other)\" has \(otherRows); they must have the same number."
    case .noRows: "There are no rows to fit."
    case .outOfRange(let name, let magnitude):
      "\(name) has a largest absolute value of \(magnitude); allowed is 1e-100 to 1e100, so change its units."
    case .constantFeature(let name, let value):
      "Feature \(name) is \(value) in every training row; a feature must vary (intercepts and the gate's bias are added by themselves)."
    case .constantResponse(let name, let value):
      "The target \(name) is \(value) in every training row; a target must vary."
    case .nonFinite(let feature, let value, let place, let inputs):
      "Feature \(feature) is \(value) in \(place), where \(inputs); every feature must be finite."
    case .oneLevel(let column, let level):
      "Column \"\(column)\" is \"\(level)\" in every training row; a factor needs two levels or more."
    case .tooManyLevels(let column, let levels, let rows, let most):
      "Column \"\(column)\" has \(levels) levels in \(rows) training rows; a factor may have \(most) there (2 rows a level or"
        + " more, and 100 levels at most), so merge levels, or take a measured column as a number."
    case .unseenLevel(let column, let level, let place, let known):
      "\(place), column \"\(column)\": the level \"\(level)\" does not occur in the training rows, whose levels are"
        + " \(known.prefix(20).map { "\"\($0)\"" }.joined(separator: ", "))\(known.count > 20 ? ", …" : "")."
    case .emptyCombination(let name):
      "Feature \(name) is 0 in every training row: no row has these levels together; merge levels, or leave the interaction"
        + " out."
    case .tooManyFeatures(let term, let most):
      "The interaction \(term) makes more than \(most) features; merge levels of its factors, or leave it out."
    case .duplicateFeature(let name, let other) where name == other: "Feature \(name) is there twice; leave one out."
    case .duplicateFeature(let name, let other):
      "Feature \(name) is feature \(other) over again, but for location and scale; leave one of them out."
    case .duplicateName(let name):
      "Two different features are called \(name); name one of them, as in other = expression."
    }
  }
}
