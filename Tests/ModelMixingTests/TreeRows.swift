import LogDensities

@testable import ModelMixing

/// Rows of models without names and errors, as the tests of trees make them up.
struct MixingRows: Equatable {
  let inputs: [[Double]]
  let predictions: [[Double]]
  var count: Int { inputs.first?.count ?? 0 }

  /// Models called 1, 2, …
  var said: ModelPredictions {
    get throws(MixingError) {
      try ModelPredictions(
        names: predictions.indices.map { "\($0 + 1)" }, means: predictions,
        standardDeviations: predictions.map { $0.map { _ in 1 } })
    }
  }
}

/// What trees learn from.
struct TreeMixingData: Equatable {
  let rows: MixingRows
  let response: [Double]
  var noiseScales: [Double]?
}

extension TreeMixing {
  init(
    _ data: TreeMixingData, prior: TreeMixingPrior, grid: CutGrid? = nil, moves: TreeMoveSettings = TreeMoveSettings()
  ) throws(MixingError) {
    let rows = try MixingData(
      inputNames: data.rows.inputs.indices.map { "x\($0 + 1)" }, inputs: data.rows.inputs, response: data.response,
      responseErrors: data.noiseScales)
    try self.init(rows, predictions: data.rows.said, prior: prior, grid: grid, moves: moves)
  }
}

extension TreeMixingSample {
  func predict(
    at rows: MixingRows, probabilities: [Double] = [0.025, 0.5, 0.975], includingNoise: Bool = false,
    weights constraint: WeightConstraint = .none, seed: UInt64 = 1, threads: Int = 2
  ) async throws(MixingError) -> TreePredictions {
    try await predict(
      at: rows.inputs, predictions: rows.said, probabilities: probabilities, includingNoise: includingNoise,
      weights: constraint, seed: seed, threads: threads)
  }

  func draws(
    at rows: MixingRows, weights constraint: WeightConstraint = .none, threads: Int = 2
  ) async throws(MixingError) -> TreePredictionDraws {
    try await draws(at: rows.inputs, predictions: rows.said, weights: constraint, threads: threads)
  }
}
