/// Named columns of one length: what features are computed from, whether a file, a simulation or a test holds them.
public protocol ColumnSource: Sendable {
  /// The names in the source's order.
  var columnNames: [String] { get }

  /// The column of that name, every value finite.
  /// - Throws: the source's own error where there is no such column or it does not hold finite numbers.
  func column(_ name: String) throws -> [Double]

  /// The column of that name as categories, for `factor(column)`; sources of numbers need not say more.
  /// - Throws: the source's own error where there is no such column or a value is missing.
  func categories(_ name: String) throws -> CategoryColumn

  /// Where a person finds row `index` (counted from 0), such as `line 18`.
  func place(ofRow index: Int) -> String
}

extension ColumnSource {
  /// Every number is its own category.
  public func categories(_ name: String) throws -> CategoryColumn { CategoryColumn(try column(name)) }

  /// Rows counted from 1.
  public func place(ofRow index: Int) -> String { "row \(index + 1)" }
}

/// Columns in memory.
public struct NumericColumns: ColumnSource, Equatable {
  /// The names in order, without repetition.
  public let columnNames: [String]
  /// One array a name, all of one length.
  public let values: [[Double]]

  /// Columns from names and values of one length each.
  public init(names: [String], values: [[Double]]) {
    precondition(names.count == values.count, "every column needs one name")
    precondition(Set(names).count == names.count, "column names must differ")
    precondition(values.allSatisfy { $0.count == values.first?.count }, "columns must have one length")
    columnNames = names
    self.values = values
  }

  /// The number of rows.
  public var rows: Int { values.first?.count ?? 0 }

  /// The column of that name.
  /// - Throws: `DesignError.unknownColumn`.
  public func column(_ name: String) throws -> [Double] {
    guard let index = columnNames.firstIndex(of: name) else {
      throw DesignError.unknownColumn(name: name, available: columnNames)
    }
    return values[index]
  }

  /// The rows at `indices`, in that order.
  public func selecting(_ indices: [Int]) -> NumericColumns {
    NumericColumns(names: columnNames, values: values.map { column in indices.map { column[$0] } })
  }
}
