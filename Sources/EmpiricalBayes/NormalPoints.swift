import Diagnostics
import LogDensities
import Sampling

/// A small fixed set of points that stands for N(0, I): a Latin hypercube (McKay, Beckman, Conover 1979) with every point's
/// mirror image, linearly mapped so that mean and covariance are exact.
enum NormalPoints {
  /// `count` points (rounded up to an even number) of that dimension; always the same ones.
  static func standard(count: Int, dimension: Int) -> [[Double]] {
    let half = max((count + 1) / 2, 1)
    var random = RandomStream(seed: 0, purpose: .partition)
    var points = [[Double]](repeating: [Double](repeating: 0, count: dimension), count: half)
    for axis in 0..<dimension {
      var strata = (0..<half).map { standardNormalQuantile(0.5 + (Double($0) + 0.5) / Double(2 * half)) }
      for last in stride(from: half - 1, to: 0, by: -1) { strata.swapAt(last, random.integer(below: last + 1)) }
      for index in 0..<half { points[index][axis] = random.uniform() < 0.5 ? strata[index] : -strata[index] }
    }
    let whitened = whitened(points, dimension: dimension)
    return whitened + whitened.map { $0.map { -$0 } }
  }

  /// R⁻¹ z for the second moment R Rᵀ of the points; the points themselves where it has no inverse (too few points).
  private static func whitened(_ points: [[Double]], dimension: Int) -> [[Double]] {
    var moment = [Double](repeating: 0, count: dimension * dimension)
    for point in points {
      for column in 0..<dimension {
        for row in 0..<dimension {
          moment[column * dimension + row] += point[row] * point[column] / Double(points.count)
        }
      }
    }
    guard dimension > 0, dimension < points.count,
      let factor = SymmetricMatrix(dimension: dimension, elements: moment).cholesky()
    else { return points }
    return points.map { point in
      var solved = point
      for row in 0..<dimension {
        for column in 0..<row { solved[row] -= factor[column * dimension + row] * solved[column] }
        solved[row] /= factor[row * (dimension + 1)]
      }
      return solved
    }
  }
}
