/// What is wrong with a data file: one sentence with file, line and column where there is one, what was found and what
/// belongs there. Lines count from 1, the header being line 1; columns count from 1.
public enum TableError: ReportableError, Sendable, Equatable {
  /// There is no such file.
  case missing(file: String)
  /// A folder stands there.
  case isDirectory(file: String)
  /// The file cannot be opened.
  case unreadable(file: String, reason: String)
  /// Reading broke off.
  case readFailed(file: String, reason: String)
  /// Nothing but blank lines.
  case empty(file: String)
  /// A header and no rows.
  case headerOnly(file: String)
  /// Not comma-separated text in UTF-8; `found` says what it looks like.
  case wrongFormat(file: String, found: String, advice: String)
  /// The first line holds numbers where names belong.
  case noHeader(file: String, found: String)
  /// Two columns of one name.
  case duplicateHeader(file: String, name: String, first: Int, second: Int)
  /// A row with too few or too many fields.
  case raggedRow(file: String, line: Int, found: Int, expected: Int)
  /// A quoted field that never ends; the line where it begins.
  case unclosedQuote(file: String, line: Int)
  /// Text between a closing quote and the next comma.
  case textAfterQuote(file: String, line: Int, found: String)
  /// No column of that name; the nearest names first.
  case unknownColumn(file: String, name: String, nearest: [String], available: [String])
  /// An empty cell, or a mark such as NA, in a numeric column.
  case missingValue(file: String, line: Int, column: String, found: String)
  /// Text in a numeric column.
  case notANumber(file: String, line: Int, column: String, found: String)
  /// The same where most of the column is text, so that it is no mistake in one cell.
  case textColumn(file: String, line: Int, column: String, found: String)
  /// An empty cell, or a mark such as NA, in a column of levels.
  case missingLevel(file: String, line: Int, column: String, found: String)
  /// A value that rows are to be compared with, and that is neither a number nor a date.
  case noOrder(file: String, column: String, value: String)
  /// A cell that is not of the kind that it is compared with.
  case notComparable(file: String, line: Int, column: String, found: String, value: String)
  /// NaN or an infinite value in a numeric column.
  case notFinite(file: String, line: Int, column: String, found: String)

  /// 64 for a column that does not exist and a value that has no order, 66 or 74 for a file that cannot be read, else 65.
  public var exitCode: ExitCode {
    switch self {
    case .unknownColumn, .noOrder: .usage
    case .missing, .isDirectory, .unreadable: .noInput
    case .readFailed: .inputOutput
    default: .data
    }
  }

  /// One sentence for people.
  public var description: String {
    switch self {
    case .missing(let file): "\(file): there is no such file."
    case .isDirectory(let file): "\(file): this is a directory; a CSV file is needed."
    case .unreadable(let file, let reason): "\(file): the file cannot be opened (\(reason))."
    case .readFailed(let file, let reason): "\(file): reading failed (\(reason))."
    case .empty(let file): "\(file): the file is empty; a header row and rows of numbers are needed."
    case .headerOnly(let file): "\(file): the file has a header and no rows."
    case .wrongFormat(let file, let found, let advice): "\(file): \(found); \(advice)."
    case .noHeader(let file, let found):
      "\(file), line 1: found the numbers \(found) where the header with the names of the columns belongs."
    case .duplicateHeader(let file, let name, let first, let second):
      "\(file), line 1: columns \(first) and \(second) are both called \"\(name)\"; names must differ."
    case .raggedRow(let file, let line, let found, let expected):
      "\(file), line \(line): found \(found) field\(found == 1 ? "" : "s"), the header has \(expected)."
    case .unclosedQuote(let file, let line): "\(file), line \(line): a quotation mark opens here and is never closed."
    case .textAfterQuote(let file, let line, let found):
      "\(file), line \(line): found \"\(found)\" after a closing quotation mark, where a comma or the end of the line belongs."
    case .unknownColumn(let file, let name, let nearest, let available):
      Self.unknownColumn(file: file, name: name, nearest: nearest, available: available)
    case .missingValue(let file, let line, let column, let found):
      "\(file), line \(line), column \"\(column)\": \(found.isEmpty ? "the cell is empty" : "found \"\(found)\"") where a finite number belongs; leave rows with missing values out."
    case .notANumber(let file, let line, let column, let found):
      "\(file), line \(line), column \"\(column)\": found \"\(found)\" where a number such as 12.5 or 3e-4 belongs."
    case .textColumn(let file, let line, let column, let found):
      "\(file), line \(line), column \"\(column)\": found \"\(found)\" where a number such as 12.5 or 3e-4 belongs; most of this column is text, which a feature takes as factor(\(Self.asTerm(column)))."
    case .missingLevel(let file, let line, let column, let found):
      "\(file), line \(line), column \"\(column)\": \(found.isEmpty ? "the cell is empty" : "found \"\(found)\"") where a level of a factor belongs; leave rows with missing values out, or give them a level of their own, such as unknown."
    case .noOrder(let file, let column, let value):
      "\(file), column \"\(column)\": found \"\(value)\" to compare it with, where a number, or a date or time such as 2004-06-01 or 2004-06-01T12:30, belongs."
    case .notComparable(let file, let line, let column, let found, let value):
      "\(file), line \(line), column \"\(column)\": \(found.isEmpty ? "the cell is empty and" : "found \"\(found)\", which") cannot be compared with \(value); both must be numbers, or both dates or times such as 2004-06-01 or 2004-06-01T12:30, both with an offset from UTC or both without."
    case .notFinite(let file, let line, let column, let found):
      "\(file), line \(line), column \"\(column)\": found \"\(found)\" where a finite number belongs."
    }
  }

  /// A column's name as a formula wants it.
  private static func asTerm(_ column: String) -> String {
    let isPlain = column.first?.isLetter == true && column.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    return isPlain ? column : "`\(column.replacing("`", with: "``"))`"
  }

  private static func unknownColumn(file: String, name: String, nearest: [String], available: [String]) -> String {
    let quoted = nearest.map { "\"\($0)\"" }.joined(separator: " or ")
    let all = available.prefix(20).joined(separator: ", ") + (available.count > 20 ? ", …" : "")
    let hint = nearest.isEmpty ? "" : "perhaps \(quoted) is meant; "
    return "\(file): there is no column \"\(name)\"; \(hint)the columns are \(all)."
  }
}
