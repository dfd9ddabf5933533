/// Which covariances a metric can express.
public enum MetricKind: String, Codable, Sendable, CaseIterable {
  /// One scale a coordinate.
  case diagonal
  /// All covariances.
  case dense
  /// One scale a coordinate, and a few directions in which the scaled coordinates are far from spherical.
  case lowRank
}

/// The Euclidean metric of Hamiltonian Monte Carlo, given by a square root S of the inverse mass matrix: M⁻¹ = S Sᵀ ≈ the
/// covariance of the target.
///
/// The sampler's momenta are whitened, p ~ N(0, I): a drift moves q by ε S p, a kick moves p by ½ ε Sᵀ ∇ ln π(q).
/// That is Hamiltonian dynamics with mass matrix M, written so that no inverse is ever needed.
public enum Metric: Sendable, Codable, Equatable {
  /// S = diag(scale); `scale` approximates the standard deviations.
  case diagonal(scale: [Double])
  /// S = L, the lower Cholesky factor of the covariance, d × d by columns.
  case dense(dimension: Int, factor: [Double])
  /// S = diag(scale) (I + U diag(stretch) Uᵀ), the columns of U (d × r by columns) orthonormal, stretch = √λ − 1 for
  /// eigenvalues λ of the scaled covariance.
  case lowRank(scale: [Double], directions: [Double], stretch: [Double])

  /// The metric of that kind with those standard deviations and no correlation.
  public init(_ kind: MetricKind, scale: [Double]) {
    switch kind {
    case .diagonal: self = .diagonal(scale: scale)
    case .lowRank: self = .lowRank(scale: scale, directions: [], stretch: [])
    case .dense:
      var factor = [Double](repeating: 0, count: scale.count * scale.count)
      for index in scale.indices { factor[index * (scale.count + 1)] = scale[index] }
      self = .dense(dimension: scale.count, factor: factor)
    }
  }

  /// A first guess at a position of standard normal size from its gradient g alone: variances 1/|g|, the geometric mean
  /// of the variance 1 of such positions and of the curvature information g² (nutpie's choice).
  public init(_ kind: MetricKind, gradient: [Double]) {
    self.init(kind, scale: gradient.map { 1 / min(max(abs($0), 1e-20), 1e20).squareRoot() })
  }

  /// What the metric can express.
  public var kind: MetricKind {
    switch self {
    case .diagonal: .diagonal
    case .dense: .dense
    case .lowRank: .lowRank
    }
  }

  /// The length of a position.
  public var dimension: Int {
    switch self {
    case .diagonal(let scale), .lowRank(let scale, _, _): scale.count
    case .dense(let dimension, _): dimension
    }
  }

  /// Whether the parts have the lengths that they need, and are finite.
  public var isValid: Bool {
    switch self {
    case .diagonal(let scale): scale.allSatisfy { $0 > 0 && $0.isFinite }
    case .dense(let dimension, let factor):
      (0...factor.count).contains(dimension) && factor.count == dimension * dimension && factor.allSatisfy(\.isFinite)
        && (0..<dimension).allSatisfy { factor[$0 * (dimension + 1)] > 0 }
    case .lowRank(let scale, let directions, let stretch):
      directions.count == scale.count * stretch.count && scale.allSatisfy { $0 > 0 && $0.isFinite }
        && directions.allSatisfy(\.isFinite) && stretch.allSatisfy { $0 > -1 && $0.isFinite }
    }
  }
}
