import LogDensities

/// The Hessian of ln L in λ from draws of the posterior (Louis 1982): E[∂² ln p(θ | λ)] + Var[∂ ln p(θ | λ)].
public enum LouisHessian {
  /// ∇² ln L at λ, by rows (q × q), from draws of the posterior there.
  public static func ofLogEvidence<Model: HierarchicalModel>(
    _ draws: WeightedSample, of model: Model, at lambda: Hyperparameters
  ) -> [Double] {
    let model = model.prepared(for: lambda)
    let sample = draws.sample
    let weights = draws.normalisedWeights
    let statistics = draws.priorStatistics(of: model, for: lambda)
    let table = model.priorTable(of: statistics, draws: sample.count, given: lambda)
    let curvature = model.priorCurvature(of: statistics, draws: sample.count, weights: weights, given: lambda)
    return zip(curvature, scoreCovariance(table.scores, weights)).map { $0 + $1 }
  }

  /// The weighted covariance of scores (coordinates × draws), by rows.
  static func scoreCovariance(_ scores: [[Double]], _ weights: [Double]) -> [Double] {
    scoreProducts(scores, weights, factors: nil)
  }

  /// Σ_s weights_s factors_s c_s c_sᵀ of centred scores c (coordinates × draws), by rows; factors 1 where nil.
  static func scoreProducts(_ scores: [[Double]], _ weights: [Double], factors: [Double]?) -> [Double] {
    let q = scores.count
    let centred = scores.map { score in
      let mean = zip(score, weights).reduce(0) { $0 + $1.0 * $1.1 }
      return score.map { $0 - mean }
    }
    var result = [Double](repeating: 0, count: q * q)
    for row in 0..<q {
      var weighted = zip(centred[row], weights).map { $0 * $1 }
      if let factors { for draw in weighted.indices { weighted[draw] *= factors[draw] } }
      for column in row..<q {
        let sum = zip(weighted, centred[column]).reduce(0) { $0 + $1.0 * $1.1 }
        result[row * q + column] = sum
        result[column * q + row] = sum
      }
    }
    return result
  }
}
