import Foundation
import LogDensities

@testable import Experts

/// A mixture of Gaussians by the C library's functions, one component after the other: the oracle of the kernels.
struct ScalarMixture {
  var weights: [Double]
  var means: [Double]
  var deviations: [Double]

  init(_ mixture: PredictiveMixture) {
    weights = mixture.weights
    means = mixture.means
    deviations = mixture.standardDeviations
  }

  var mean: Double { weights.indices.reduce(0) { $0 + weights[$1] * means[$1] } }

  var standardDeviation: Double {
    let centre = mean
    return weights.indices.reduce(0.0) {
      $0 + weights[$1] * (deviations[$1] * deviations[$1] + pow(means[$1] - centre, 2))
    }.squareRoot()
  }

  func logDensity(at y: Double) -> Double {
    logSumExp(
      weights.indices.map {
        log(weights[$0]) - 0.5 * pow((y - means[$0]) / deviations[$0], 2) - log(deviations[$0]) - 0.5 * log(2 * .pi)
      })
  }

  func distribution(at y: Double) -> (below: Double, density: Double) {
    weights.indices.reduce((0.0, 0.0)) { sum, i in
      let z = (y - means[i]) / deviations[i]
      return (
        sum.0 + weights[i] * 0.5 * erfc(-z * 0.5.squareRoot()),
        sum.1 + weights[i] * exp(-0.5 * z * z) / (deviations[i] * (2 * .pi).squareRoot())
      )
    }
  }

  /// Newton's method inside a bracket from Cantelli's inequality.
  func quantile(_ probability: Double) -> Double {
    let spread = standardDeviation
    var low = mean - 1.01 * spread * ((1 - probability) / probability).squareRoot()
    var high = mean + 1.01 * spread * (probability / (1 - probability)).squareRoot()
    var y = mean
    for _ in 0..<400 {
      let (value, density) = distribution(at: y)
      if value < probability { low = y } else { high = y }
      let newton = y - (value - probability) / density
      let next = newton > low && newton < high ? newton : 0.5 * (low + high)
      let change = abs(next - y)
      y = next
      if change <= 1e-13 * spread { break }
    }
    return y
  }

  /// E|Y − y|.
  func meanDistance(to y: Double) -> Double {
    weights.indices.reduce(0) { $0 + weights[$1] * distance(y - means[$1], deviations[$1]) }
  }

  /// ½ E|Y − Y′| over all pairs of components (Grimit, Gneiting, Berrocal and Johnson 2006).
  var halfMeanDifference: Double {
    var value = 0.0
    for i in weights.indices {
      value += 0.5 * weights[i] * weights[i] * distance(0, 2.0.squareRoot() * deviations[i])
      for j in 0..<i {
        value += weights[i] * weights[j] * distance(means[i] - means[j], hypot(deviations[i], deviations[j]))
      }
    }
    return value
  }

  func crps(at y: Double) -> Double { meanDistance(to: y) - halfMeanDifference }

  /// E|N(d, s)|.
  private func distance(_ d: Double, _ s: Double) -> Double {
    d * erf(d / (s * 2.0.squareRoot())) + s * (2 / .pi).squareRoot() * exp(-0.5 * d * d / (s * s))
  }
}

/// A mixture of `draws` draws of `experts` components about distinct centres, with unequal weights.
func randomMixture(
  draws: Int, experts: Int, seed: UInt64, instructions: InstructionSet = .automatic, jitter: Double = 0.1
) -> PredictiveMixture {
  var stream = RandomStream(seed: seed, purpose: .test)
  let centres = (0..<experts).map { _ in 2 * stream.normal() }
  let scales = (0..<experts).map { _ in exp(-1 + 0.7 * stream.normal()) }
  var (weights, means, deviations): ([Double], [Double], [Double]) = ([], [], [])
  for _ in 0..<draws {
    for i in 0..<experts {
      weights.append(exp(0.5 * stream.normal()))
      means.append(centres[i] + jitter * stream.normal())
      deviations.append(scales[i] * exp(0.05 * stream.normal()))
    }
  }
  let total = weights.reduce(0, +)
  return PredictiveMixture(
    weights: weights.map { $0 / total }, means: means, standardDeviations: deviations, componentsPerDraw: experts,
    instructionSet: instructions)
}
