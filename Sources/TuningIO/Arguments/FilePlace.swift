/// A place in a text file; lines and columns count from 1.
public struct FilePlace: Sendable, Equatable, CustomStringConvertible {
  /// The file as the user names it.
  public let file: String
  /// The line; nil for the file as a whole.
  public let line: Int?
  /// The column, in characters; nil for the whole line.
  public let column: Int?

  /// A place.
  public init(file: String, line: Int? = nil, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// Such as `load.yaml, line 3, column 8`.
  public var description: String {
    file + (line.map { ", line \($0)" } ?? "") + (column.map { ", column \($0)" } ?? "")
  }
}
