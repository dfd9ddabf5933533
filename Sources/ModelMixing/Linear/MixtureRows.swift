/// Rows at which models are mixed, made ready: features of the weights, and predictions of models without free parameters.
struct MixtureRows: Sendable {
  let count: Int
  /// The inputs, row by row.
  let inputs: [[Double]]
  /// Features of the weights, row by row (count × featureCount).
  let features: [Double]
  let featureCount: Int
  /// f_k and σ_k over the rows of models that are known (K); nil for those to be calibrated.
  let known: [(means: [Double], deviations: [Double])?]
}

/// One of the models of a mixture.
struct MixedModel: Sendable {
  let name: String
  /// nil for one that is known by its predictions alone.
  let model: (any PredictiveModel)?
  /// The places of its parameters among those of the mixture.
  let places: [Int]
}
