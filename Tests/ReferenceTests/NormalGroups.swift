import Foundation
import LogDensities

/// y_i ~ N(θ_i, s_i), θ_i ~ N(m, τ), as a user would write it: the joint log density and its gradient, with m and ln τ the
/// same for all groups. The evidence is known: y_i ~ N(m, √(s_i² + τ²)).
struct NormalGroups: HierarchicalModel {
  struct Posterior: LogDensity {
    let y: [Double]
    let noise: [Double]
    let location: Double
    let scale: Double

    var dimension: Int { y.count }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
      var value = 0.0
      for index in 0..<y.count {
        let data = (y[index] - position[index]) / noise[index]
        let prior = (position[index] - location) / scale
        value -= 0.5 * (data * data + prior * prior)
        gradient[index] = data / noise[index] - prior / scale
      }
      return value
    }
  }

  let y: [Double]
  let noise: [Double]
  var hyperparameters: Hyperparameters

  /// Groups simulated with m = 2.5 and τ = 1.4; tuning starts at m = 0 and τ = 1.
  init(groups: Int, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .simulation)
    noise = (0..<groups).map { _ in 0.5 + stream.uniform() }
    y = noise.map { 2.5 + 1.4 * stream.normal() + $0 * stream.normal() }
    hyperparameters = Hyperparameters(
      entries: [
        .init(name: "theta.location", kind: .location, block: "theta"),
        .init(name: "theta.scale", kind: .logScale, block: "theta"),
      ], values: [0, 0])
    hyperparameters.tune([0], name: "location")
    hyperparameters.tune([1], name: "scale")
  }

  var dimension: Int { y.count }
  var rows: Int { y.count }
  var parameterNames: [String] { y.indices.map { "theta[\($0 + 1)]" } }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior {
    Posterior(y: y, noise: noise, location: lambda.values[0], scale: exp(lambda.values[1]))
  }

  func logLikelihood(at position: Span<Double>) -> Double {
    y.indices.reduce(0) { $0 + logNormal(y[$1], position[$1], noise[$1]) }
  }

  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    y.indices.reduce(0) { $0 + logNormal(position[$1], lambda.values[0], exp(lambda.values[1])) }
  }

  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    for index in y.indices { gradient[index] -= (position[index] - lambda.values[0]) * exp(-2 * lambda.values[1]) }
    return logPrior(at: position, given: lambda)
  }

  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    let scale = exp(lambda.values[1])
    var sums = (0.0, 0.0)
    for index in 0..<y.count {
      let z = (position[index] - lambda.values[0]) / scale
      sums = (sums.0 + z / scale, sums.1 + z * z - 1)
    }
    score[0] = sums.0
    score[1] = sums.1
  }

  func priorInformation(at lambda: Hyperparameters) -> [Double] {
    [Double(y.count) * exp(-2 * lambda.values[1]), 2 * Double(y.count)]
  }

  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    for index in 0..<y.count { values[index] = logNormal(y[index], position[index], noise[index]) }
  }

  func constrained(_ position: Span<Double>) -> [Double] { (0..<position.count).map { position[$0] } }

  /// ln L(m, ln τ).
  func logEvidence(_ lambda: [Double]) -> Double {
    let variance = exp(2 * lambda[1])
    return zip(y, noise).reduce(0) { $0 + logNormal($1.0, lambda[0], ($1.1 * $1.1 + variance).squareRoot()) }
  }

  /// The maximiser of ln L and its standard errors, from the inverse of the observed information there.
  var maximum: (lambda: [Double], errors: [Double]) {
    func location(_ logScale: Double) -> Double {
      let weights = noise.map { 1 / ($0 * $0 + exp(2 * logScale)) }
      return zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    }
    // ln L over the best location at each scale has one maximum here; golden section.
    var (low, high) = (-3.0, 3.0)
    let ratio = (5.0.squareRoot() - 1) / 2
    while high - low > 1e-9 {
      let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
      if logEvidence([location(left), left]) > logEvidence([location(right), right]) {
        high = right
      } else {
        low = left
      }
    }
    let best = [location(low), low]
    let h = 1e-3
    func value(_ a: Double, _ b: Double) -> Double { logEvidence([best[0] + a * h, best[1] + b * h]) }
    let first = -(value(1, 0) - 2 * value(0, 0) + value(-1, 0)) / (h * h)
    let second = -(value(0, 1) - 2 * value(0, 0) + value(0, -1)) / (h * h)
    let mixed = -(value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * h * h)
    let determinant = first * second - mixed * mixed
    return (best, [(second / determinant).squareRoot(), (first / determinant).squareRoot()])
  }
}

private func logNormal(_ x: Double, _ mean: Double, _ deviation: Double) -> Double {
  let z = (x - mean) / deviation
  return -0.5 * z * z - log(deviation) - 0.5 * log(2 * Double.pi)
}
