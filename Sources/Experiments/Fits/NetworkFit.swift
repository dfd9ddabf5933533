import Evaluation
import Experts
import NeuralNetworks

extension PosteriorFit where Model == NeuralNetworkModel {
  /// The scores of a network that was fitted to standardised rows, on the experts' scale.
  /// - Throws: `ModelError` where the test rows do not fit; `EvaluationError` where draws cannot be evaluated.
  public func scores(name: String = "BNN", detail: String = "", rows: BaselineRows) throws -> ModelScores {
    let predicted = rows.observed.isEmpty ? nil : try predictions(of: rows)
    let sample = draws.sample
    let standardised = PointwiseLogLikelihood(
      of: model, at: sample.positions, chains: sample.chains, drawsPerChain: sample.drawsPerChain)
    let likelihood = PointwiseLogLikelihood(
      chains: sample.chains, drawsPerChain: sample.drawsPerChain, rows: model.rows,
      rowByRow: rows.unscaled(logDensities: standardised.values))
    return scores(
      name: name, detail: detail, experts: nil,
      leaveOneOut: try PSISLOO(likelihood, logWeights: draws.logWeights), predictions: predicted)
  }

  private func predictions(of rows: BaselineRows) throws -> RowPredictions {
    let predictive = try NeuralNetworkPredictive(
      model.architecture, positions: draws.sample.positions, logWeights: draws.logWeights,
      rows: NeuralNetworkRows(
        featureNames: rows.names, features: Array(rows.test.joined()), response: rows.scaling.apply(rows.observed)))
    let deviations = predictive.standardDeviations.map { $0 * rows.scaling.scale }
    var result = RowPredictions(
      observed: [], logDensity: [], mean: [], lower: [], upper: [], probability: [], squaredError: [], crps: [])
    predictive.forEachRow { row, means in
      result.append(
        PredictiveMixture(
          weights: predictive.weights, means: means.map { rows.scaling.undo($0) }, standardDeviations: deviations),
        of: rows.observed[row])
    }
    return result
  }
}

extension RowPredictions {
  /// Adds what a mixture predicts of an observed row.
  fileprivate mutating func append(_ mixture: PredictiveMixture, of y: Double) {
    let ends = mixture.quantiles([0.025, 0.975])
    let (mean, deviation) = (mixture.mean, mixture.standardDeviation)
    observed.append(y)
    logDensity?.append(mixture.logDensity(at: y))
    self.mean.append(mean)
    lower.append(ends[0])
    upper.append(ends[1])
    probability.append(mixture.distribution(at: y).probability)
    squaredError.append((y - mean) * (y - mean) + deviation * deviation)
    crps.append(mixture.crps(at: y))
  }
}
