#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension CovarianceEvaluator {
  /// Adds Σ_i w_i ∂k_i/∂ln φ of every hyperparameter φ, ∂k_i/∂φ of a location, for the block that `covariances` has just left in the scratch: backwards
  /// through the tree, so that a block costs the same for any number of hyperparameters but for the length scales' sums.
  func addGradient(
    weights: UnsafePointer<Double>, from start: Int, count: Int, same: Int?, to gradient: inout [Double]
  ) {
    nodeAdjoints(program.nodes.count - 1).update(from: weights, count: count)
    for index in program.nodes.indices.reversed() {
      let adjoint = nodeAdjoints(index)
      switch program.nodes[index] {
      case .constant(let parameter):
        var sum = 0.0
        for row in 0..<count { sum += adjoint[row] }
        gradient[parameter] += sum * values[parameter]
      case .white(let parameter):
        if let same { gradient[parameter] += adjoint[same] * values[parameter] }
      case .stationary(let leaf): addGradient(leaf, index, from: start, count: count, to: &gradient)
      case .sum(let left, let right):
        nodeAdjoints(left).update(from: adjoint, count: count)
        nodeAdjoints(right).update(from: adjoint, count: count)
      case .product(let left, let right):
        let (a, b) = (nodeValues(left), nodeValues(right))
        let (toLeft, toRight) = (nodeAdjoints(left), nodeAdjoints(right))
        for row in 0..<count {
          toLeft[row] = adjoint[row] * b[row]
          toRight[row] = adjoint[row] * a[row]
        }
      case .changepoint(let passage, let left, let right):
        addGradient(passage, index, left, right, from: start, count: count, to: &gradient)
      }
    }
  }

  private func addGradient(
    _ leaf: CovarianceProgram.Leaf, _ index: Int, from start: Int, count: Int, to gradient: inout [Double]
  ) {
    let (adjoint, squares, slopes) = (nodeAdjoints(index), nodeDistances(index), nodeSlopes(index))
    let own = leaf.firstParameter + leaf.lengthScales
    switch leaf.shape {
    case .periodic: return addPeriodic(leaf, index, count: count, to: &gradient)
    case .rationalQuadratic: gradient[own] += mixtureGradient(index, alpha: values[own], count: count)
    case .rbf, .matern12, .matern32, .matern52: break
    }
    // ∂k/∂ln ℓ_f = −2 ∂k/∂r² ((x_f − x′_f) / ℓ_f)²
    for row in 0..<count { adjoint[row] *= slopes[row] }
    guard leaf.lengthScales > 1 else {
      var sum = 0.0
      for row in 0..<count { sum += adjoint[row] * squares[row] }
      gradient[leaf.firstParameter] += sum
      return
    }
    for place in 0..<leaf.lengthScales {
      let column = leaf.firstScaled + place
      gradient[leaf.firstParameter + place] += Self.weightedSquares(
        adjoint, scaledColumn(column) + start, from: pointEntry(column), count: count)
    }
  }

  /// ∂k/∂ln α = k (r²/2 / (1 + r²/2α) − α ln(1 + r²/2α)), summed with the adjoints.
  private func mixtureGradient(_ index: Int, alpha: Double, count: Int) -> Double {
    let (adjoint, squares, correlation) = (nodeAdjoints(index), nodeDistances(index), nodeValues(index))
    var sum = 0.0
    for row in 0..<count {
      let excess = squares[row] / (2 * alpha)
      sum += adjoint[row] * correlation[row] * alpha * (excess / (1 + excess) - log1p(excess))
    }
    return sum
  }

  /// With u = π d / p: ∂k/∂ln ℓ = 4 sin²u k / ℓ², ∂k/∂ln p = 4 u sin u cos u k / ℓ².
  private func addPeriodic(_ leaf: CovarianceProgram.Leaf, _ index: Int, count: Int, to gradient: inout [Double]) {
    let (adjoint, distances, correlation) = (nodeAdjoints(index), nodeDistances(index), nodeValues(index))
    let (scale, period) = (values[leaf.firstParameter], values[leaf.firstParameter + 1])
    var (scaleSum, periodSum) = (0.0, 0.0)
    for row in 0..<count {
      let angle = Double.pi * distances[row] / period
      let (sine, weight) = (sin(angle), adjoint[row] * correlation[row])
      scaleSum += weight * sine * sine
      periodSum += weight * angle * sine * cos(angle)
    }
    gradient[leaf.firstParameter] += 4 * scaleSum / (scale * scale)
    gradient[leaf.firstParameter + 1] += 4 * periodSum / (scale * scale)
  }

  /// Σ_i w_i (z_i − c)², in eight running sums: one alone would wait for itself.
  private static func weightedSquares(
    _ weights: UnsafePointer<Double>, _ column: UnsafePointer<Double>, from center: Double, count: Int
  ) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    let (rawWeights, rawColumn) = (UnsafeRawPointer(weights), UnsafeRawPointer(column))
    let whole = count & ~7
    for row in stride(from: 0, to: whole, by: 8) {
      let offset = row * MemoryLayout<Double>.stride
      let difference = rawColumn.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self) - center
      sums += rawWeights.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self) * difference * difference
    }
    var sum = sums.sum()
    for row in whole..<count {
      let difference = column[row] - center
      sum += weights[row] * difference * difference
    }
    return sum
  }
}
