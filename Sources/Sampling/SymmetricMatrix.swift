import COpenBLAS

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A small dense symmetric matrix, by columns, for what metrics and Newton steps need of LAPACK.
package struct SymmetricMatrix: Sendable {
  package let dimension: Int
  package var elements: [Double]

  /// `factor` X Xᵀ of a d × n matrix X by columns, plus `ridge` I.
  init(outerProductOf columns: [Double], dimension: Int, factor: Double, ridge: Double) {
    self.dimension = dimension
    elements = Self.product(
      columns, columns, transposed: true, rows: dimension, inner: columns.count / max(1, dimension), factor: factor)
    for index in 0..<dimension { elements[index * (dimension + 1)] += ridge }
  }

  /// A matrix from its entries, row by row or column by column.
  package init(dimension: Int, elements: [Double]) {
    self.dimension = dimension
    self.elements = elements
  }

  /// Eigenvalues in ascending order and eigenvectors by columns; nil where LAPACK finds none (entries not finite).
  package func eigen() -> (values: [Double], vectors: [Double])? {
    guard elements.allSatisfy(\.isFinite) else { return nil }
    var (n, info) = (Int32(dimension), Int32(0))
    var vectors = elements
    var values = [Double](repeating: 0, count: dimension)
    var workLength = Int32(1 + 6 * dimension + 2 * dimension * dimension)
    var integerLength = Int32(3 + 5 * dimension)
    var work = [Double](repeating: 0, count: Int(workLength))
    var integers = [Int32](repeating: 0, count: Int(integerLength))
    dsyevd_("V", "L", &n, &vectors, &n, &values, &work, &workLength, &integers, &integerLength, &info, 1, 1)
    return info == 0 ? (values, vectors) : nil
  }

  /// The matrix to a real power; eigenvalues are kept positive.
  func power(_ exponent: Double) -> SymmetricMatrix? {
    guard let (values, vectors) = eigen() else { return nil }
    let floor = max(values.last ?? 1, 1e-300) * 1e-15
    var scaled = vectors
    for column in 0..<dimension {
      let factor = pow(max(values[column], floor), exponent)
      for row in 0..<dimension { scaled[column * dimension + row] *= factor }
    }
    let elements = Self.product(scaled, vectors, transposed: true, rows: dimension, inner: dimension, factor: 1)
    return SymmetricMatrix(dimension: dimension, elements: elements)
  }

  /// B A Bᵀ for a d × d matrix B by columns.
  func sandwiched(by outer: [Double]) -> SymmetricMatrix {
    let half = Self.product(outer, elements, transposed: false, rows: dimension, inner: dimension, factor: 1)
    var result = Self.product(half, outer, transposed: true, rows: dimension, inner: dimension, factor: 1)
    for column in 0..<dimension {
      for row in 0..<column {
        let mean = 0.5 * (result[column * dimension + row] + result[row * dimension + column])
        result[column * dimension + row] = mean
        result[row * dimension + column] = mean
      }
    }
    return SymmetricMatrix(dimension: dimension, elements: result)
  }

  /// The lower Cholesky factor by columns, zeros above; nil where the matrix is not positive definite.
  package func cholesky() -> [Double]? {
    guard elements.allSatisfy(\.isFinite) else { return nil }
    var (n, info) = (Int32(dimension), Int32(0))
    var factor = elements
    dpotrf_("L", &n, &factor, &n, &info, 1)
    guard info == 0 else { return nil }
    for column in 0..<dimension { for row in 0..<column { factor[column * dimension + row] = 0 } }
    return factor
  }

  /// A⁻¹ b; nil where A is not positive definite.
  package func solution(of right: [Double]) -> [Double]? {
    guard var factor = cholesky() else { return nil }
    var (n, one, info) = (Int32(dimension), Int32(1), Int32(0))
    var result = right
    dpotrs_("L", &n, &one, &factor, &n, &result, &n, &info, 1)
    return info == 0 && result.allSatisfy(\.isFinite) ? result : nil
  }

  /// A⁻¹; nil where A is not positive definite.
  package func inverse() -> SymmetricMatrix? {
    guard var factor = cholesky() else { return nil }
    var (n, m, info) = (Int32(dimension), Int32(dimension), Int32(0))
    var result = [Double](repeating: 0, count: dimension * dimension)
    for index in 0..<dimension { result[index * (dimension + 1)] = 1 }
    dpotrs_("L", &n, &m, &factor, &n, &result, &n, &info, 1)
    return info == 0 && result.allSatisfy(\.isFinite) ? SymmetricMatrix(dimension: dimension, elements: result) : nil
  }

  /// The matrix mean A # B⁻¹, the one positive definite G with G B G = A: at it a Gaussian's draws (covariance A) and
  /// gradients (covariance B) agree.
  static func geometricMean(_ a: SymmetricMatrix, inverseOf b: SymmetricMatrix) -> SymmetricMatrix? {
    guard let root = a.power(0.5) else { return nil }
    return b.sandwiched(by: root.elements).power(-0.5)?.sandwiched(by: root.elements)
  }

  /// factor X Y (or X Yᵀ) with `rows` rows and columns in the result.
  private static func product(
    _ x: [Double], _ y: [Double], transposed: Bool, rows: Int, inner: Int, factor: Double
  ) -> [Double] {
    var result = [Double](repeating: 0, count: rows * rows)
    guard rows > 0, inner > 0 else { return result }
    var (n, k, alpha, beta) = (Int32(rows), Int32(inner), factor, 0.0)
    var second = Int32(transposed ? rows : inner)
    dgemm_("N", transposed ? "T" : "N", &n, &n, &k, &alpha, x, &n, y, &second, &beta, &result, &n, 1, 1)
    return result
  }
}
