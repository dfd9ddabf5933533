/// What K models without free parameters say at some inputs.
public struct ModelPredictions: Sendable, Codable, Equatable {
  /// The names of the models (length K).
  public let names: [String]
  /// f_k(x_n): the means, model by model (K × n).
  public let means: [[Double]]
  /// The standard deviations, model by model (K × n).
  public let standardDeviations: [[Double]]
  /// The covariance of each model's errors between inputs, by rows (K × n²); nil where errors are independent.
  public let covariances: [[Double]]?

  /// The number of models K.
  public var models: Int { names.count }
  /// The number of inputs n.
  public var count: Int { means.first?.count ?? 0 }

  /// Predictions.
  /// - Throws: `MixingError` where lengths differ, a number is not finite, a standard deviation is negative, or a covariance
  ///   is not symmetric with the squares of the standard deviations on its diagonal.
  public init(
    names: [String], means: [[Double]], standardDeviations: [[Double]], covariances: [[Double]]? = nil
  ) throws(MixingError) {
    guard !names.isEmpty else { throw .noModels }
    guard Set(names).count == names.count else {
      throw .repeatedName(names.first { name in names.count { $0 == name } > 1 } ?? "")
    }
    guard let count = means.first?.count, count > 0 else { throw .noRows }
    try MixingError.check(means.count, "The list of means", expected: names.count)
    try MixingError.check(standardDeviations.count, "The list of standard deviations", expected: names.count)
    for (index, name) in names.enumerated() {
      try MixingError.check(means[index], "The mean of \(name)", count: count)
      try MixingError.check(standardDeviations[index], "The standard deviation of \(name)", count: count)
      if let row = standardDeviations[index].firstIndex(where: { $0 < 0 }) {
        throw .negative(what: "The standard deviation of \(name)", row: row)
      }
    }
    if let covariances {
      try MixingError.check(covariances.count, "The list of covariances", expected: names.count)
      for (index, matrix) in covariances.enumerated() {
        try Self.check(matrix, names[index], standardDeviations[index])
      }
    }
    self.names = names
    self.means = means
    self.standardDeviations = standardDeviations
    self.covariances = covariances
  }

  /// Predictions that were written, checked like any others.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      names: container.decode([String].self, forKey: .names), means: container.decode([[Double]].self, forKey: .means),
      standardDeviations: container.decode([[Double]].self, forKey: .standardDeviations),
      covariances: container.decodeIfPresent([[Double]].self, forKey: .covariances))
  }

  private static func check(_ matrix: [Double], _ name: String, _ deviations: [Double]) throws(MixingError) {
    let n = deviations.count
    try MixingError.check(matrix, "The covariance of \(name)", count: n * n)
    for row in 0..<n {
      let variance = deviations[row] * deviations[row]
      guard abs(matrix[row * n + row] - variance) <= 1e-6 * max(variance, 1e-300) else {
        throw .covariance(model: name, row: row, reason: "its diagonal is not the square of the standard deviation")
      }
      for column in 0..<row {
        let (lower, upper) = (matrix[row * n + column], matrix[column * n + row])
        guard abs(lower - upper) <= 1e-9 * (matrix[row * n + row] * matrix[column * n + column]).squareRoot() else {
          throw .covariance(model: name, row: row, reason: "it is not symmetric")
        }
      }
    }
  }
}
