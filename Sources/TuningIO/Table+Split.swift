extension Table {
  /// The rows whose cell in a column is greater than `value`, ascending and counted from 0. Numbers are compared as
  /// numbers; dates and times, in ISO 8601, as instants.
  ///
  /// - Throws: `TableError`, also where the column and `value` are not of one kind.
  public func rows(where column: String, isAfter value: String) throws(TableError) -> [Int] {
    let cells = try text(column)
    let bound = DecimalNumber.read(Array(value.utf8).span)
    if case .number(let bound) = bound {
      do {
        return try numeric(column).enumerated().filter { $0.element > bound }.map(\.offset)
      } catch .notANumber(let file, let line, let column, let found), .textColumn(
        let file, let line, let column, let found)
      {
        throw .notComparable(file: file, line: line, column: column, found: found, value: value)
      }
    }
    guard let bound = TableTime(value) else { throw .noOrder(file: file, column: column, value: value) }
    var after: [Int] = []
    for (row, cell) in cells.enumerated() {
      guard let time = TableTime(cell), time.hasOffset == bound.hasOffset else {
        throw .notComparable(
          file: file, line: line(ofRow: row), column: column, found: shown(row, column), value: value)
      }
      if time.seconds > bound.seconds { after.append(row) }
    }
    return after
  }
}
