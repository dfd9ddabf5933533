import LogDensities
import Sampling

extension LinearMixingModel {
  /// What draws of the posterior say at some inputs.
  /// - Parameters:
  ///   - sample: Draws, in unconstrained coordinates.
  ///   - inputs: Column by column, like those of the data; nil for the rows of the data.
  ///   - predictions: What the models say there, for models that are known by their predictions alone.
  ///   - target: What is predicted.
  ///   - responseErrors: σ_y at these inputs; nil for those of the data at its own rows, and for 0 elsewhere.
  ///   - probabilities: Of the quantiles.
  /// - Throws: `MixingError` where lengths differ, or a draw has no prediction.
  public func prediction(
    from sample: PosteriorSample, at inputs: [[Double]]? = nil, predictions: ModelPredictions? = nil,
    target: MixedPrediction.Target = .observation, responseErrors: [Double]? = nil,
    probabilities: [Double] = [0.05, 0.5, 0.95]
  ) throws(MixingError) -> MixedPrediction {
    let draws = (0..<sample.count).map { sample.withPosition($0, constrained) }
    return try mixture.prediction(
      fromParameters: draws, at: inputs, predictions: predictions, target: target, responseErrors: responseErrors,
      probabilities: probabilities)
  }
}

extension LinearMixture {
  /// The same for parameters on their own scales, draw by draw; one draw is a plug-in prediction.
  ///
  /// For density mixing the predictive distribution is the mixture over draws and models, whose quantiles are exact; for mean
  /// mixing that over draws of the normal distributions that the rule has. The correlated form has no distribution of its own
  /// and is taken as independent errors W_k² σ_k², 0 where it has no model errors. The models' covariances between rows do not
  /// matter row by row. A component without any spread counts as one of a millionth of the spread of all.
  public func prediction(
    fromParameters draws: [[Double]], at inputs: [[Double]]? = nil, predictions: ModelPredictions? = nil,
    target: MixedPrediction.Target = .observation, responseErrors: [Double]? = nil,
    probabilities: [Double] = [0.05, 0.5, 0.95]
  ) throws(MixingError) -> MixedPrediction {
    guard !draws.isEmpty else { throw .invalid("A prediction needs at least one draw, found none.") }
    guard draws.allSatisfy({ $0.count == parameterCount }) else {
      throw .invalid("Every draw needs \(parameterCount) parameters.")
    }
    guard probabilities.allSatisfy({ $0 > 0 && $0 < 1 }) else {
      throw .invalid("The probabilities of quantiles lie between 0 and 1, found \(probabilities).")
    }
    let rows = try inputs.map { columns throws(MixingError) in try self.rows(at: columns, predictions) } ?? self.rows
    let errors =
      responseErrors ?? (inputs == nil ? data.responseErrors : [Double](repeating: 0, count: rows.count))
    try MixingError.check(errors, "The response's error", count: rows.count)
    if let row = errors.firstIndex(where: { $0 < 0 }) { throw .negative(what: "The response's error", row: row) }
    var mixture: [PredictionSummary] = []
    var weights = [[PredictionSummary]](repeating: [], count: models.count)
    for start in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
      let block = rows.selected(start..<min(start + Self.rowsAtOnce, rows.count))
      let terms = try draws.map { draw throws(MixingError) in try self.predictedTerms(block, draw) }
      for row in 0..<block.count {
        mixture.append(summary(of: terms, row: row, target, error: errors[start + row], probabilities))
        for model in models.indices {
          let values = terms.map { exponential($0.logWeights[row * models.count + model]) }
          weights[model].append(PredictionSummary(of: values, probabilities))
        }
      }
    }
    return MixedPrediction(target: target, probabilities: probabilities, mixture: mixture, weights: weights)
  }

  private static let rowsAtOnce = 64

  private func predictedTerms(_ rows: MixtureRows, _ parameters: [Double]) throws(MixingError) -> MixingTerms {
    guard let terms = terms(of: rows, at: parameters.span), terms.logWeights.allSatisfy({ $0 <= 1e-9 }) else {
      throw .invalid("There is no prediction where the parameters are \(parameters).")
    }
    return terms
  }

  private func summary(
    of terms: [MixingTerms], row: Int, _ target: MixedPrediction.Target, error: Double, _ probabilities: [Double]
  ) -> PredictionSummary {
    let means = terms.map { $0.mixedMean(row: row) }
    let noise = target == .observation ? error * error : 0
    if target == .mean { return PredictionSummary(of: means, probabilities) }
    let k = models.count
    let share = 1 / Double(terms.count)
    var components = (weights: [Double](), means: [Double](), deviations: [Double]())
    for (draw, mean) in zip(terms, means) {
      let places = row * k..<(row + 1) * k
      if mixesDensities {
        components.weights += places.map { share * exponential(draw.logWeights[$0]) }
        components.means += draw.means[places]
        components.deviations += places.map { (draw.deviations[$0] * draw.deviations[$0] + noise).squareRoot() }
      } else {
        let variance = places.reduce(noise) { sum, place in
          let spread = factor(exponential(draw.logWeights[place])) * draw.deviations[place]
          return sum + spread * spread
        }
        components.weights.append(share)
        components.means.append(mean)
        components.deviations.append(variance.squareRoot())
      }
    }
    // A component without weight would only blur the scale.
    let used = components.weights.indices.filter { components.weights[$0] > 0 }
    if k == 1 || !mixesDensities, used.allSatisfy({ components.deviations[$0] == 0 }) {
      return PredictionSummary(of: means, probabilities)
    }
    return PredictionSummary(
      weights: used.map { components.weights[$0] }, means: used.map { components.means[$0] },
      deviations: used.map { components.deviations[$0] }, probabilities)
  }

  private var mixesDensities: Bool {
    if case .density = rule { true } else { false }
  }

  /// What a model's standard deviation is multiplied by where models are mixed by their means.
  private func factor(_ weight: Double) -> Double {
    switch rule {
    case .mean(.summed): 1
    case .mean(.observation), .correlated(modelErrors: false): 0
    case .density, .mean(.weighted), .correlated: weight
    }
  }
}

extension MixtureRows {
  /// Some of the rows.
  func selected(_ range: Range<Int>) -> MixtureRows {
    MixtureRows(
      count: range.count, inputs: Array(inputs[range]),
      features: Array(features[range.lowerBound * featureCount..<range.upperBound * featureCount]),
      featureCount: featureCount,
      known: known.map { pair in pair.map { (Array($0.means[range]), Array($0.deviations[range])) } })
  }
}
