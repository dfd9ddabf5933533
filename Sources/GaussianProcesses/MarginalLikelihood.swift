#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// ln p(y | X, φ) of a Gaussian process as a log density in the logarithms of its free hyperparameters φ (locations as they
/// are): what a fit climbs, and, with a prior added, what a sampler draws from.
///
/// Rasmussen and Williams (2006), equations 2.30 and 5.9. One evaluation takes one n × n matrix of memory.
public struct MarginalLikelihood: LogDensity {
  /// The training data.
  public let data: GaussianProcessData
  /// The covariance function; the values of its free hyperparameters are those of the position.
  public let kernel: CovarianceFunction
  /// A variance added to the diagonal of the covariance matrix at every position, so that the density stays smooth.
  public let jitter: Double
  /// The number of free hyperparameters.
  public let dimension: Int

  let program: CovarianceProgram
  private let isFree: [Bool]

  /// The log marginal likelihood of those data.
  /// - Throws: `GaussianProcessError` where the covariance function does not fit the inputs.
  public init(
    _ kernel: CovarianceFunction, _ data: GaussianProcessData, jitter: Double = 0
  ) throws(GaussianProcessError) {
    self.data = data
    self.kernel = kernel
    self.jitter = jitter
    program = try CovarianceProgram(kernel, columns: data.inputs.count, names: data.features)
    isFree = kernel.parameters.map { !$0.isFixed }
    dimension = isFree.count { $0 }
  }

  /// ln p(y | X, φ) at the logarithms of the free hyperparameters; −∞ where the covariance matrix is not positive definite in
  /// double precision.
  /// - Throws: where `position` has the wrong length.
  public func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    guard position.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: position.count)
    }
    let logValues = (0..<dimension).map { position[$0] }
    let values = kernel.settingFree(logValues: logValues).parameters.map(\.value)
    let evaluator = CovarianceEvaluator(program, values: values, columns: data.inputs, rows: data.rows)
    var matrix = CovarianceMatrix(evaluator, noise: data.noise, jitter: jitter)
    guard matrix.factorise() else { return -.infinity }
    let weights = matrix.solve(data.response)
    let value = Self.value(matrix, weights: weights, response: data.response)
    guard value.isFinite else { return -.infinity }
    matrix.invertFactor()
    let all = Self.gradient(evaluator, inverse: &matrix, weights: weights)
    var next = 0
    for index in all.indices where isFree[index] {
      gradient[next] = all[index]
      next += 1
    }
    return value
  }

  /// Equation 2.30 with α = K⁻¹ y.
  static func value(_ factor: CovarianceMatrix, weights: [Double], response: [Double]) -> Double {
    var (fit, logDeterminant) = (0.0, 0.0)
    for row in response.indices {
      fit += response[row] * weights[row]
      logDeterminant += log(factor.elements[row * (factor.rows + 1)])
    }
    return -0.5 * fit - logDeterminant - 0.5 * Double(response.count) * log(2 * .pi)
  }

  /// ½ Σ (α αᵀ − K⁻¹) ∘ ∂K (equation 5.9), in one pass over the lower triangle; K⁻¹ is overwritten.
  private static func gradient(
    _ evaluator: borrowing CovarianceEvaluator, inverse: inout CovarianceMatrix, weights: [Double]
  ) -> [Double] {
    let rows = evaluator.rows
    var result = [Double](repeating: 0, count: evaluator.values.count)
    inverse.elements.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for column in 0..<rows {
        let entries = base + column * rows
        let weight = weights[column]
        for row in column..<rows { entries[row] = weight * weights[row] - entries[row] }
        entries[column] *= 0.5
        evaluator.setPoint(row: column)
        for start in stride(from: column, to: rows, by: CovarianceEvaluator.width) {
          let length = min(CovarianceEvaluator.width, rows - start)
          let same = start == column ? 0 : nil
          _ = evaluator.covariances(from: start, count: length, same: same)
          evaluator.addGradient(weights: entries + start, from: start, count: length, same: same, to: &result)
        }
      }
    }
    return result
  }
}
