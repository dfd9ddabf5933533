import COpenBLAS
import Sampling

/// A symmetric n × n matrix by columns of which only the lower triangle is used; LAPACK works on it in place.
struct CovarianceMatrix: Sendable {
  let rows: Int
  var elements: [Double]

  /// The covariances of the training rows, noise included, with `jitter` added to the diagonal.
  init(_ evaluator: borrowing CovarianceEvaluator, noise: ObservationNoise, jitter: Double) {
    SingleThreadedBLAS.ensure()
    let rows = evaluator.rows
    self.rows = rows
    elements = [Double](unsafeUninitializedCapacity: rows * rows) { buffer, count in
      count = rows * rows
      guard let base = buffer.baseAddress else { return }
      for column in 0..<rows {
        let target = base + column * rows
        target.initialize(repeating: 0, count: column)
        evaluator.setPoint(row: column)
        for start in stride(from: column, to: rows, by: CovarianceEvaluator.width) {
          let length = min(CovarianceEvaluator.width, rows - start)
          let block = evaluator.covariances(from: start, count: length, same: start == column ? 0 : nil)
          (target + start).initialize(from: block, count: length)
        }
        Self.add(noise, to: target, column: column, rows: rows)
        target[column] += jitter
      }
    }
  }

  private static func add(_ noise: ObservationNoise, to target: UnsafeMutablePointer<Double>, column: Int, rows: Int) {
    switch noise {
    case .none: return
    case .variance(let variance): target[column] += variance
    case .variances(let variances): target[column] += variances[column]
    case .covariance(let matrix): for row in column..<rows { target[row] += matrix[column * rows + row] }
    }
  }

  /// Whether a symmetric matrix of `rows`² entries is positive semidefinite: whether its correlations with 1e-8 on the diagonal
  /// have a Cholesky factor, since rounding may leave those of smooth errors slightly negative eigenvalues.
  static func isCovariance(_ matrix: [Double], rows: Int) -> Bool {
    SingleThreadedBLAS.ensure()
    let scales = (0..<rows).map { matrix[$0 * (rows + 1)] > 0 ? 1 / matrix[$0 * (rows + 1)].squareRoot() : 0 }
    var correlations = [Double](repeating: 0, count: rows * rows)
    for row in 0..<rows {
      for column in 0..<row {
        let entry = matrix[row * rows + column]
        guard entry == 0 || scales[row] > 0 && scales[column] > 0 else { return false }
        correlations[column * rows + row] = entry * scales[row] * scales[column]
      }
      correlations[row * (rows + 1)] = 1 + 1e-8
    }
    var (n, info) = (Int32(rows), Int32(0))
    dpotrf_("L", &n, &correlations, &n, &info, 1)
    return info == 0
  }

  var diagonal: [Double] { (0..<rows).map { elements[$0 * (rows + 1)] } }

  /// K ← L with L Lᵀ = K; false where K is not positive definite in double precision.
  mutating func factorise() -> Bool {
    var (n, info) = (Int32(rows), Int32(0))
    dpotrf_("L", &n, &elements, &n, &info, 1)
    return info == 0 && (0..<rows).allSatisfy { elements[$0 * (rows + 1)] > 0 && elements[$0 * (rows + 1)].isFinite }
  }

  /// L ← the lower triangle of K⁻¹ = (L Lᵀ)⁻¹.
  mutating func invertFactor() {
    var (n, info) = (Int32(rows), Int32(0))
    dpotri_("L", &n, &elements, &n, &info, 1)
  }

  /// K⁻¹ b of the factor.
  func solve(_ right: [Double]) -> [Double] {
    var (n, one, info) = (Int32(rows), Int32(1), Int32(0))
    var result = right
    dpotrs_("L", &n, &one, elements, &n, &result, &n, &info, 1)
    return result
  }

  /// B ← L⁻¹ B of the factor, for `count` right sides by columns.
  func solveLower(_ right: inout [Double], count: Int) {
    var (n, columns, info) = (Int32(rows), Int32(count), Int32(0))
    dtrtrs_("L", "N", "N", &n, &columns, elements, &n, &right, &n, &info, 1, 1, 1)
  }
}
