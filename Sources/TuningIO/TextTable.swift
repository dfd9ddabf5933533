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

  /// The lines, header and rule first; cells of a first column that would make lines wider than `width` are cut.
  public func lines(width: Int = .max) -> [String] {
    var widths = headers.indices.map { column in
      ([headers[column]] + rows.map { $0[column] }).reduce(0) { max($0, TextWidth.of($1)) }
    }
    let total = widths.reduce(0, +) + 2 * max(0, widths.count - 1)
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

extension TextTable {
  /// Tuned priors beside the initial ones. Parameters that differ by the number of their expert alone share a row, such as
  /// `slope[1–3,temperature]`, where their priors are the same.
  public static func priors(_ export: PriorExport) -> TextTable {
    var table = TextTable([
      ("parameter", .left), ("prior", .left), ("initial", .right), ("tuned", .right), ("", .left),
    ])
    for row in PriorRow.rows(of: export.priors) {
      let entry = row.entry
      func values(_ value: (PriorExport.Hyperparameter) -> Double) -> String {
        "(" + entry.hyperparameters.map { NumberText.significant(value($0)) }.joined(separator: ", ") + ")"
      }
      var remarks: [String] = []
      if entry.hyperparameters.allSatisfy({ $0.coordinate == nil }) { remarks.append("fixed") }
      if entry.hyperparameters.contains(where: \.isAtBound) { remarks.append("at the bound") }
      table.append([
        row.name, entry.family, values(\.initial), values(\.tuned), remarks.joined(separator: ", "),
      ])
    }
    return table
  }
}
