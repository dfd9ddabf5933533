#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// A multivariate Student-t of 7 degrees of freedom with the mean and covariance of some draws: what a mode's mass is
/// compared with. Its tails are heavier than a Gaussian's, so that none of the mode's draws lies where it has no mass.
struct ModeProposal {
  private static let freedom = 7
  let mean: [Double]
  /// L of L Lᵀ = scale matrix, by rows, lower triangle.
  private let factor: [Double]
  private let logConstant: Double
  private var dimension: Int { mean.count }

  /// nil where the draws span no volume.
  init?(_ draws: [[Double]]) {
    guard let d = draws.first?.count, d > 0, draws.count > 2 else { return nil }
    let n = Double(draws.count)
    mean = (0..<d).map { index in draws.reduce(0) { $0 + $1[index] } / n }
    var covariance = [Double](repeating: 0, count: d * d)
    for draw in draws {
      let centred = zip(draw, mean).map { $0 - $1 }
      for row in 0..<d { for column in 0...row { covariance[row * d + column] += centred[row] * centred[column] } }
    }
    // Correlations of few draws are mostly noise: they shrink towards none.
    let kept = n / (n + Double(d))
    for row in 0..<d {
      for column in 0...row { covariance[row * d + column] *= (row == column ? 1 : kept) / (n - 1) }
    }
    guard let factor = Self.cholesky(covariance, d) else { return nil }
    self.factor = factor
    let nu = Double(Self.freedom)
    let logDeterminant = (0..<d).reduce(0.0) { $0 + log(factor[$1 * d + $1]) }
    logConstant =
      lgamma((nu + Double(d)) / 2) - lgamma(nu / 2) - 0.5 * Double(d) * log(nu * .pi) - logDeterminant
  }

  private static func cholesky(_ matrix: [Double], _ d: Int) -> [Double]? {
    var factor = matrix
    for row in 0..<d {
      for column in 0...row {
        var sum = factor[row * d + column]
        for index in 0..<column { sum -= factor[row * d + index] * factor[column * d + index] }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          factor[row * d + row] = sum.squareRoot()
        } else {
          factor[row * d + column] = sum / factor[column * d + column]
        }
      }
    }
    return factor
  }

  /// The normalised log density.
  func logDensity(at position: [Double]) -> Double {
    let d = dimension
    var z = [Double](repeating: 0, count: d)
    var square = 0.0
    for row in 0..<d {
      var value = position[row] - mean[row]
      for column in 0..<row { value -= factor[row * d + column] * z[column] }
      z[row] = value / factor[row * d + row]
      square += z[row] * z[row]
    }
    let nu = Double(Self.freedom)
    return logConstant - 0.5 * (nu + Double(d)) * log1p(square / nu)
  }

  /// One draw.
  func draw(_ stream: inout RandomStream) -> [Double] {
    let d = dimension
    let chiSquare = (0..<Self.freedom).reduce(0.0) { sum, _ in
      let normal = stream.normal()
      return sum + normal * normal
    }
    let stretch = (Double(Self.freedom) / chiSquare).squareRoot()
    let z = (0..<d).map { _ in stream.normal() * stretch }
    return (0..<d).map { row in (0...row).reduce(mean[row]) { $0 + factor[row * d + $1] * z[$1] } }
  }
}
