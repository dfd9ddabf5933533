import LogDensities

/// Rows of a linear regression with noise of standard deviation 1, and simulations of such.
struct RegressionRows: Sendable {
  /// Columns of the design, each of length n.
  let columns: [[Double]]
  /// y.
  let targets: [Double]

  /// Xᵀ v.
  func projected(_ v: [Double]) -> [Double] { columns.map { dot($0, v) } }

  /// X v.
  func combined(_ v: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: targets.count)
    for (column, factor) in zip(columns, v) { for row in result.indices { result[row] += factor * column[row] } }
    return result
  }

  /// XᵀX, by rows.
  var gram: [Double] { columns.flatMap(projected) }

  /// Writes ln N(y_n; x_nᵀθ, 1) of every row.
  func pointwise(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    let means = combined((0..<columns.count).map { position[$0] })
    for row in targets.indices { values[row] = logNormal(targets[row] - means[row], 1) }
  }

  /// The rows of a design and coefficients, with noise.
  init(columns: [[Double]], coefficients: [Double], noise stream: inout RandomStream) {
    let silent = RegressionRows(columns: columns, targets: columns[0].map { _ in 0 })
    self.columns = columns
    targets = silent.combined(coefficients).map { $0 + stream.normal() }
  }

  /// Rows as given.
  init(columns: [[Double]], targets: [Double]) {
    precondition(!columns.isEmpty && columns.allSatisfy { $0.count == targets.count }, "columns have a value a row")
    self.columns = columns
    self.targets = targets
  }

  /// Columns of independent standard normals.
  static func normalColumns(_ count: Int, rows: Int, _ stream: inout RandomStream) -> [[Double]] {
    (0..<count).map { _ in (0..<rows).map { _ in stream.normal() } }
  }

  /// Orthogonal columns of one length, by two passes of modified Gram–Schmidt.
  static func orthogonalised(_ columns: [[Double]], length: Double) -> [[Double]] {
    var result: [[Double]] = []
    for column in columns {
      var rest = column
      for _ in 0..<2 {
        for other in result {
          let share = dot(rest, other) / (length * length)
          for row in rest.indices { rest[row] -= share * other[row] }
        }
      }
      let factor = length / dot(rest, rest).squareRoot()
      result.append(rest.map { $0 * factor })
    }
    return result
  }
}

/// Σ a_i b_i.
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
