/// A dense n × n matrix by rows.
struct SquareMatrix {
  let rows: Int
  private(set) var elements: [Double]

  init(rows: Int) {
    self.rows = rows
    elements = [Double](repeating: 0, count: rows * rows)
  }

  init(rows: Int, elements: [Double]) {
    self.rows = rows
    self.elements = elements
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[row * rows + column] }
    set { elements[row * rows + column] = newValue }
  }

  /// A row that is 0 off the diagonal.
  mutating func setRow(_ row: Int, diagonal: Double) {
    for column in 0..<rows { self[row, column] = column == row ? diagonal : 0 }
  }

  static func * (left: SquareMatrix, right: SquareMatrix) -> SquareMatrix {
    let n = left.rows
    var product = SquareMatrix(rows: n)
    for row in 0..<n {
      var sums = [Double](repeating: 0, count: n)
      for inner in 0..<n {
        let factor = left.elements[row * n + inner]
        if factor == 0 { continue }
        for column in 0..<n { sums[column] += factor * right.elements[inner * n + column] }
      }
      product.elements.replaceSubrange(row * n..<(row + 1) * n, with: sums)
    }
    return product
  }

  func times(_ vector: [Double]) -> [Double] {
    (0..<rows).map { row in
      (0..<rows).reduce(0) { $0 + elements[row * rows + $1] * vector[$1] }
    }
  }

  /// A B Aᵀ for a symmetric matrix B, exactly symmetric.
  func sandwiching(_ middle: [Double]) -> [Double] {
    let n = rows
    let product = self * SquareMatrix(rows: n, elements: middle) * transposed
    var result = product.elements
    for row in 0..<n {
      for column in 0..<row {
        let mean = 0.5 * (product[row, column] + product[column, row])
        result[row * n + column] = mean
        result[column * n + row] = mean
      }
    }
    return result
  }

  private var transposed: SquareMatrix {
    var result = SquareMatrix(rows: rows)
    for row in 0..<rows { for column in 0..<rows { result[column, row] = self[row, column] } }
    return result
  }
}
