/// Σ_k ln N(W_k (f_k − y); 0, C_k + D), Taweret's BMMcor.
struct CorrelatedMixing {
  let modelErrors: Bool

  func evaluate(_ terms: MixingTerms, _ observations: MixingObservations, into slopes: inout MixingSlopes) {
    for row in 0..<terms.rows { slopes.values[row] = 0 }
    for model in 0..<terms.models {
      if modelErrors, let own = observations.covariances[model] {
        add(model, own, terms, observations, to: &slopes)
      } else {
        add(model, terms, observations, to: &slopes)
      }
    }
  }

  /// A model whose rows are independent.
  private func add(
    _ model: Int, _ terms: MixingTerms, _ observations: MixingObservations, to slopes: inout MixingSlopes
  ) {
    for row in 0..<terms.rows {
      let place = row * terms.models + model
      let weight = exponential(terms.logWeights[place])
      let deviation = modelErrors ? terms.deviations[place] : 0
      let precision = 1 / (observations.variances[row] + deviation * deviation)
      let residual = weight * (observations.response[row] - terms.means[place])
      slopes.values[row] += -0.5 * (residual * residual * precision - logarithm(precision)) - halfLogTwoPi
      slopes.logWeights[place] = -residual * residual * precision
      slopes.means[place] = residual * precision * weight
      slopes.deviations[place] = (residual * residual * precision - 1) * precision * deviation
    }
  }

  /// A model with covariances between rows.
  private func add(
    _ model: Int, _ covariance: [Double], _ terms: MixingTerms, _ observations: MixingObservations,
    to slopes: inout MixingSlopes
  ) {
    let n = terms.rows
    var matrix = covariance
    var residual = observations.response
    for row in 0..<n {
      let place = row * terms.models + model
      matrix[row * (n + 1)] += observations.variances[row]
      residual[row] = exponential(terms.logWeights[place]) * (residual[row] - terms.means[place])
    }
    guard let normal = CorrelatedNormal(residual, covariance: matrix) else {
      for row in 0..<n { slopes.values[row] = -.infinity }
      return
    }
    for row in 0..<n {
      let place = row * terms.models + model
      slopes.values[row] += normal.conditionalLogDensities[row]
      slopes.logWeights[place] = -normal.solution[row] * residual[row]
      slopes.means[place] = normal.solution[row] * exponential(terms.logWeights[place])
      slopes.deviations[place] = 0
    }
  }
}
