import LogDensities

/// The objective ln L + γ H + ln p(λ) about one λ, as weighted draws of the posterior there see it: gradient, Hessian and
/// expected prior information.
struct LocalQuadratic: Sendable {
  /// ∇(ln L + γ H + ln p(λ)), control variates subtracted where there are any.
  var gradient: [Double]
  /// ∇² of the same, by rows: Louis (1982) for ln L, its like for γ H.
  let hessian: [Double]
  /// The diagonal of the expected prior information, with the hyperpriors' added: positive where the observed one need not
  /// be. The observed complete-data information as a safeguard sends λ to infinity.
  let information: [Double]
  /// The terms whose weighted mean is the gradient without hyperpriors: coordinates × draws.
  var terms: [[Double]]
  /// The weights of the draws, normalised.
  let weights: [Double]

  /// - Parameters:
  ///   - statistics: `HierarchicalModel.priorStatistics` of every draw, one after the other.
  ///   - table: The prior's table at λ.
  ///   - logEntropies: ln Hent of every draw; not read where the entropy weight is 0.
  init<Model: HierarchicalModel>(
    _ model: Model, at lambda: Hyperparameters, statistics: [Double], table: PriorTable, weights: [Double],
    logEntropies: [Double], objective: Objective
  ) {
    let draws = weights.count
    let q = lambda.coordinates.count
    let gamma = objective.entropyWeight
    var curvatureWeights = weights
    var terms = table.scores
    var tilts: [Double]?
    if gamma > 0, logEntropies.count == draws {
      let mean = zip(weights, logEntropies).reduce(0) { $0 + $1.0 * $1.1 }
      let tilt = logEntropies.map { $0 - mean }
      for coordinate in 0..<q {
        let centre = zip(weights, table.scores[coordinate]).reduce(0) { $0 + $1.0 * $1.1 }
        for draw in 0..<draws {
          terms[coordinate][draw] += gamma * tilt[draw] * (table.scores[coordinate][draw] - centre)
        }
      }
      for draw in 0..<draws { curvatureWeights[draw] *= 1 + gamma * tilt[draw] }
      tilts = tilt
    }
    var hessian = model.priorCurvature(of: statistics, draws: draws, weights: curvatureWeights, given: lambda)
    var spread = LouisHessian.scoreCovariance(table.scores, weights)
    if let tilts {
      let tilted = LouisHessian.scoreProducts(table.scores, weights, factors: tilts)
      spread = zip(spread, tilted).map { $0 + gamma * $1 }
    }
    for index in hessian.indices { hessian[index] += spread[index] }
    for (index, coordinate) in lambda.coordinates.enumerated() {
      hessian[index * q + index] -= coordinate.hyperprior?.information(at: coordinate.value) ?? 0
    }
    self.hessian = hessian
    information = lambda.penalisedInformation(model.priorInformation(at: lambda))
    gradient = zip(terms, lambda.hyperpriorGradient).map { term, prior in
      zip(term, weights).reduce(prior) { $0 + $1.0 * $1.1 }
    }
    self.terms = terms
    self.weights = weights
  }

  /// The number of draws that weigh as much, by Kish.
  var effectiveDraws: Double { 1 / weights.reduce(0) { $0 + $1 * $1 } }

  /// The covariance of the gradient if `draws` of its terms were independent, by rows.
  func gradientCovariance(effectiveDraws draws: Double) -> [Double] {
    LouisHessian.scoreCovariance(terms, weights).map { $0 / max(draws, 1) }
  }

  /// The covariance of the gradient from the differences between chains, by rows: whatever slow mixing does to the draws of a
  /// chain, in all iterations together, is in it. nil for a single chain.
  func gradientCovariance(chains: [Int]) -> [Double]? {
    let count = (chains.max() ?? 0) + 1
    guard count > 1 else { return nil }
    let q = terms.count
    var sums = [[Double]](repeating: [Double](repeating: 0, count: q), count: count)
    for (coordinate, term) in terms.enumerated() {
      let centre = zip(term, weights).reduce(0) { $0 + $1.0 * $1.1 }
      for draw in term.indices { sums[chains[draw]][coordinate] += weights[draw] * (term[draw] - centre) }
    }
    var result = [Double](repeating: 0, count: q * q)
    let factor = Double(count) / Double(count - 1)
    for sum in sums {
      for row in 0..<q { for column in 0..<q { result[row * q + column] += factor * sum[row] * sum[column] } }
    }
    return result
  }
}

extension Hyperparameters {
  /// Prior information with that of the hyperpriors where it is positive.
  func penalisedInformation(_ ofPrior: [Double]) -> [Double] {
    zip(coordinates, ofPrior).map { coordinate, information in
      information + max(0, coordinate.hyperprior?.information(at: coordinate.value) ?? 0)
    }
  }
}
