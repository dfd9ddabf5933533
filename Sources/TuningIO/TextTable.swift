/// A plain text table: columns aligned, a line under the header, no line wider than it must be.
public struct TextTable: Sendable, Equatable {
  /// How a column's cells stand.
  public enum Alignment: Sendable {
    /// Text.
    case left
    /// Numbers.
    case right
  }

  private let headers: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// An empty table with these columns.
  public init(_ columns: [(header: String, alignment: Alignment)]) {
    headers = columns.map(\.header)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row of one cell a column.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == headers.count, "a row has one cell a column")
    rows.append(cells.map { String($0.map { $0.isNewline || $0 == "\t" ? " " : $0 }) })
  }

  private var columnWidths: [Int] {
    headers.indices.map { column in
      ([headers[column]] + rows.map { $0[column] }).reduce(0) { max($0, TextWidth.of($1)) }
    }
  }

  /// How many columns of a terminal its lines take where nothing is cut.
  var width: Int { columnWidths.reduce(0, +) + 2 * max(0, headers.count - 1) }

  /// The lines, header and rule first; cells of a first column that would make lines wider than `width` are cut.
  public func lines(width: Int = .max) -> [String] {
    var widths = columnWidths
    let total = self.width
    if total > width, let first = widths.first { widths[0] = max(8, first - (total - width)) }
    let rule = widths.filter { $0 > 0 }.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return [line(headers, widths), rule] + rows.map { line($0, widths) }
  }

  /// All lines, each with its line break.
  public func text(width: Int = .max) -> String { lines(width: width).map { $0 + "\n" }.joined() }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() {
      let fitted = TextWidth.shortened(cell, to: widths[column])
      let padding = String(repeating: " ", count: max(0, widths[column] - TextWidth.of(fitted)))
      line += (column == 0 ? "" : "  ") + (alignments[column] == .left ? fitted + padding : padding + fitted)
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
