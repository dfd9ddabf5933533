import LogDensities
import Sampling

/// An ascent direction J⁻¹ g with J = (1 − η)(−H) + η F: Louis's Hessian where it is clearly negative definite, blended with
/// the expected prior information F where it is not.
struct NewtonDirection: Sendable {
  /// The direction, 0 in coordinates that are held.
  let step: [Double]
  /// J by rows, over the coordinates of `free`.
  let information: SymmetricMatrix
  /// The coordinates that may move: all but those at a bound that they would leave.
  let free: [Int]
  /// The share η of F in J; 0 for a Newton step.
  let blend: Double
  /// The smallest eigenvalue of J in units of F: the share of what can be known that the data supply along the direction that
  /// they say least about.
  private let smallestShare: Double

  /// The blends that are tried in turn.
  private static let blends = [0.0, 0.3, 0.6, 0.8, 0.9, 1]
  /// The smallest eigenvalue of J, in units of F, that counts as clearly positive.
  private static let clearlyPositive = 0.05

  init(_ local: LocalQuadratic, at lambda: Hyperparameters) {
    let q = local.gradient.count
    let free = (0..<q).filter { index in
      let coordinate = lambda.coordinates[index]
      return
        !(coordinate.value <= coordinate.bounds.lowerBound && local.gradient[index] < 0
        || coordinate.value >= coordinate.bounds.upperBound && local.gradient[index] > 0)
    }
    self.free = free
    guard !free.isEmpty else {
      (step, blend) = ([Double](repeating: 0, count: q), 0)
      information = SymmetricMatrix(dimension: 0, elements: [])
      smallestShare = 1
      return
    }
    let scales = free.map { 1 / max(local.information[$0], 1e-300).squareRoot() }
    func candidate(_ eta: Double, scaled: Bool) -> SymmetricMatrix {
      var elements: [Double] = []
      for (row, i) in free.enumerated() {
        for (column, j) in free.enumerated() {
          let value = -(1 - eta) * local.hessian[i * q + j] + (i == j ? eta * local.information[i] : 0)
          elements.append(scaled ? value * scales[row] * scales[column] : value)
        }
      }
      return SymmetricMatrix(dimension: free.count, elements: elements)
    }
    let found =
      Self.blends.first { eta in
        (candidate(eta, scaled: true).eigen()?.values.first ?? -1) > Self.clearlyPositive
      } ?? 1
    blend = found
    smallestShare = candidate(found, scaled: true).eigen()?.values.first ?? 1
    information = candidate(found, scaled: false)
    let right = free.map { local.gradient[$0] }
    let solution = information.solution(of: right) ?? zip(right, free).map { $0 / local.information[$1] }
    var step = [Double](repeating: 0, count: q)
    for (index, coordinate) in free.enumerated() { step[coordinate] = solution[index] }
    self.step = step
  }

  /// Whether this is a Newton step at a maximum's curvature, beyond doubt. The share 1 − s of F that Louis's formula takes away
  /// is a variance of scores, known from n draws to √(2/n) of itself: on a flat stretch, where nothing is left, a few draws
  /// may well see a maximum, and iterations look often. Three such errors are asked for.
  func isCertain(effectiveDraws: Double) -> Bool {
    blend == 0 && smallestShare > 3 * (1 - smallestShare) * (2 / max(effectiveDraws, 1)).squareRoot()
  }

  /// The expected regret at a point, by the larger of two estimates of its noise: autocorrelation sees no chain that hardly
  /// moves, and few chains have few differences.
  func expectedRegret(
    of local: LocalQuadratic, autocorrelationTime time: Double, chains: [Int]
  ) -> (noise: Double, distance: Double)? {
    let covariances = [
      local.gradientCovariance(effectiveDraws: local.effectiveDraws / time), local.gradientCovariance(chains: chains),
    ].compactMap { $0 }
    let regrets = covariances.compactMap { expectedRegret(gradient: local.gradient, covariance: $0) }
    return regrets.max { $0.noise < $1.noise }
  }

  /// ½ tr(J⁻¹ C) + ½ gᵀJ⁻¹g: what the maximum of the quadratic is expected to lie above a point with gradient g and its
  /// covariance C (by rows, over all coordinates). nil where J is not positive definite.
  func expectedRegret(gradient: [Double], covariance: [Double]) -> (noise: Double, distance: Double)? {
    guard !free.isEmpty else { return (0, 0) }
    guard let inverse = information.inverse() else { return nil }
    let (q, k) = (gradient.count, free.count)
    var (noise, distance) = (0.0, 0.0)
    for (row, i) in free.enumerated() {
      for (column, j) in free.enumerated() {
        let element = inverse.elements[row * k + column]
        noise += 0.5 * element * covariance[j * q + i]
        distance += 0.5 * element * gradient[i] * gradient[j]
      }
    }
    return (noise, distance)
  }
}

/// A move shortened as a whole, so that no log moves by more than `radius`, and no location by more than twice that times
/// its prior's scale.
func shortened(_ move: [Double], at point: TuningPoint, radius: Double) -> [Double] {
  let longest = move.indices.map { abs(move[$0]) / (point.isLocation[$0] ? 2 * point.unit[$0] : 1) }.max() ?? 0
  let factor = 1 / max(1, longest / radius)
  return move.map { factor * $0 }
}
