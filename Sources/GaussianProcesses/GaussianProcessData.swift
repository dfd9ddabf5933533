/// What is known of the noise of the training responses, beside the white terms of a covariance function.
public enum ObservationNoise: Sendable, Codable, Equatable {
  /// None.
  case none
  /// The same variance in every row, new ones included.
  case variance(Double)
  /// A variance for each training row.
  case variances([Double])
  /// A covariance matrix between the training rows, n × n entries: correlated errors of a model, say. Positive semidefinite,
  /// with room for rounding.
  case covariance([Double])
}

/// Checked training data of a Gaussian process with mean 0: whoever wants another mean subtracts it first.
public struct GaussianProcessData: Sendable, Codable, Equatable {
  /// The inputs by columns, each with one value a row; standardised by the caller if they are to be.
  public let inputs: [[Double]]
  /// The responses, one a row.
  public let response: [Double]
  /// The noise of the responses.
  public let noise: ObservationNoise
  /// Names of the columns, for the names of hyperparameters; may be empty.
  public let features: [String]
  /// The number n of rows.
  public var rows: Int { response.count }

  /// Training data.
  /// - Throws: `GaussianProcessError` where there is no row, something is ragged or not finite, or the noise is none.
  public init(
    inputs: [[Double]], response: [Double], noise: ObservationNoise = .none, features: [String] = []
  ) throws(GaussianProcessError) {
    guard !response.isEmpty else { throw .noRows }
    try Self.check(inputs, rows: response.count)
    try Self.check(response, "The response", rows: response.count)
    self.inputs = inputs
    self.response = response
    self.noise = noise
    self.features = features
    try checkNoise()
  }

  private func checkNoise() throws(GaussianProcessError) {
    switch noise {
    case .none: return
    case .variance(let variance):
      guard variance.isFinite, variance >= 0 else { throw .noise("The noise variance \(variance) is not 0 or more.") }
    case .variances(let variances):
      try Self.check(variances, "The noise variance", rows: rows)
      if let row = variances.firstIndex(where: { $0 < 0 }) {
        throw .noise("The noise variance of row \(row + 1) is negative.")
      }
    case .covariance(let matrix):
      try Self.check(matrix, "The noise covariance", rows: rows * rows)
      for row in 0..<rows {
        guard matrix[row * rows + row] >= 0 else { throw .noise("The noise variance of row \(row + 1) is negative.") }
        for column in 0..<row {
          let (a, b) = (matrix[row * rows + column], matrix[column * rows + row])
          guard abs(a - b) <= 1e-10 * max(abs(a), abs(b)) else {
            throw .noise("The noise covariance of rows \(column + 1) and \(row + 1) is not symmetric.")
          }
        }
      }
      guard CovarianceMatrix.isCovariance(matrix, rows: rows) else {
        throw .noise(
          "The noise covariance is not positive semidefinite: some combination of rows has a negative variance.")
      }
    }
  }

  /// The variance of the given noise in a training row.
  func noiseVariance(row: Int) -> Double {
    switch noise {
    case .none: 0
    case .variance(let variance): variance
    case .variances(let variances): variances[row]
    case .covariance(let matrix): matrix[row * rows + row]
    }
  }

  /// The first two rows with equal inputs; a search over sorted rows, for error messages.
  var duplicates: [Int]? {
    let order = (0..<rows).sorted { a, b in
      for column in inputs where column[a] != column[b] { return column[a] < column[b] }
      return a < b
    }
    for (a, b) in zip(order, order.dropFirst()) where inputs.allSatisfy({ $0[a] == $0[b] }) { return [a, b] }
    return nil
  }

  static func check(_ inputs: [[Double]], rows: Int) throws(GaussianProcessError) {
    for (index, column) in inputs.enumerated() { try check(column, "Input column \(index + 1)", rows: rows) }
  }

  static func check(_ values: [Double], _ what: String, rows: Int) throws(GaussianProcessError) {
    guard values.count == rows else { throw .ragged(what: what, expected: rows, found: values.count) }
    if let row = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: what, row: row) }
  }
}
