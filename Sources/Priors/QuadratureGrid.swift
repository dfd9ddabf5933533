import LogDensities

/// Gauss–Legendre panels that resolve every prior of an ordered vector, split at the kinks of Laplace densities.
struct QuadratureGrid: Sendable {
  /// The nodes in the unconstrained coordinate, ascending.
  private(set) var nodes: [Double] = []
  /// The weights.
  private(set) var weights: [Double] = []
  private var halfWidths: [Double] = []
  private let rule = GaussLegendre.standard

  /// Panels grow away from every centre; none is wider than four e-foldings of a density that is not yet 0 there.
  init(_ priors: [ScalarPrior]) {
    var edges: [Double] = []
    for prior in priors {
      let (centre, scale, reach) = prior.extent
      edges.append(centre)
      var distance = 0.25
      while distance < reach {
        edges += [centre - distance * scale, centre + distance * scale]
        distance *= 1.5
      }
      edges += [centre - reach * scale, centre + reach * scale]
    }
    edges.sort()
    for (left, right) in zip(edges, edges.dropFirst()) where right > left {
      appendPanels(from: left, to: right, widest: Self.widestPanel(from: left, to: right, priors))
    }
  }

  private static func widestPanel(from left: Double, to right: Double, _ priors: [ScalarPrior]) -> Double {
    priors.reduce(Double.infinity) { widest, prior in
      let (centre, scale, _) = prior.extent
      let distance = max(0, max(left - centre, centre - right)) / scale
      switch prior {
      // A power of the distance: smooth over panels that grow with it.
      case .studentT: return min(widest, scale * max(4, distance))
      // ln f falls at the rate distance / scale, and underflows at 39 scales.
      case .normal, .logNormal: return distance < 39 ? min(widest, 4 * scale / max(1, distance)) : widest
      default: return distance < 700 ? min(widest, 4 * scale) : widest
      }
    }
  }

  private mutating func appendPanels(from left: Double, to right: Double, widest: Double) {
    let count = max(1, min(2000, ((right - left) / widest).rounded(.up)))
    let half = 0.5 * (right - left) / count
    for panel in 0..<Int(count) {
      let middle = left + (2 * Double(panel) + 1) * half
      halfWidths.append(half)
      for i in 0..<GaussLegendre.order {
        nodes.append(middle + half * rule.nodes[i])
        weights.append(half * rule.weights[i])
      }
    }
  }

  /// The density of u at the nodes, Jacobian included.
  func density(of prior: ScalarPrior) -> [Double] {
    nodes.map { exponential(prior.logDensity(at: $0) + prior.support.logJacobian(at: $0)) }
  }

  /// ∫ of `values` up to each node, from the left end or from the right end, and over everything. Both directions add
  /// positive terms only, so that small tails keep their relative precision.
  func cumulativeIntegral(of values: [Double], fromRight: Bool) -> (cumulative: [Double], total: Double) {
    let n = GaussLegendre.order
    var result = [Double](repeating: 0, count: values.count)
    var total = 0.0
    for step in halfWidths.indices {
      let panel = fromRight ? halfWidths.count - 1 - step : step
      let start = panel * n
      for i in 0..<n {
        // The rule is symmetric: the integral from the right is that of the mirrored values from the left.
        let row = n * (fromRight ? n - 1 - i : i)
        var sum = 0.0
        for j in 0..<n { sum += rule.cumulative[row + j] * values[start + (fromRight ? n - 1 - j : j)] }
        result[start + i] = total + max(0, halfWidths[panel] * sum)
      }
      for j in 0..<n { total += weights[start + j] * values[start + j] }
    }
    return (result, total)
  }
}

extension ScalarPrior {
  /// Where the density of u lies: a centre, a scale, and the number of scales after which nothing is left.
  var extent: (centre: Double, scale: Double, reach: Double) {
    switch self {
    case .laplace(let prior): (prior.location, prior.scale, 40)
    case .normal(let prior): (prior.location, prior.scale, 12)
    case .logNormal(let prior): (prior.location, prior.scale, 12)
    case .studentT(let prior):
      (prior.location, prior.scale, Priors.exponential(min(600, max(4, 35 / prior.degreesOfFreedom))))
    case .halfNormal(let prior): (logarithm(prior.scale), 1, 40)
    case .halfCauchy(let prior): (logarithm(prior.scale), 1, 40)
    case .gamma(let prior): gammaExtent(shape: prior.shape, rate: prior.rate)
    case .exponential(let prior): (-logarithm(prior.rate), 1, 40)
    }
  }

  /// ln θ has a left tail e^{ku} that is long where the shape k is small, and is nearly normal where it is large.
  private func gammaExtent(shape: Double, rate: Double) -> (centre: Double, scale: Double, reach: Double) {
    let centre = logarithm(shape / rate)
    return shape < 1 ? (centre, 1, 40 / shape) : (centre, 1 / shape.squareRoot(), 40)
  }
}
