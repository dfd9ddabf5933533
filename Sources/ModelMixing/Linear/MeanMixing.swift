import Sampling

/// ln N(y; Σ_k w_k f_k, v) row by row, where no model has a covariance between rows: v_n = Σ_k w_k(x_n)² σ_k(x_n)² + σ_y(x_n)²
/// weighted, Σ_k σ_k(x_n)² + σ_y(x_n)² summed, and σ_y(x_n)² for observation errors alone.
struct MeanMixing {
  let covariance: MixingRule.MeanCovariance

  func evaluate(_ terms: MixingTerms, _ observations: MixingObservations, into slopes: inout MixingSlopes) {
    for row in 0..<terms.rows {
      let places = row * terms.models..<(row + 1) * terms.models
      var difference = observations.response[row]
      var variance = observations.variances[row]
      for place in places {
        let weight = exponential(terms.logWeights[place])
        difference -= weight * terms.means[place]
        let share = factor(weight) * terms.deviations[place]
        variance += share * share
      }
      slopes.values[row] = -0.5 * (difference * difference / variance + logarithm(variance)) - halfLogTwoPi
      let slope = difference / variance
      // Twice the derivative in the variance.
      let bend = slope * slope - 1 / variance
      for place in places {
        let weight = exponential(terms.logWeights[place])
        let share = factor(weight)
        slopes.means[place] = slope * weight
        slopes.deviations[place] = bend * share * share * terms.deviations[place]
        let spread = weight * terms.deviations[place]
        slopes.logWeights[place] =
          slope * weight * terms.means[place] + (covariance == .weighted ? bend * spread * spread : 0)
      }
    }
  }

  /// What a model's standard deviation is multiplied by.
  @inline(__always)
  private func factor(_ weight: Double) -> Double {
    switch covariance {
    case .weighted: weight
    case .summed: 1
    case .observation: 0
    }
  }
}

/// ln N(y; Σ_k W_k f_k, C) with C = Σ_k W_k C_k W_k + D, or Σ_k C_k + D: for rows n and m
///
///     C_nm = Σ_k w_k(x_n) w_k(x_m) C_k(x_n, x_m) + δ_nm σ_y(x_n)²
///
/// weighted, and the same without weights summed; a model without a covariance has C_k(x_n, x_m) = δ_nm σ_k(x_n)². The value of
/// a row is that of its density given the rows before it, so that values sum to the whole.
struct CovariantMeanMixing {
  let isWeighted: Bool

  func evaluate(_ terms: MixingTerms, _ observations: MixingObservations, into slopes: inout MixingSlopes) {
    let (n, models) = (terms.rows, terms.models)
    let weights = terms.logWeights.map(exponential)
    let factors = isWeighted ? weights : [Double](repeating: 1, count: weights.count)
    var difference = observations.response
    var matrix = [Double](repeating: 0, count: n * n)
    for row in 0..<n {
      matrix[row * (n + 1)] = observations.variances[row]
      for model in 0..<models {
        let place = row * models + model
        difference[row] -= weights[place] * terms.means[place]
        if let own = observations.covariances[model] {
          for column in 0..<n {
            matrix[row * n + column] += factors[place] * factors[column * models + model] * own[row * n + column]
          }
        } else {
          let share = factors[place] * terms.deviations[place]
          matrix[row * (n + 1)] += share * share
        }
      }
    }
    guard let normal = CorrelatedNormal(difference, covariance: matrix) else {
      for row in 0..<n { slopes.values[row] = -.infinity }
      return
    }
    slopes.values = normal.conditionalLogDensities
    let (alpha, inverse) = (normal.solution, normal.inverse)
    for row in 0..<n {
      for model in 0..<models {
        let place = row * models + model
        let bend = alpha[row] * alpha[row] - inverse[row * (n + 1)]
        slopes.means[place] = alpha[row] * weights[place]
        slopes.deviations[place] = 0
        var covarianceSlope = 0.0
        if let own = observations.covariances[model] {
          for column in 0..<n {
            let change = alpha[row] * alpha[column] - inverse[row * n + column]
            covarianceSlope += change * weights[column * models + model] * own[row * n + column]
          }
        } else {
          slopes.deviations[place] = bend * factors[place] * factors[place] * terms.deviations[place]
          covarianceSlope = bend * weights[place] * terms.deviations[place] * terms.deviations[place]
        }
        slopes.logWeights[place] =
          weights[place] * (alpha[row] * terms.means[place] + (isWeighted ? covarianceSlope : 0))
      }
    }
  }
}

/// ln N(r; 0, C) of correlated residuals with what its derivatives need.
struct CorrelatedNormal {
  /// ln p(r_n | r_1 … r_{n−1}).
  let conditionalLogDensities: [Double]
  /// C⁻¹ r.
  let solution: [Double]
  /// C⁻¹.
  let inverse: [Double]

  /// nil where C is not positive definite.
  init?(_ residual: [Double], covariance: [Double]) {
    let n = residual.count
    let matrix = SymmetricMatrix(dimension: n, elements: covariance)
    guard residual.allSatisfy(\.isFinite), let factor = matrix.cholesky(), let inverse = matrix.inverse()?.elements
    else { return nil }
    var standardised = residual
    for row in 0..<n {
      for column in 0..<row { standardised[row] -= factor[column * n + row] * standardised[column] }
      standardised[row] /= factor[row * (n + 1)]
    }
    conditionalLogDensities = (0..<n).map {
      -0.5 * standardised[$0] * standardised[$0] - logarithm(factor[$0 * (n + 1)]) - halfLogTwoPi
    }
    solution = (0..<n).map { row in (0..<n).reduce(0) { $0 + inverse[row * n + $1] * residual[$1] } }
    self.inverse = inverse
  }
}
