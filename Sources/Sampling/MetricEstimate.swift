#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Learns a metric from windows of draws, one window a chain, each about its own mean.
///
/// With gradients the estimate is the metric at which draws and gradients have the same covariance in whitened
/// coordinates: sd(q)/sd(∇ ln π) for the squared scales, and the matrix mean of the covariance of the draws with the
/// inverse covariance of the gradients. For a Gaussian that is exact from as few draws as there are dimensions, however
/// correlated the draws; the idea is nutpie's (Seyboldt, Carlson, Carpenter 2026, "Preconditioning Hamiltonian Monte Carlo
/// by minimizing Fisher divergence").
struct MetricEstimate {
  /// What to estimate.
  let kind: MetricKind
  /// Whether gradients are used, or draws alone.
  let usesGradients: Bool

  /// Eigenvalues of the scaled covariance between 1/cutoff and cutoff are taken as 1 in a low-rank metric.
  private static let cutoff = 2.0

  /// The estimate, shrunk towards `old`, which counts as `priorCount` draws; nil where there are too few draws or none
  /// that differ.
  func metric(from windows: [DrawWindow], old: Metric, priorCount: Double = 0) -> Metric? {
    let count = windows.reduce(0) { $0 + max(0, $1.count - 1) }
    guard count >= 4 else { return nil }
    let weight = Double(count) / (Double(count) + priorCount)
    let positions = windows.flatMap(\.centredPositions)
    let gradients = windows.flatMap(\.centredGradients)
    let oldScale = Self.standardDeviations(of: old)
    let fresh = scale(positions, gradients, count: count, old: oldScale)
    if kind == .diagonal {
      let shrunk = zip(fresh, oldScale).map { exp(weight * log($0) + (1 - weight) * log($1)) }
      return checked(.diagonal(scale: shrunk))
    }
    let map = MetricMap(.diagonal(scale: fresh))
    guard
      let whitened = whitenedCovariance(positions, gradients, count: count, base: map),
      let shrunk = Self.shrunk(whitened.sandwiched(by: Self.matrix(map)), towards: old, weight: weight)
    else { return nil }
    return Self.factorised(shrunk, kind: kind).flatMap(checked)
  }

  /// The point at `weight` on the geodesic of positive definite matrices from the old covariance to `covariance`: in the
  /// coordinates that the old metric whitens, a power.
  private static func shrunk(_ covariance: SymmetricMatrix, towards old: Metric, weight: Double) -> SymmetricMatrix? {
    guard weight < 1 else { return covariance }
    let map = MetricMap(old)
    let inverse = matrix(map) { $2.applyInverse($0, into: $1) }
    return covariance.sandwiched(by: inverse).power(weight)?.sandwiched(by: matrix(map))
  }

  private func checked(_ metric: Metric) -> Metric? { metric.isValid ? metric : nil }

  /// The scale of every coordinate; the old one where a coordinate has not moved.
  private func scale(_ positions: [Double], _ gradients: [Double], count: Int, old: [Double]) -> [Double] {
    let squares = (positions: Self.squares(positions, old.count), gradients: Self.squares(gradients, old.count))
    return old.indices.map { index in
      let variance = squares.positions[index] / Double(count)
      let curvature = squares.gradients[index] / Double(count)
      guard variance > 0 else { return old[index] }
      let estimate: Double
      if usesGradients && curvature > 0 {
        estimate = (variance / curvature).squareRoot()
      } else {
        // As Stan, but shrunk towards the old variance and not towards 0.001, which knows nothing of units.
        estimate = (Double(count) * variance + 5e-3 * old[index] * old[index]) / Double(count + 5)
      }
      let scale = estimate.squareRoot()
      return scale > 1e-150 && scale < 1e150 ? scale : old[index]
    }
  }

  private static func squares(_ rows: [Double], _ dimension: Int) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    for row in 0..<rows.count / max(1, dimension) {
      for index in 0..<dimension { result[index] += rows[row * dimension + index] * rows[row * dimension + index] }
    }
    return result
  }

  /// The covariance in the coordinates that `base` whitens. The ridge keeps directions that few draws have seen near 1,
  /// and fades as draws outnumber dimensions.
  private func whitenedCovariance(
    _ positions: [Double], _ gradients: [Double], count: Int, base: borrowing MetricMap
  ) -> SymmetricMatrix? {
    let dimension = base.dimension
    let ratio = Double(dimension) / Double(count)
    let ridge = max(1e-5, min(1, ratio * ratio * ratio * ratio))
    let factor = 1 / Double(count)
    let draws = Self.mapped(positions, dimension: dimension, by: base) { $2.applyInverse($0, into: $1) }
    let covariance = SymmetricMatrix(outerProductOf: draws, dimension: dimension, factor: factor, ridge: ridge)
    guard usesGradients else { return covariance }
    let forces = Self.mapped(gradients, dimension: dimension, by: base) { $2.applyTransposed($0, into: $1) }
    let curvature = SymmetricMatrix(outerProductOf: forces, dimension: dimension, factor: factor, ridge: ridge)
    return SymmetricMatrix.geometricMean(covariance, inverseOf: curvature)
  }

  private static func mapped(
    _ rows: [Double], dimension: Int, by map: borrowing MetricMap,
    _ body: (Vector, Vector, borrowing MetricMap) -> Void
  ) -> [Double] {
    let slab = VectorSlab(vectors: 2, dimension: dimension)
    var result = rows
    for row in 0..<rows.count / max(1, dimension) {
      for index in 0..<dimension { slab[0].elements[index] = rows[row * dimension + index] }
      body(slab[0], slab[1], map)
      for index in 0..<dimension { result[row * dimension + index] = slab[1].elements[index] }
    }
    return result
  }

  /// The matrix of a linear map, S by default, by columns.
  private static func matrix(
    _ map: borrowing MetricMap,
    _ body: (Vector, Vector, borrowing MetricMap) -> Void = { $2.apply($0, into: $1) }
  ) -> [Double] {
    let dimension = map.dimension
    var identity = [Double](repeating: 0, count: dimension * dimension)
    for index in 0..<dimension { identity[index * (dimension + 1)] = 1 }
    return mapped(identity, dimension: dimension, by: map, body)
  }

  /// The square roots of the diagonal of S Sᵀ.
  static func standardDeviations(of metric: Metric) -> [Double] {
    if case .diagonal(let scale) = metric { return scale }
    let map = MetricMap(metric)
    let (dimension, columns) = (map.dimension, matrix(map))
    return (0..<dimension).map { row in
      var sum = 0.0
      for column in 0..<dimension { sum += columns[column * dimension + row] * columns[column * dimension + row] }
      return sum.squareRoot()
    }
  }

  /// The dense or low-rank metric of a covariance.
  static func factorised(_ covariance: SymmetricMatrix, kind: MetricKind) -> Metric? {
    let dimension = covariance.dimension
    if kind == .dense { return covariance.cholesky().map { .dense(dimension: dimension, factor: $0) } }
    let scale = (0..<dimension).map { covariance.elements[$0 * (dimension + 1)].squareRoot() }
    var inverse = [Double](repeating: 0, count: dimension * dimension)
    for index in 0..<dimension { inverse[index * (dimension + 1)] = 1 / scale[index] }
    guard let (values, vectors) = covariance.sandwiched(by: inverse).eigen() else { return nil }
    var directions: [Double] = []
    var stretch: [Double] = []
    for (index, value) in values.enumerated() where value > 0 && (value > cutoff || value < 1 / cutoff) {
      directions += vectors[index * dimension..<(index + 1) * dimension]
      stretch.append(value.squareRoot() - 1)
    }
    return .lowRank(scale: scale, directions: directions, stretch: stretch)
  }
}
