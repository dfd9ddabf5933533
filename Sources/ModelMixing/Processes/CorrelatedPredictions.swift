/// What one model says at inputs of its own, with the covariance of its errors between them.
public struct CorrelatedPredictions: Sendable, Equatable {
  /// What reports call the model.
  public let name: String
  /// The inputs, column by column (d × n).
  public let inputs: [[Double]]
  /// The predictive means (length n).
  public let means: [Double]
  /// The covariance of the errors, by rows (n × n).
  public let covariance: [Double]

  /// The number of predictions n.
  public var count: Int { means.count }

  /// Predictions with correlated errors.
  /// - Parameter covariance: Symmetric and positive semidefinite, by rows (n × n).
  /// - Throws: `MixingError` where lengths differ, a number is not finite, or the covariance is not symmetric.
  public init(name: String, inputs: [[Double]], means: [Double], covariance: [Double]) throws(MixingError) {
    guard !inputs.isEmpty else { throw .noInputs }
    guard !means.isEmpty else { throw .noRows }
    for (index, column) in inputs.enumerated() {
      try MixingError.check(column, "Input column \(index + 1) of \(name)", count: means.count)
    }
    try MixingError.check(means, "The mean of \(name)", count: means.count)
    try MixingError.check(covariance, "The covariance of \(name)", count: means.count * means.count)
    for row in means.indices {
      let variance = covariance[row * (means.count + 1)]
      guard variance >= 0 else { throw .negative(what: "The variance of \(name)", row: row) }
      for column in 0..<row {
        let (lower, upper) = (covariance[row * means.count + column], covariance[column * means.count + row])
        let size = (variance * covariance[column * (means.count + 1)]).squareRoot()
        guard abs(lower - upper) <= 1e-10 * size else {
          throw .covariance(model: name, row: row, reason: "it is not symmetric")
        }
      }
    }
    self.name = name
    self.inputs = inputs
    self.means = means
    self.covariance = covariance
  }

  /// Predictions with independent errors.
  /// - Throws: `MixingError` where lengths differ, a number is not finite, or a standard deviation is negative.
  public init(
    name: String, inputs: [[Double]], means: [Double], standardDeviations: [Double]
  ) throws(MixingError) {
    try MixingError.check(standardDeviations, "The standard deviation of \(name)", count: means.count)
    if let row = standardDeviations.firstIndex(where: { $0 < 0 }) {
      throw .negative(what: "The standard deviation of \(name)", row: row)
    }
    var covariance = [Double](repeating: 0, count: means.count * means.count)
    for (row, deviation) in standardDeviations.enumerated() {
      covariance[row * (means.count + 1)] = deviation * deviation
    }
    try self.init(name: name, inputs: inputs, means: means, covariance: covariance)
  }
}

extension ModelPredictions {
  /// What one model says at some of the inputs: those where it is trusted, say.
  /// - Parameters:
  ///   - model: The model, counted from 0.
  ///   - inputs: The inputs of all predictions, column by column (d × n).
  ///   - rows: The rows to take, counted from 0; nil for all.
  /// - Throws: `MixingError` where there is no such model or row, or the inputs do not go with the predictions.
  public func correlated(
    _ model: Int, inputs: [[Double]], rows: [Int]? = nil
  ) throws(MixingError) -> CorrelatedPredictions {
    guard names.indices.contains(model) else {
      throw .invalid("There is no model \(model + 1) among \(names.count).")
    }
    for (index, column) in inputs.enumerated() {
      try MixingError.check(column.count, "Input column \(index + 1)", expected: count)
    }
    let rows = rows ?? Array(0..<count)
    if let row = rows.first(where: { $0 < 0 || $0 >= count }) {
      throw .invalid("There is no row \(row + 1) among the \(count) predictions of \(names[model]).")
    }
    let chosen = inputs.map { column in rows.map { column[$0] } }
    let values = rows.map { means[model][$0] }
    guard let covariances else {
      return try CorrelatedPredictions(
        name: names[model], inputs: chosen, means: values,
        standardDeviations: rows.map { standardDeviations[model][$0] })
    }
    let matrix = covariances[model]
    return try CorrelatedPredictions(
      name: names[model], inputs: chosen, means: values,
      covariance: rows.flatMap { row in rows.map { matrix[row * count + $0] } })
  }
}
