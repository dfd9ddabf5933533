import EmpiricalBayes
import Evaluation
import Experts
import LogDensities

extension PosteriorFit where Model == ExpertModel {
  /// The scores of a fitted model of experts.
  /// - Throws: `ModelError` where the test rows do not fit; `EvaluationError` where draws cannot be evaluated.
  public func scores(name: String, detail: String = "", test: ExpertRows?) throws -> ModelScores {
    let predicted = try test.map { try predictions(of: $0) }
    return try scores(
      name: name, detail: detail, experts: model.architecture.experts, leaveOneOut: leaveOneOut(),
      predictions: predicted)
  }

  /// What the draws predict of rows with the model's features.
  /// - Throws: `ModelError` where the rows do not fit.
  public func predictions(of rows: ExpertRows) throws -> RowPredictions {
    let predictive = try PosteriorPredictive(
      model.architecture, positions: draws.sample.positions, logWeights: draws.logWeights, rows: rows)
    let summaries = predictive.rowSummaries()
    return RowPredictions(
      observed: summaries.observed, logDensity: summaries.logDensity, mean: summaries.mean, lower: summaries.lower,
      upper: summaries.upper, probability: summaries.probability, squaredError: summaries.squaredError,
      crps: summaries.crps)
  }
}

extension PosteriorFit {
  /// The row of a table, with what a reader should know before believing it.
  func scores(
    name: String, detail: String, experts: Int?, leaveOneOut loo: PSISLOO, predictions: RowPredictions?
  ) -> ModelScores {
    ModelScores(
      name: name, detail: detail, experts: experts, parameters: model.dimension, leaveOneOut: LeaveOneOut(loo),
      test: predictions.map { PredictiveScores($0) }, probabilities: predictions?.probability ?? [],
      largestRHat: largestRHat, isSampled: true,
      warnings: (tuning?.verdict.warnings ?? []) + (tuningMissedTheMass ? [FinalPosterior<Int>.missedMass] : [])
        + checks.warnings
        + (loo.unreliableRows.isEmpty ? [] : ["PSIS-LOO: \(loo.sentence)"]),
      gradientEvaluations: gradientEvaluations)
  }
}
