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
  /// The diagonal of the expected information of the *ordered* prior: the variance of each score under the ordering.
  public let information: [HyperparameterVector]

  /// The normaliser of `priors`, whose supports must be one and the same. Equal priors give exactly Z = 1/M! and a
  /// gradient whose entries sum to exactly 0 over the parameters.
  public init(_ priors: [ScalarPrior]) {
    precondition(Set(priors.map(\.support)).count <= 1, "ordered parameters have one support")
    let grid = QuadratureGrid(priors)
    let f = priors.map { grid.density(of: $0) }
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
    var information = gradient
    for k in priors.indices.reversed() {
      var mass = grid.weights
      for i in mass.indices { mass[i] *= f[k][i] * forward[k][i] * backward[i] / total }
      let (first, second) = grid.moments(of: priors[k], mass: mass)
      gradient[k] = first
      information[k] = second - first * first
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
    self.information = information
  }
}

extension OrderingNormaliser {
  /// ln Z(λ) alone, at no cost where the priors are equal or there are fewer than two.
  public static func logProbability(_ priors: [ScalarPrior]) -> Double {
    guard let first = priors.first, priors.count > 1 else { return 0 }
    if priors.allSatisfy({ $0 == first }) { return -logGamma(Double(priors.count) + 1) }
    return OrderingNormaliser(priors).logProbability
  }
}

private func product(_ a: [Double], _ b: [Double]) -> [Double] {
  var result = a
  for i in result.indices { result[i] *= b[i] }
  return result
}
