#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// The posterior predictive distribution of one row (21): over draws and experts a mixture of Gaussians.
public struct PredictiveMixture: Sendable {
  /// The weights of the components; they sum to 1. Draw by draw.
  public internal(set) var weights: [Double] = []
  /// The means of the components.
  public internal(set) var means: [Double] = []
  /// The standard deviations of the components.
  public internal(set) var standardDeviations: [Double] = []

  /// ln p(y): the logarithm of the mean over draws of the density, the row's part of LPPD (26).
  public func logDensity(at y: Double) -> Double {
    let terms = weights.indices.map { i in
      let z = (y - means[i]) / standardDeviations[i]
      return log(weights[i]) - 0.5 * z * z - log(standardDeviations[i]) - halfLogTwoPi
    }
    return Gating.logSumExp(terms.span)
  }

  /// The predictive mean.
  public var mean: Double { weights.indices.reduce(0) { $0 + weights[$1] * means[$1] } }

  /// The predictive standard deviation.
  public var standardDeviation: Double {
    let centre = mean
    return weights.indices.reduce(0.0) { sum, i in
      let difference = means[i] - centre
      return sum + weights[i] * (standardDeviations[i] * standardDeviations[i] + difference * difference)
    }.squareRoot()
  }

  /// P(Y ≤ y) and its density, in one pass.
  public func distribution(at y: Double) -> (probability: Double, density: Double) {
    var probability = 0.0
    var density = 0.0
    for i in weights.indices {
      let z = (y - means[i]) / standardDeviations[i]
      probability += weights[i] * 0.5 * erfc(-z * squareRootOfHalf)
      density += weights[i] * exp(-0.5 * z * z) / standardDeviations[i]
    }
    return (probability, density * inverseSquareRootOfTwoPi)
  }

  /// The y with P(Y ≤ y) = `probability`, which lies strictly between 0 and 1: Newton's method inside a bracket that starts
  /// from Cantelli's inequality, to 1e-10 standard deviations.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a quantile needs a probability between 0 and 1")
    let centre = mean
    let spread = standardDeviation
    guard spread > 0, spread.isFinite else { return centre }
    var low = centre - 1.01 * spread * ((1 - probability) / probability).squareRoot()
    var high = centre + 1.01 * spread * (probability / (1 - probability)).squareRoot()
    var y = centre
    for _ in 0..<200 {
      let (value, density) = distribution(at: y)
      if value < probability { low = y } else { high = y }
      let newton = y - (value - probability) / density
      let next = newton > low && newton < high ? newton : 0.5 * (low + high)
      let change = abs(next - y)
      y = next
      if change <= 1e-10 * spread || high - low <= 1e-10 * spread { break }
    }
    return y
  }

  /// One draw of the predictive distribution of component group `draw` (components a draw: `width`).
  func sample(draw: Int, width: Int, from stream: inout RandomStream) -> Double {
    let start = draw * width
    let total = (start..<start + width).reduce(0.0) { $0 + weights[$1] }
    var remaining = stream.uniform() * total
    var component = start
    while component < start + width - 1, remaining >= weights[component] {
      remaining -= weights[component]
      component += 1
    }
    return means[component] + standardDeviations[component] * stream.normal()
  }
}

private let halfLogTwoPi = 0.918938533204672741780329736406
private let squareRootOfHalf = 0.707106781186547524400844362105
private let inverseSquareRootOfTwoPi = 0.398942280401432677939946059934
