import Foundation
import LogDensities
import NeuralNetworks

/// The posterior of a network with one unit and one feature by quadrature: given (w, b, ln σ) the network is linear in
/// (v, b₂) with a normal prior, so that these two integrate out in closed form, and a trapezoid rule over three dimensions is
/// left. All priors are the default families with location 0.
struct OneUnitQuadrature {
  /// ln p(y | λ).
  let logEvidence: Double
  /// Posterior means of ln σ, of w², and of the output at `probe`: nothing that a change of sign changes.
  let meanLogSigma: Double
  let meanSquaredInputWeight: Double
  let meanOutput: Double

  /// - Parameter scales: Of w, b, v, b₂ and ln σ.
  init(_ rows: NeuralNetworkRows, scales: [Double], probe: Double, points: Int = 121) {
    let grid = (0..<points).map { 14 * (Double($0) / Double(points - 1) - 0.5) }
    let logGrid = grid.map { -0.5 * $0 * $0 - 0.5 * log(2 * Double.pi) + log(14 / Double(points - 1)) }
    let n = Double(rows.count)
    let y = rows.response
    let (sumY, squareY) = (y.reduce(0, +), y.reduce(0) { $0 + $1 * $1 })
    var terms: [(log: Double, logSigma: Double, square: Double, output: Double)] = []
    // A change of sign of (w, b, v) leaves all as it is: w > 0 stands for both.
    for i in 0..<points where grid[i] >= -1e-12 {
      let (w, weight) = (scales[0] * grid[i], grid[i] > 1e-12 ? log(2.0) : 0)
      for j in 0..<points {
        let b = scales[1] * grid[j]
        let t = rows.features.map { tanh(b + w * $0) }
        let (tt, t1) = (t.reduce(0) { $0 + $1 * $1 }, t.reduce(0, +))
        let ty = zip(t, y).reduce(0) { $0 + $1.0 * $1.1 }
        for k in 0..<points {
          let u = scales[4] * grid[k]
          let precision = exp(-2 * u)
          let a = tt * precision + 1 / (scales[2] * scales[2])
          let d = n * precision + 1 / (scales[3] * scales[3])
          let c = t1 * precision
          let determinant = a * d - c * c
          let (fy, gy) = (ty * precision, sumY * precision)
          let (v, bias) = ((d * fy - c * gy) / determinant, (a * gy - c * fy) / determinant)
          let logLikelihood =
            -0.5 * n * log(2 * Double.pi) - n * u - log(scales[2] * scales[3]) - 0.5 * log(determinant)
            - 0.5 * (squareY * precision - fy * v - gy * bias)
          terms.append(
            (logLikelihood + weight + logGrid[i] + logGrid[j] + logGrid[k], u, w * w, v * tanh(b + w * probe) + bias))
        }
      }
    }
    let top = terms.map(\.log).max() ?? 0
    var (total, logSigma, square, output) = (0.0, 0.0, 0.0, 0.0)
    for term in terms {
      let share = exp(term.log - top)
      total += share
      logSigma += share * term.logSigma
      square += share * term.square
      output += share * term.output
    }
    logEvidence = top + log(total)
    (meanLogSigma, meanSquaredInputWeight, meanOutput) = (logSigma / total, square / total, output / total)
  }
}
