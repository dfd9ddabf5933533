import Evaluation
import GaussianProcesses

extension ModelScores {
  /// Fits a Gaussian process to standardised rows by maximal marginal likelihood, and scores it on the experts' scale. Its
  /// leave-one-out densities are exact at the hyperparameters that all rows gave.
  /// - Throws: `GaussianProcessError`.
  public static func process(
    name: String = "GPR", kernel text: String, rows: BaselineRows, settings: GaussianProcessFitSettings
  ) async throws(GaussianProcessError) -> ModelScores {
    let kernel = try CovarianceFunction(parsing: text, features: rows.names)
    let data = try GaussianProcessData(inputs: rows.training, response: rows.response, features: rows.names)
    let fit = try await GaussianProcess.fit(kernel, data, settings: settings)
    let left = try fit.process.leaveOneOut().logDensities(of: rows.response)
    var predictions: RowPredictions?
    if !rows.observed.isEmpty {
      let predicted = try fit.process.predict(rows.test)
      predictions = RowPredictions.gaussian(
        observed: rows.observed, means: predicted.mean.map { rows.scaling.undo($0) },
        standardDeviations: predicted.deviation.map { $0 * rows.scaling.scale })
    }
    var warnings: [String] = []
    if fit.process.jitter > 0 {
      warnings.append(
        "The covariance matrix was singular: a variance of \(fit.process.jitter) was added to its diagonal (standardised"
          + " response).")
    }
    if !fit.atBounds.isEmpty {
      warnings.append("These hyperparameters ended at a bound: \(fit.atBounds.joined(separator: ", ")).")
    }
    if !fit.climbs.isEmpty, !fit.climbs[fit.best].hasConverged {
      warnings.append("The search for hyperparameters did not converge.")
    }
    return ModelScores(
      name: name, detail: text, parameters: kernel.parameters.count { !$0.isFixed },
      leaveOneOut: LeaveOneOut(exact: rows.unscaled(logDensities: left)),
      test: predictions.map { PredictiveScores($0) }, probabilities: predictions?.probability ?? [],
      largestRHat: nil, isSampled: false, warnings: warnings,
      gradientEvaluations: fit.climbs.reduce(0) { $0 + $1.evaluations })
  }
}
