/// A column as categories: its cells as written, and the numbers among them.
public struct CategoryColumn: Sendable, Equatable {
  /// One text a row, without blanks around it; never empty.
  public let text: [String]
  /// The number that a row's text is, or nil; as many as rows.
  public let numbers: [Double?]

  /// A column of cells; `numbers` has as many entries as `text`.
  public init(text: [String], numbers: [Double?]) {
    precondition(text.count == numbers.count, "every cell is text and perhaps a number")
    self.text = text
    self.numbers = numbers
  }

  /// A column of finite numbers.
  public init(_ numbers: [Double]) {
    self.init(text: numbers.map(FeatureExpression.text(of:)), numbers: numbers)
  }

  /// The number of rows.
  public var rows: Int { text.count }

  /// The rows at `indices`, in that order.
  public func selecting(_ indices: [Int]) -> CategoryColumn {
    CategoryColumn(text: indices.map { text[$0] }, numbers: indices.map { numbers[$0] })
  }
}
