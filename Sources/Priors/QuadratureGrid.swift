import LogDensities

/// Gauss–Legendre panels that resolve every prior of an ordered vector.
struct QuadratureGrid: Sendable {
  /// The nodes in the unconstrained coordinate, ascending.
  private(set) var nodes: [Double] = []
  /// The weights.
  private(set) var weights: [Double] = []
  private var halfWidths: [Double] = []
  private let rule = GaussLegendre.standard

  /// Marches from the left end to the right; a panel is as wide as the most demanding density allows, and ends at every
  /// centre, so that kinks lie between panels.
  init(_ priors: [ScalarPrior]) {
    let extents = priors.map(\.extent)
    guard let left = extents.map({ $0.centre - $0.reach * $0.scale }).min(),
      let right = extents.map({ $0.centre + $0.reach * $0.scale }).max()
    else { return }
    let first = extents.map(\.centre).min() ?? left
    let last = extents.map(\.centre).max() ?? right
    // A panel also ends where a density appears or disappears, so that none is jumped over.
    var stops: Set<Double> = [right]
    for (prior, extent) in zip(priors, extents) {
      for distance in [0, extent.reach, prior.underflow] where distance.isFinite {
        for stop in [extent.centre - distance * extent.scale, extent.centre + distance * extent.scale]
        where stop > left && stop < right { stops.insert(stop) }
      }
    }
    var edge = left
    for stop in stops.sorted() {
      while edge < stop {
        let width = Self.widestPanel(at: edge, priors, between: first, and: last)
        let panels = halfWidths.count < Self.mostPanels ? ((stop - edge) / width).rounded(.up) : 1
        let next = panels <= 1 ? stop : edge + (stop - edge) / panels
        guard next > edge else { break }
        appendPanel(from: edge, to: next)
        edge = next
      }
    }
  }

  /// What keeps extreme ratios of scales from taking forever.
  private static let mostPanels = 20_000

  /// How wide a panel may be from `edge` rightwards. A density sets no limit where it underflows, nor outside the centres
  /// once nothing of it is left.
  private static func widestPanel(
    at edge: Double, _ priors: [ScalarPrior], between first: Double, and last: Double
  ) -> Double {
    let isOutside = edge < first || edge >= last
    return priors.reduce(Double.infinity) { widest, prior in
      let (centre, scale, reach) = prior.extent
      let distance = abs(edge - centre) / scale
      guard distance <= 1.000_001 * (isOutside ? min(reach, prior.underflow) : prior.underflow) else { return widest }
      switch prior {
      case .laplace: return min(widest, 3 * scale)
      // ln f falls at the rate distance / scale.
      case .normal, .logNormal: return min(widest, 4 * scale / max(2, distance))
      // Singular at ±i√ν; nearly normal where ν is large, a power of the distance far out.
      case .studentT(let t):
        let square = distance * distance + t.degreesOfFreedom
        let slope = (t.degreesOfFreedom + 1) * distance / square
        let smooth = slope > 2 ? 4 / slope : max(2, 0.4 * distance)
        return min(widest, scale * min(0.4 * square.squareRoot(), smooth))
      default: return min(widest, scale)
      }
    }
  }

  private mutating func appendPanel(from left: Double, to right: Double) {
    let half = 0.5 * (right - left)
    let middle = left + half
    halfWidths.append(half)
    for i in 0..<GaussLegendre.order {
      nodes.append(middle + half * rule.nodes[i])
      weights.append(half * rule.weights[i])
    }
  }

  /// The density of u at the nodes, Jacobian included.
  func density(of prior: ScalarPrior) -> [Double] {
    switch prior {
    case .laplace(let prior): density(prior)
    case .normal(let prior): density(prior)
    case .studentT(let prior): density(prior)
    case .logNormal(let prior): density(prior)
    case .halfNormal(let prior): density(prior)
    case .halfCauchy(let prior): density(prior)
    case .gamma(let prior): density(prior)
    case .exponential(let prior): density(prior)
    case .uniform(let prior): density(prior)
    case .truncatedNormal(let prior): density(prior)
    }
  }

  private func density<P: UnivariatePrior>(_ prior: P) -> [Double] {
    nodes.map { Priors.exponential(prior.logDensity(at: $0) + prior.support.logJacobian(at: $0)) }
  }

  /// The score of `prior` at the nodes.
  func scores(of prior: ScalarPrior) -> [HyperparameterVector] {
    switch prior {
    case .laplace(let prior): scores(prior)
    case .normal(let prior): scores(prior)
    case .studentT(let prior): scores(prior)
    case .logNormal(let prior): scores(prior)
    case .halfNormal(let prior): scores(prior)
    case .halfCauchy(let prior): scores(prior)
    case .gamma(let prior): scores(prior)
    case .exponential(let prior): scores(prior)
    case .uniform(let prior): scores(prior)
    case .truncatedNormal(let prior): scores(prior)
    }
  }

  private func scores<P: UnivariatePrior>(_ prior: P) -> [HyperparameterVector] { nodes.map(prior.score(at:)) }

  /// ∫ of `values` up to each node, from the left end or from the right end, and over everything. Both directions add
  /// positive terms only, so that small tails keep their relative precision.
  func cumulativeIntegral(
    of values: [Double], fromRight: Bool, isSigned: Bool = false
  ) -> (cumulative: [Double], total: Double) {
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
        let part = halfWidths[panel] * sum
        result[start + i] = total + (isSigned ? part : max(0, part))
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
    case .laplace(let prior): (prior.location, prior.scale, 36)
    case .normal(let prior): (prior.location, prior.scale, 12)
    case .logNormal(let prior): (prior.location, prior.scale, 12)
    case .studentT(let prior):
      (prior.location, prior.scale, Priors.exponential(min(600, max(4, 35 / prior.degreesOfFreedom))))
    case .halfNormal(let prior): (logarithm(prior.scale), 1, 40)
    case .halfCauchy(let prior): (logarithm(prior.scale), 1, 40)
    case .gamma(let prior): gammaExtent(shape: prior.shape, rate: prior.rate)
    case .exponential(let prior): (-logarithm(prior.rate), 1, 40)
    case .uniform: (0, 1, 40)
    case .truncatedNormal(let prior): truncatedExtent(prior)
    }
  }

  /// ln θ has a left tail e^{ku} that is long where the shape k is small, and is nearly normal where it is large.
  private func gammaExtent(shape: Double, rate: Double) -> (centre: Double, scale: Double, reach: Double) {
    let centre = logarithm(shape / rate)
    return shape < 1 ? (centre, 1, 40 / shape) : (centre, 1 / shape.squareRoot(), 40)
  }

  /// A narrow normal inside its interval is as narrow in u; otherwise tails fall off as e^{−|u|}.
  private func truncatedExtent(_ prior: TruncatedNormal) -> (centre: Double, scale: Double, reach: Double) {
    let theta = prior.location + prior.scale * (prior.moments.reference + prior.moments.meanDistance)
    let centre = prior.support.coordinate(of: theta)
    guard centre.isFinite else { return (0, 1, 750) }
    let scale = min(1, prior.scale * prior.moments.variance.squareRoot() / prior.support.slope(at: centre))
    return (centre, scale, 40 / scale)
  }

  /// The number of scales from the centre at which the density is 0 in double precision.
  fileprivate var underflow: Double {
    switch self {
    case .normal, .logNormal: 39
    case .studentT: .infinity
    default: 750
    }
  }
}
