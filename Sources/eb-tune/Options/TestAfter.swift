import TuningIO

/// `--test-after column=value`: which rows of a file are held out because they come later.
struct TestAfter: Sendable {
  let column: String
  let value: String

  /// A column's name may hold "=" itself; the shortest that the table has is meant.
  init(_ text: String, in table: Table) {
    let splits = text.indices.filter { text[$0] == "=" }.map { index in
      (
        column: String(text[..<index]).trimmingBlanks, value: String(text[text.index(after: index)...]).trimmingBlanks
      )
    }.filter { !$0.column.isEmpty && !$0.value.isEmpty }
    let chosen = splits.first { table.columnNames.contains($0.column) } ?? splits.first
    (column, value) = chosen ?? (text, "")
  }

  /// The rows whose column is greater than the value.
  /// - Throws: `TableError`; `Failure` where there are none, or fewer than two others.
  func rows(of table: Table) throws -> Set<Int> {
    let rows = try table.rows(where: column, isAfter: value)
    guard !rows.isEmpty else {
      throw Failure(
        "\(table.file): --test-after \(column)=\(value) holds out nothing: in none of \(table.rows) rows \"\(column)\" is greater.",
        .usage)
    }
    guard table.rows - rows.count >= 2 else {
      throw Failure(
        "\(table.file): --test-after \(column)=\(value) leaves \(table.rows - rows.count) of \(table.rows) rows to fit; give a"
          + " greater value.", .usage)
    }
    return Set(rows)
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    return String(String(drop(while: isBlank).reversed()).drop(while: isBlank).reversed())
  }
}
