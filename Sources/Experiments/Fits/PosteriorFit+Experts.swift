import Evaluation
import Experts
import LogDensities

extension PosteriorFit where Model == ExpertModel {
  /// The scores of a fitted model of experts.
  /// - Throws: `ModelError` where the test rows do not fit; `EvaluationError` where draws cannot be evaluated.
  public func scores(name: String, detail: String = "", test: ExpertRows?) throws -> ModelScores {
    let loo = try leaveOneOut()
    let predicted = try test.map { try predictions(of: $0) }
    return ModelScores(
      name: name, detail: detail, experts: model.architecture.experts, parameters: model.dimension,
      leaveOneOut: LeaveOneOut(loo), test: nil, probabilities: predicted?.probability ?? [],
      largestRHat: largestRHat, isSampled: true,
      warnings: (tuning?.verdict.warnings ?? []) + checks.warnings
        + (loo.unreliableRows.isEmpty ? [] : ["PSIS-LOO: \(loo.sentence)"]),
      gradientEvaluations: gradientEvaluations)
  }

  /// What the draws predict of rows with the model's features.
  /// - Throws: `ModelError` where the rows do not fit.
  public func predictions(of rows: ExpertRows) throws -> RowPredictions {
    let predictive = try PosteriorPredictive(
      model.architecture, positions: draws.sample.positions, logWeights: draws.logWeights, rows: rows)
    let summaries = predictive.summaries(probabilities: [0.025, 0.975])
    return RowPredictions(
      observed: rows.response, logDensity: summaries.map(\.logDensity), mean: summaries.map(\.mean),
      lower: summaries.map { $0.quantiles[0] }, upper: summaries.map { $0.quantiles[1] },
      probability: summaries.map { _ in 0 }, squaredError: summaries.map { _ in 0 }, crps: summaries.map { _ in 0 })
  }
}
