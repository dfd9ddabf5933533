import LogDensities

/// ln Z(λ) = ln P(θ_1 ≤ … ≤ θ_M | λ) of independent scalar priors, and what it does to scores.
///
/// Works in the unconstrained coordinate u, which keeps order, with f_k the density of u_k. Forward F_k = ∫ f_k F_{k−1},
/// backward G_k = ∫ f_{k+1} G_{k+1}; the marginal of u_k under the ordering is f_k F_{k−1} G_k / Z, so
/// ∂ ln Z / ∂λ_k = ∫ (∂ ln f_k / ∂λ_k) f_k F_{k−1} G_k / Z.
public struct OrderingNormaliser: Sendable {
  /// ln Z(λ).
  public let logProbability: Double
  /// ∂ ln Z / ∂λ_k, one vector a parameter, in its family's order.
  public let gradient: [HyperparameterVector]

  private let priors: [ScalarPrior]
  private let grid: QuadratureGrid
  private let densities: [[Double]]

  /// The normaliser of `priors`, whose supports must be one and the same. Equal priors give exactly Z = 1/M! and a
  /// gradient whose entries sum to exactly 0 over the parameters.
  public init(_ priors: [ScalarPrior]) {
    precondition(Set(priors.map(\.support)).count <= 1, "ordered parameters have one support")
    let grid = QuadratureGrid(priors)
    let f = priors.map { grid.density(of: $0) }
    self.priors = priors
    self.grid = grid
    densities = f
    var forward = [[Double](repeating: 1, count: grid.nodes.count)]
    var total = 1.0
    for density in f {
      let (cumulative, sum) = grid.cumulativeIntegral(
        of: product(density, forward[forward.count - 1]), fromRight: false)
      forward.append(cumulative)
      total = sum
    }
    var backward = [Double](repeating: 1, count: grid.nodes.count)
    var gradient = [HyperparameterVector](repeating: .zero, count: priors.count)
    for k in priors.indices.reversed() {
      var mass = grid.weights
      for i in mass.indices { mass[i] *= f[k][i] * forward[k][i] * backward[i] / total }
      gradient[k] = zip(mass, grid.scores(of: priors[k])).reduce(.zero) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
      backward = grid.cumulativeIntegral(of: product(f[k], backward), fromRight: true).cumulative
    }
    if let last = priors.last, priors.allSatisfy({ $0 == last }) {
      var sum = HyperparameterVector.zero
      for k in 0..<(priors.count - 1) { sum += gradient[k] }
      gradient[priors.count - 1] = -sum
      logProbability = -logGamma(Double(priors.count) + 1)
    } else {
      logProbability = logarithm(total)
    }
    self.gradient = gradient
  }

  /// The variance under the ordering of Σ_k directions_k · ∂ ln f_k / ∂λ_k: the ordered prior's expected information along a
  /// direction of λ, with one vector a parameter. Ordered parameters are correlated, so that it is no sum over them.
  ///
  /// With g_k the k-th term, moments of the sum up to k follow the recursion of F: A_k = ∫ f_k A_{k−1},
  /// B_k = ∫ f_k (B_{k−1} + g_k A_{k−1}) and C_k = ∫ f_k (C_{k−1} + 2 g_k B_{k−1} + g_k² A_{k−1}). Terms are centred first,
  /// which leaves the variance as it is and keeps its digits.
  public func information(along directions: [HyperparameterVector]) -> Double {
    precondition(directions.count == priors.count, "one direction a parameter")
    let count = grid.nodes.count
    var moments = [
      [Double](repeating: 1, count: count), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count),
    ]
    var totals = [1.0, 0, 0]
    for (k, density) in densities.enumerated() {
      let scores = grid.scores(of: priors[k])
      var integrands = moments
      for i in 0..<count {
        let term = directions[k] == .zero ? 0 : (directions[k] * (scores[i] - gradient[k])).sum()
        let (a, b, c) = (moments[0][i], moments[1][i], moments[2][i])
        integrands[0][i] = density[i] * a
        integrands[1][i] = density[i] > 0 ? density[i] * (b + term * a) : 0
        integrands[2][i] = density[i] > 0 ? density[i] * (c + 2 * term * b + term * term * a) : 0
      }
      for order in 0...2 {
        (moments[order], totals[order]) = grid.cumulativeIntegral(
          of: integrands[order], fromRight: false, isSigned: order == 1)
      }
    }
    guard totals[0] > 0 else { return 0 }
    let mean = totals[1] / totals[0]
    return max(0, totals[2] / totals[0] - mean * mean)
  }
}

private func product(_ a: [Double], _ b: [Double]) -> [Double] {
  var result = a
  for i in result.indices { result[i] *= b[i] }
  return result
}
