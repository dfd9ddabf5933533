import Experts

extension LinearMixture {
  /// ln p(y | θ); −∞ where weights are not defined or a model gives no prediction.
  public func logLikelihood(at parameters: [Double]) -> Double {
    precondition(parameters.count == parameterCount, "one value a parameter")
    return evaluate(at: parameters.span)?.total ?? -.infinity
  }

  /// ln p(y_n | θ) of every row; with covariances between rows that of y_n given the rows before it.
  public func pointwiseLogLikelihood(at parameters: [Double]) -> [Double] {
    precondition(parameters.count == parameterCount, "one value a parameter")
    return evaluate(at: parameters.span)?.slopes.values ?? [Double](repeating: -.infinity, count: count)
  }

  /// ln p(y | θ) with its gradient in θ; the gradient means nothing where the value is −∞.
  public func evaluate(at parameters: [Double]) -> (value: Double, gradient: [Double]) {
    precondition(parameters.count == parameterCount, "one value a parameter")
    var gradient = [Double](repeating: 0, count: parameterCount)
    var span = gradient.mutableSpan
    let value = evaluate(at: parameters.span, gradient: &span)
    return (value, gradient)
  }

  /// w_k at every row of the data, row by row (count × K); NaN where weights are not defined.
  public func weights(at parameters: [Double]) -> [Double] {
    precondition(parameters.count == parameterCount, "one value a parameter")
    guard let terms = terms(of: rows, at: parameters.span) else {
      return [Double](repeating: .nan, count: count * models.count)
    }
    return terms.logWeights.map(exponential)
  }

  /// What the rule sees; nil where there is no likelihood.
  func terms(of rows: MixtureRows, at parameters: Span<Double>) -> MixingTerms? {
    let own = parameters.extracting(0..<weightParameters)
    guard weights.isDefined(at: own) else { return nil }
    var terms = MixingTerms(rows: rows.count, models: models.count)
    fillWeights(of: rows, own, &terms)
    for (index, model) in models.enumerated() {
      guard fill(model, index, rows, parameters, &terms) else { return nil }
    }
    return terms
  }

  func fillWeights(of rows: MixtureRows, _ parameters: Span<Double>, _ terms: inout MixingTerms) {
    let k = models.count
    var row = [Double](repeating: 0, count: k)
    for index in 0..<rows.count {
      let features = rows.features.span.extracting(index * rows.featureCount..<(index + 1) * rows.featureCount)
      var span = row.mutableSpan
      weights.logWeights(at: features, parameters: parameters, into: &span)
      for model in 0..<k { terms.logWeights[index * k + model] = row[model] }
    }
  }

  /// Whether the model has a prediction at every row.
  private func fill(
    _ model: MixedModel, _ index: Int, _ rows: MixtureRows, _ parameters: Span<Double>, _ terms: inout MixingTerms
  ) -> Bool {
    let k = models.count
    if let known = rows.known[index] {
      for row in 0..<rows.count {
        terms.means[row * k + index] = known.means[row]
        terms.deviations[row * k + index] = known.deviations[row]
      }
      return true
    }
    guard let predictive = model.model else { return false }
    let values = model.places.map { parameters[$0] }
    for row in 0..<rows.count {
      let prediction = predictive.evaluate(at: rows.inputs[row], parameters: values)
      guard prediction.mean.isFinite, prediction.standardDeviation.isFinite, prediction.standardDeviation >= 0 else {
        return false
      }
      terms.means[row * k + index] = prediction.mean
      terms.deviations[row * k + index] = prediction.standardDeviation
    }
    return true
  }

  /// The log-likelihood with its derivatives in what the rule sees; nil where it is not a number.
  func evaluate(at parameters: Span<Double>) -> (total: Double, slopes: MixingSlopes, terms: MixingTerms)? {
    guard let terms = terms(of: rows, at: parameters) else { return nil }
    var slopes = MixingSlopes(rows: count, models: models.count)
    rule.evaluate(terms, observations, into: &slopes)
    let total = slopes.values.reduce(0, +)
    return total.isFinite ? (total, slopes, terms) : nil
  }

  /// ln p(y | θ), with its gradient in θ replacing what `gradient` holds.
  func evaluate(at parameters: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
    for index in 0..<gradient.count { gradient[index] = 0 }
    guard let (total, slopes, _) = evaluate(at: parameters) else { return -.infinity }
    addWeightGradient(parameters, slopes, &gradient)
    for (index, model) in models.enumerated() where !model.places.isEmpty {
      addGradient(of: model, index, parameters, slopes, &gradient)
    }
    for index in 0..<gradient.count where !gradient[index].isFinite { return -.infinity }
    return total
  }

  private func addWeightGradient(
    _ parameters: Span<Double>, _ slopes: MixingSlopes, _ gradient: inout MutableSpan<Double>
  ) {
    let (k, p) = (models.count, weightParameters)
    guard p > 0 else { return }
    let own = parameters.extracting(0..<p)
    var logWeights = [Double](repeating: 0, count: k)
    var derivatives = [Double](repeating: 0, count: k * p)
    for row in 0..<count {
      let features = rows.features.span.extracting(row * rows.featureCount..<(row + 1) * rows.featureCount)
      var weightSpan = logWeights.mutableSpan
      var span = derivatives.mutableSpan
      weights.logWeights(at: features, parameters: own, into: &weightSpan, derivatives: &span)
      for model in 0..<k {
        let slope = slopes.logWeights[row * k + model]
        guard slope != 0 else { continue }
        for index in 0..<p { gradient[index] += slope * derivatives[model * p + index] }
      }
    }
  }

  private func addGradient(
    of model: MixedModel, _ index: Int, _ parameters: Span<Double>, _ slopes: MixingSlopes,
    _ gradient: inout MutableSpan<Double>
  ) {
    guard let predictive = model.model else { return }
    let values = model.places.map { parameters[$0] }
    for row in 0..<count {
      let place = row * models.count + index
      let (meanSlope, deviationSlope) = (slopes.means[place], slopes.deviations[place])
      guard meanSlope != 0 || deviationSlope != 0 else { continue }
      let derivatives = predictive.derivatives(at: rows.inputs[row], parameters: values)
      for (target, derivative) in zip(model.places, derivatives) {
        gradient[target] += meanSlope * derivative.mean + deviationSlope * derivative.standardDeviation
      }
    }
  }
}

extension LinearMixture {
  /// ln w̄_k, the logarithms of the weights' means over the rows; nil where weights are not defined.
  func logMeanWeights(at parameters: [Double]) -> [Double]? {
    let own = parameters.span.extracting(0..<weightParameters)
    guard weights.isDefined(at: own) else { return nil }
    var terms = MixingTerms(rows: count, models: models.count)
    fillWeights(of: rows, own, &terms)
    return models.indices.map { model in
      let column = (0..<count).map { terms.logWeights[$0 * models.count + model] }
      return Gating.logSumExp(column.span) - logarithm(Double(count))
    }
  }
}
