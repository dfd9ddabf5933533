import COpenBLAS

/// A metric laid out for speed: S, its transpose and its inverse applied to vectors of a slab.
struct MetricMap: ~Copyable {
  let metric: Metric
  let dimension: Int
  /// The scale, then the directions of a low-rank metric.
  private let slab: VectorSlab
  private let stretch: [Double]
  private let factor: [Double]

  init(_ metric: Metric) {
    SingleThreadedBLAS.ensure()
    self.metric = metric
    dimension = metric.dimension
    switch metric {
    case .diagonal(let scale):
      slab = VectorSlab(vectors: 1, dimension: dimension)
      slab[0].assign(scale)
      stretch = []
      factor = []
    case .dense(_, let factor):
      slab = VectorSlab(vectors: 0, dimension: dimension)
      stretch = []
      self.factor = factor
    case .lowRank(let scale, let directions, let stretch):
      slab = VectorSlab(vectors: 1 + stretch.count, dimension: dimension)
      slab[0].assign(scale)
      for index in stretch.indices {
        slab[1 + index].assign(Array(directions[index * dimension..<(index + 1) * dimension]))
      }
      self.stretch = stretch
      factor = []
    }
  }

  /// result ← S v
  func apply(_ vector: Vector, into result: Vector) {
    switch metric {
    case .diagonal: result.setProduct(slab[0], vector)
    case .dense: triangular(vector, into: result, transposed: false)
    case .lowRank:
      result.copy(vector)
      for index in stretch.indices {
        result.add(stretch[index] * slab[1 + index].dot(vector), slab[1 + index])
      }
      result.setProduct(slab[0], result)
    }
  }

  /// result ← Sᵀ v
  func applyTransposed(_ vector: Vector, into result: Vector) {
    switch metric {
    case .diagonal: result.setProduct(slab[0], vector)
    case .dense: triangular(vector, into: result, transposed: true)
    case .lowRank:
      result.setProduct(slab[0], vector)
      // The directions are orthogonal, so that one correction does not disturb the next inner product.
      for index in stretch.indices {
        result.add(stretch[index] * slab[1 + index].dot(result), slab[1 + index])
      }
    }
  }

  /// result ← S⁻¹ v
  func applyInverse(_ vector: Vector, into result: Vector) {
    switch metric {
    case .diagonal: divide(vector, into: result)
    case .dense:
      result.copy(vector)
      var (n, one) = (Int32(dimension), Int32(1))
      dtrsv_("L", "N", "N", &n, factor, &n, result.elements, &one, 1, 1, 1)
    case .lowRank:
      divide(vector, into: result)
      for index in stretch.indices {
        let shrink = 1 / (1 + stretch[index]) - 1
        result.add(shrink * slab[1 + index].dot(result), slab[1 + index])
      }
    }
  }

  private func divide(_ vector: Vector, into result: Vector) {
    for index in 0..<dimension { result.elements[index] = vector.elements[index] / slab[0].elements[index] }
  }

  private func triangular(_ vector: Vector, into result: Vector, transposed: Bool) {
    // A product with the zeros above the diagonal included is faster than a triangular one at these sizes.
    var (n, one, alpha, beta) = (Int32(dimension), Int32(1), 1.0, 0.0)
    dgemv_(
      transposed ? "T" : "N", &n, &n, &alpha, factor, &n, vector.elements, &one, &beta, result.elements, &one, 1)
  }
}
