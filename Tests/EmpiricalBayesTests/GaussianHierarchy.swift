import EmpiricalBayes
import Foundation
import LogDensities
import Sampling

/// Independent normals: a posterior that can be drawn from exactly.
struct NormalProduct: LogDensity {
  var means: [Double]
  var deviations: [Double]

  var dimension: Int { means.count }

  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    var value = 0.0
    for index in 0..<means.count {
      let z = (position[index] - means[index]) / deviations[index]
      value -= 0.5 * z * z
      gradient[index] = -z / deviations[index]
    }
    return value
  }
}

/// y_i ~ N(θ_i, s_i), θ_i ~ N(m_i, τ_i): everything about it is known in closed form.
///
/// λ is m_1 … m_k, then ln τ_1 … ln τ_k. With `allocates`, θ_1 doubles as the logit of the use of two experts;
/// with `positive`, draws with θ_1 < 0 are weighted by 0.
struct GaussianHierarchy: HierarchicalModel {
  var y: [Double]
  var noise: [Double]
  var hyperparameters: Hyperparameters
  var allocates = false
  var positive = false
  /// Draws are weighted by exp(steepness · θ_1).
  var steepness = 0.0

  var dimension: Int { y.count }
  var parameterNames: [String] { y.indices.map { "theta[\($0 + 1)]" } }
  var rows: Int { y.count }

  /// All locations tied and all scales tied, unless told otherwise.
  init(y: [Double], noise: [Double], location: Double = 0, scale: Double = 1, tied: Bool = true) {
    self.y = y
    self.noise = noise
    let k = y.count
    let entries = (0..<2 * k).map { index in
      Hyperparameters.Entry(
        name: index < k ? "m[\(index)]" : "tau[\(index - k)]", kind: index < k ? .location : .logScale, block: "theta")
    }
    hyperparameters = Hyperparameters(
      entries: entries, values: (0..<2 * k).map { $0 < k ? location : log(scale) })
    if tied {
      hyperparameters.tune(Array(0..<k), name: "location")
      hyperparameters.tune(Array(k..<2 * k), name: "scale")
    }
  }

  /// Groups simulated from a prior, with noise from 0.7 to 1.3 of `noise`.
  static func simulated(
    groups: Int, location: Double, scale: Double, noise: Double, seed: UInt64, start: (Double, Double) = (0, 1)
  ) -> GaussianHierarchy {
    var random = RandomStream(seed: seed, purpose: .simulation)
    let noises = (0..<groups).map { _ in noise * (0.7 + 0.6 * random.uniform()) }
    let y = noises.map { location + scale * random.normal() + $0 * random.normal() }
    return GaussianHierarchy(y: y, noise: noises, location: start.0, scale: start.1)
  }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> NormalProduct {
    let k = y.count
    let moments = y.indices.map { i in
      let tau = exp(lambda.values[k + i])
      let precision = 1 / (noise[i] * noise[i]) + 1 / (tau * tau)
      let mean = (y[i] / (noise[i] * noise[i]) + lambda.values[i] / (tau * tau)) / precision
      return (mean, 1 / precision.squareRoot())
    }
    return NormalProduct(means: moments.map(\.0), deviations: moments.map(\.1))
  }

  func logLikelihood(at position: Span<Double>) -> Double {
    y.indices.reduce(0) { $0 + logNormal(y[$1], position[$1], noise[$1]) }
  }

  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    y.indices.reduce(0) {
      $0 + logNormal(position[$1], lambda.values[$1], exp(lambda.values[y.count + $1]))
    }
  }

  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    for i in y.indices {
      gradient[i] -= (position[i] - lambda.values[i]) * exp(-2 * lambda.values[y.count + i])
    }
    return logPrior(at: position, given: lambda)
  }

  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    let k = y.count
    for i in 0..<k {
      let tau = exp(lambda.values[k + i])
      let z = (position[i] - lambda.values[i]) / tau
      score[i] = z / tau
      score[k + i] = z * z - 1
    }
  }

  func priorInformation(at lambda: Hyperparameters) -> [Double] {
    lambda.pulledBack(y.indices.map { exp(-2 * lambda.values[y.count + $0]) } + y.map { _ in 2 })
  }

  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    for i in 0..<y.count { values[i] = logNormal(y[i], position[i], noise[i]) }
  }

  func logAllocationEntropy(at position: Span<Double>) -> Double? {
    allocates ? logEntropy(ofLogit: position[0]) : nil
  }

  func constrained(_ position: Span<Double>) -> [Double] { (0..<position.count).map { position[$0] } }

  func canonicalise(_ position: inout MutableSpan<Double>, given lambda: Hyperparameters) -> Double {
    steepness * position[0] + (positive && position[0] < 0 ? -.infinity : 0)
  }

  /// ln L(λ) = Σ ln N(y_i; m_i, √(s_i² + τ_i²)).
  func logEvidence(at lambda: Hyperparameters) -> Double {
    y.indices.reduce(0) { sum, i in
      let tau = exp(lambda.values[y.count + i])
      return sum + logNormal(y[i], lambda.values[i], (noise[i] * noise[i] + tau * tau).squareRoot())
    }
  }

  /// The maximiser of ln L + ln p(λ) over the coordinates, by Newton steps on finite differences from a long ascent.
  func maximiser(from start: Hyperparameters) -> Hyperparameters {
    let value = { (free: [Double]) -> Double in
      let lambda = start.moved(to: free)
      return logEvidence(at: lambda) + lambda.logHyperprior
    }
    var free = start.free
    var steps = [Double](repeating: 0.5, count: free.count)
    while steps.contains(where: { $0 > 1e-9 }) {
      for index in free.indices {
        var up = free
        var down = free
        up[index] += steps[index]
        down[index] -= steps[index]
        let here = value(free)
        if value(up) > here { free = up } else if value(down) > here { free = down } else { steps[index] *= 0.5 }
      }
    }
    return start.moved(to: free)
  }
}

/// ln of the normalised entropy of two shares, from their logit; −|x| + ln(1 + |x|) − ln ln 2 far out.
func logEntropy(ofLogit x: Double) -> Double {
  let a = abs(x)
  if a > 30 { return -a + log1p(a) - log(log(2)) }
  return log(log1p(exp(-a)) + a / (1 + exp(a))) - log(log(2))
}

/// ln N(x; mean, deviation).
func logNormal(_ x: Double, _ mean: Double, _ deviation: Double) -> Double {
  let z = (x - mean) / deviation
  return -0.5 * z * z - log(deviation) - 0.5 * log(2 * Double.pi)
}

/// Draws from a product of normals through standardised autoregressions, exact in distribution: correlation 0 gives
/// independent draws. The chains are the standardised positions.
struct NormalSampler: PosteriorSampler {
  var seed: UInt64 = 1
  var chains = 4
  var correlation = 0.0

  func sample(
    _ posterior: NormalProduct, from start: [[Double]]?, startingOn smoothed: NormalProduct,
    plan: InnerSampling, iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: [[Double]]) {
    try Task.checkCancellation()
    let draws = plan.draws
    var states: [[Double]] = []
    var positions: [Double] = []
    for chain in 0..<chains {
      var random = RandomStream(seed: seed, iteration: iteration, chain: UInt32(chain), purpose: .sampling)
      var z = start?[chain] ?? (0..<posterior.dimension).map { _ in random.normal() }
      for _ in 0..<draws {
        for index in z.indices {
          z[index] =
            correlation * z[index] + (1 - correlation * correlation).squareRoot() * random.normal()
          positions.append(posterior.means[index] + posterior.deviations[index] * z[index])
        }
      }
      states.append(z)
    }
    let record = DrawStatistics(
      logDensity: 0, acceptance: 1, stepSize: 1, treeDepth: 1, leapfrogSteps: 1, isDivergent: false, energy: 0)
    let sample = PosteriorSample(
      dimension: posterior.dimension, chains: chains, drawsPerChain: draws, positions: positions,
      statistics: Array(repeating: record, count: chains * draws), gradientEvaluations: chains * draws)
    return (sample, states)
  }
}

/// Draws of chains that go on as they are.
func plan(draws: Int) -> InnerSampling { InnerSampling(.persistent(warmup: 0, adaptation: 0), draws: draws) }
