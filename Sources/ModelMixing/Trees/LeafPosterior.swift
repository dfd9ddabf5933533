#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// The conjugate Gaussian of one leaf vector v = β + τ z with z ~ N(0, I) beforehand, given its rows.
///
/// With A = Σ f fᵀ/s² and b = Σ f (r − f·β)/s², the precision of z is Λ = I + τ A τ/σ² = L Lᵀ and with u = L⁻¹ τ b/σ² its mean is
/// L⁻ᵀ u. The integrated likelihood of the leaf's rows is exp(½ |u|²)/Π L_ii, but for what no tree changes. No eigenvalue of Λ is
/// below 1, so that no data make the factor fail.
struct LeafPosterior: Sendable {
  private let prior: LeafPrior
  private let models: Int
  /// L by rows, packed.
  private var factor: [Double]
  /// u.
  private var solution: [Double]

  init(_ prior: LeafPrior) {
    self.prior = prior
    models = prior.means.count
    factor = [Double](repeating: 0, count: models * (models + 1) / 2)
    solution = [Double](repeating: 0, count: models)
  }

  /// Factorises Λ of one leaf of the table.
  /// - Parameter precision: 1/σ².
  /// - Returns: ln of the integrated likelihood.
  mutating func condition(on table: LeafTable, leaf: Int, precision: Double) -> Double {
    let gram = leaf * table.width
    let moment = gram + models * (models + 1) / 2
    var square = 0.0
    // One logarithm for many pivots; none is beyond 1e154.
    var (pivots, logPivots) = (1.0, 0.0)
    var row = 0
    for i in 0..<models {
      let scale = precision * prior.scales[i]
      var column = 0
      for j in 0...i {
        var sum = scale * prior.scales[j] * table.sums[gram + row + j] + (i == j ? 1 : 0)
        for k in 0..<j { sum -= factor[row + k] * factor[column + k] }
        factor[row + j] = i == j ? max(1, sum).squareRoot() : sum / factor[column + j]
        column += j + 1
      }
      var u = scale * table.sums[moment + i]
      for k in 0..<i { u -= factor[row + k] * solution[k] }
      solution[i] = u / factor[row + i]
      square += solution[i] * solution[i]
      pivots *= factor[row + i]
      if pivots > 1e100 {
        logPivots += log(pivots)
        pivots = 1
      }
      row += i + 1
    }
    return 0.5 * square - logPivots - log(pivots)
  }

  /// Draws the leaf vector that was conditioned last into `values` at `start`.
  mutating func draw(into values: inout [Double], at start: Int, _ stream: inout RandomStream) {
    for i in 0..<models { solution[i] += stream.normal() }
    for i in (0..<models).reversed() {
      var z = solution[i]
      for k in i + 1..<models { z -= factor[k * (k + 1) / 2 + i] * solution[k] }
      solution[i] = z / factor[i * (i + 1) / 2 + i]
      values[start + i] = prior.means[i] + prior.scales[i] * solution[i]
    }
  }
}
