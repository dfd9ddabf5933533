/// K Gaussian predictions of one quantity combined by their precisions: with variances v_k, the weights v_k⁻¹ / Σ v⁻¹, the mean
/// Σ w_k f_k and the variance 1 / Σ v⁻¹ (Phillips et al. 2021, J. Phys. G 48, 072001). This is the product of the K densities,
/// so it takes the models' errors for independent of one another.
///
/// Where the models' errors have covariances C_k between inputs, the covariance is (Σ C_k⁻¹)⁻¹ and the mean that covariance
/// times Σ C_k⁻¹ f_k.
public struct PrecisionMixture: Sendable, Codable, Equatable {
  /// The names of the models (length K).
  public let names: [String]
  /// The weights, model by model (K × n); they add up to 1 at every input.
  ///
  /// With covariances, what the mixed mean moves by where one model's mean moves by 1 at all inputs; this may be below 0 or
  /// above 1.
  public let weights: [[Double]]
  /// The mixed means (length n).
  public let means: [Double]
  /// The mixed standard deviations (length n).
  public let standardDeviations: [Double]
  /// The mixed covariance between inputs, by rows (n²); nil where the models' errors are independent.
  public let covariance: [Double]?

  /// The number of inputs n.
  public var count: Int { means.count }

  /// The mixture of what K ≥ 1 models say.
  ///
  /// A model with variance 0 takes all the weight; several share it equally.
  /// - Throws: `MixingError` where two models that are both sure disagree, or a covariance is not positive.
  public init(_ predictions: ModelPredictions) throws(MixingError) {
    names = predictions.names
    if let covariances = predictions.covariances {
      let combined = try CorrelatedPrecision(predictions, covariances)
      weights = combined.weights
      means = combined.means
      covariance = combined.covariance
      let count = combined.means.count
      standardDeviations = (0..<count).map { max(0, combined.covariance[$0 * (count + 1)]).squareRoot() }
      return
    }
    var weights = predictions.names.map { _ in [Double]() }
    var mixed: [Prediction] = []
    for row in 0..<predictions.count {
      let combined = try IndependentPrecision(predictions, row: row)
      for model in weights.indices { weights[model].append(combined.weights[model]) }
      mixed.append(combined.mixed)
    }
    self.weights = weights
    means = mixed.map(\.mean)
    standardDeviations = mixed.map(\.standardDeviation)
    covariance = nil
  }
}

/// Two means of sure models count as one where they differ by rounding.
func agree(_ first: Double, _ second: Double) -> Bool {
  abs(first - second) <= 1e-12 * max(abs(first), abs(second))
}

extension MixingError {
  static func sureModelsDisagree(_ first: String, _ second: String, row: Int) -> MixingError {
    .invalid("\(first) and \(second) are both sure (standard deviation 0) and disagree in row \(row + 1).")
  }
}
