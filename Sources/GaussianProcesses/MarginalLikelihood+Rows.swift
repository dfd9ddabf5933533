#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension MarginalLikelihood {
  /// ln p(y | X, φ) alone, at a third of the price; −∞ where the covariance matrix is not positive definite.
  /// - Parameter position: As for `evaluate`.
  public func value(at position: [Double]) -> Double {
    guard let factor = factor(at: position) else { return -.infinity }
    let value = Self.value(factor, weights: factor.solve(data.response), response: data.response)
    return value.isFinite ? value : -.infinity
  }

  /// ln p(y_n | y without y_n, X, φ) of every row, exactly; −∞ where the covariance matrix is not positive definite.
  ///
  /// Rows of a Gaussian process are not independent given φ. These are what leave-one-out methods weigh draws of φ by, as
  /// p(φ | y without y_n) ∝ p(φ | y) / p(y_n | y without y_n, φ) (Bürkner, Gabry and Vehtari 2021, section 2); they do not
  /// sum to ln p(y | X, φ). Rasmussen and Williams (2006), equations 5.10–5.12.
  /// - Parameter position: As for `evaluate`.
  public func leaveOneOutLogDensities(at position: [Double]) -> [Double] {
    guard var factor = factor(at: position) else { return [Double](repeating: -.infinity, count: data.rows) }
    let weights = factor.solve(data.response)
    factor.invertFactor()
    return factor.diagonal.indices.map { row in
      let precision = factor.elements[row * (data.rows + 1)]
      let value = 0.5 * (log(precision) - log(2 * .pi) - weights[row] * weights[row] / precision)
      return value.isFinite ? value : -.infinity
    }
  }

  private func factor(at position: [Double]) -> CovarianceMatrix? {
    precondition(position.count == dimension, "one entry a free hyperparameter")
    let values = kernel.settingFree(logValues: position).parameters.map(\.value)
    let evaluator = CovarianceEvaluator(program, values: values, columns: data.inputs, rows: data.rows)
    var matrix = CovarianceMatrix(evaluator, noise: data.noise, jitter: jitter)
    return matrix.factorise() ? matrix : nil
  }
}
