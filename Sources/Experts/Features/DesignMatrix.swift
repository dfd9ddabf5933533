/// Features of some rows, column by column: what a model is built from.
public struct DesignMatrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// One name a column.
  public let names: [String]
  /// The entries, column-major (length rows × columns).
  public let values: [Double]

  /// A matrix from its columns, all of length `rows`.
  public init(rows: Int, names: [String], columns: [[Double]]) {
    precondition(names.count == columns.count, "every feature needs one name")
    precondition(columns.allSatisfy { $0.count == rows }, "features must have one value a row")
    self.rows = rows
    self.names = names
    var values: [Double] = []
    values.reserveCapacity(rows * columns.count)
    for column in columns { values += column }
    self.values = values
  }

  /// The number of features.
  public var columns: Int { names.count }

  /// Feature `index` over all rows.
  public func column(_ index: Int) -> ArraySlice<Double> { values[index * rows..<(index + 1) * rows] }
}
