/// A table of a page: a caption, columns with headings, and rows whose first cell names them.
public struct ReportPageTable: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// Its heading.
    public var title: String
    /// Whether it holds numbers, which stand on the right.
    public var isNumeric: Bool

    /// A column.
    public init(_ title: String, isNumeric: Bool = false) {
      self.title = title
      self.isNumeric = isNumeric
    }
  }

  /// What the table holds.
  public var caption: String
  /// The columns.
  public var columns: [Column]
  /// The cells, row after row.
  public private(set) var rows: [[String]] = []

  /// A table without rows; headings that begin with # are those of numbers.
  public init(_ caption: String, _ headings: [String]) {
    self.caption = caption
    columns = headings.map {
      $0.hasPrefix("#") ? Column(String($0.dropFirst()), isNumeric: true) : Column($0)
    }
  }

  /// Adds a row, one cell a column.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "one cell a column")
    rows.append(cells)
  }

  /// The lines of the page.
  var elements: [String] {
    let headings = columns.map { column in
      "<th scope=\"col\"\(column.isNumeric ? " class=\"n\"" : "")>\(SVGText.escaped(column.title))</th>"
    }
    let body = rows.map { row in
      let cells = zip(row, columns).enumerated().map { index, cell in
        let text = SVGText.escaped(cell.0)
        if index == 0 { return "<th scope=\"row\">\(text)</th>" }
        return "<td\(cell.1.isNumeric ? " class=\"n\"" : "")>\(text)</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    // A wide table scrolls by itself, also by keyboard.
    return
      [
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(SVGText.escaped(caption))\"><table>",
        "<caption><span>\(SVGText.escaped(caption))</span></caption>", "<thead><tr>\(headings.joined())</tr></thead>",
        "<tbody>",
      ] + body + ["</tbody></table></div>"]
  }
}

extension ReportPageTable {
  /// Tuned priors beside the initial ones; parameters that differ by the number of their expert alone share a row.
  public static func priors(_ export: PriorExport) -> ReportPageTable {
    let undoes = export.undoesScaling
    var table = ReportPageTable(
      "Priors before and after tuning" + (undoes ? ", on the model's scale and in the data's units" : ""),
      ["parameter", "family", "hyperparameters", "#initial", "#tuned"]
        + (undoes ? ["#tuned, in data's units", "data's unit"] : []) + ["tuned or fixed"])
    for row in PriorRow.rows(of: export.priors) {
      let entries = row.entry.hyperparameters
      func values(_ value: (PriorExport.Hyperparameter) -> Double) -> String {
        entries.map { NumberText.significant(value($0)) }.joined(separator: ", ")
      }
      let states = entries.map { $0.isAtBound ? "at the bound" : $0.coordinate == nil ? "fixed" : "tuned" }
      table.append(
        [row.name, row.entry.family, entries.map(\.name).joined(separator: ", "), values(\.initial), values(\.tuned)]
          + (undoes ? [values { $0.tunedInDataUnits ?? $0.tuned }, row.entry.units?.unit ?? ""] : [])
          + [states.joined(separator: ", ")])
    }
    return table
  }
}
