import EmpiricalBayes
import Foundation
import LogDensities
import Sampling

/// A density on a grid over the line.
struct GridDensity: LogDensity {
  var points: [Double]
  var logDensities: [Double]

  var dimension: Int { 1 }

  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    throw .failed("a grid is drawn from, not evaluated")
  }
}

/// `successes` of `trials` ~ Bernoulli(logistic θ), θ ~ Laplace(m, b): not conjugate, and quadrature knows everything.
/// λ = (m, ln b); θ is also the logit of the use of two experts.
struct BernoulliLaplace: HierarchicalModel {
  var successes = 9.0
  var trials = 12.0
  var hyperparameters: Hyperparameters

  init(location: Double = -0.4, scale: Double = 0.8) {
    hyperparameters = Hyperparameters(
      entries: [
        .init(name: "m", kind: .location, block: "theta"), .init(name: "b", kind: .logScale, block: "theta"),
      ],
      values: [location, log(scale)])
    hyperparameters.tune([0], name: "location")
    hyperparameters.tune([1], name: "scale")
  }

  var dimension: Int { 1 }
  var parameterNames: [String] { ["theta"] }
  var rows: Int { 1 }

  /// Panels of 1/1000 of a unit about the prior's kink, where the integrand is continuous but not smooth.
  func posterior(given lambda: Hyperparameters) throws(ModelError) -> GridDensity {
    let points = (-20_000...20_000).map { lambda.values[0] + Double($0) / 1000 }
    let logs = points.map { point in
      [point].withSpan { logLikelihood(at: $0) + logPrior(at: $0, given: lambda) }
    }
    return GridDensity(points: points, logDensities: logs)
  }

  func logLikelihood(at position: Span<Double>) -> Double {
    let theta = position[0]
    let logOnePlus = max(theta, 0) + log1p(exp(-abs(theta)))
    return successes * theta - trials * logOnePlus
  }

  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    -abs(position[0] - lambda.values[0]) / exp(lambda.values[1]) - lambda.values[1] - log(2)
  }

  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double {
    gradient[0] -= (position[0] > lambda.values[0] ? 1 : -1) / exp(lambda.values[1])
    return logPrior(at: position, given: lambda)
  }

  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    let b = exp(lambda.values[1])
    let distance = position[0] - lambda.values[0]
    score[0] = (distance > 0 ? 1 : -1) / b
    score[1] = abs(distance) / b - 1
  }

  func priorInformation(at lambda: Hyperparameters) -> [Double] {
    lambda.pulledBack([exp(-2 * lambda.values[1]), 1])
  }

  func scoreIsContinuous(for lambda: Hyperparameters) -> [Bool] {
    lambda.coordinates.indices.map { lambda.membership[0] != $0 }
  }

  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    values[0] = logLikelihood(at: position)
  }

  func logAllocationEntropy(at position: Span<Double>) -> Double? { logEntropy(ofLogit: position[0]) }

  func constrained(_ position: Span<Double>) -> [Double] { [position[0]] }

  /// ln ∫ p(y | θ) p(θ | λ) dθ, by the trapezoid rule.
  func logEvidence(at lambda: Hyperparameters) throws -> Double {
    log(try posterior(given: lambda).logDensities.reduce(0) { $0 + exp($1) } / 1000)
  }

  /// The posterior mean of a function of θ, by the trapezoid rule.
  func posteriorMean(at lambda: Hyperparameters, of body: (Span<Double>) -> Double) throws -> Double {
    let grid = try posterior(given: lambda)
    let total = grid.logDensities.reduce(0) { $0 + exp($1) }
    return zip(grid.points, grid.logDensities).reduce(0) { $0 + exp($1.1) * [$1.0].withSpan(body) } / total
  }

  /// H(λ), the posterior mean of ln Hent.
  func entropy(at lambda: Hyperparameters) throws -> Double {
    try posteriorMean(at: lambda) { logEntropy(ofLogit: $0[0]) }
  }

  /// The central difference of a function of λ in both coordinates.
  func derivative(at lambda: Hyperparameters, of body: (Hyperparameters) throws -> Double) throws -> [Double] {
    let step = 1e-4
    return try lambda.free.indices.map { index in
      var up = lambda.free
      var down = lambda.free
      up[index] += step
      down[index] -= step
      return try (body(lambda.moved(to: up)) - body(lambda.moved(to: down))) / (2 * step)
    }
  }
}

extension Array where Element == Double {
  /// The array as the span that models take.
  func withSpan<Result>(_ body: (Span<Double>) -> Result) -> Result { body(span) }
}

/// Independent draws from a grid, by inversion.
struct GridSampler: PosteriorSampler {
  var seed: UInt64 = 1

  func sample(
    _ posterior: GridDensity, from chains: Int?, startingOn smoothed: GridDensity, plan: InnerSampling,
    iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: Int) {
    let draws = plan.draws
    var cumulative: [Double] = []
    var sum = 0.0
    for value in posterior.logDensities {
      sum += exp(value)
      cumulative.append(sum)
    }
    var random = RandomStream(seed: seed, iteration: iteration, purpose: .sampling)
    let positions = (0..<4 * draws).map { _ in
      let target = random.uniform() * sum
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] <= target { low = middle + 1 } else { high = middle }
      }
      return posterior.points[low] + (random.uniform() - 0.5) / 1000
    }
    let record = DrawStatistics(
      logDensity: 0, acceptance: 1, stepSize: 1, treeDepth: 1, leapfrogSteps: 1, isDivergent: false, energy: 0)
    return (
      PosteriorSample(
        dimension: 1, chains: 4, drawsPerChain: draws, positions: positions,
        statistics: Array(repeating: record, count: 4 * draws), gradientEvaluations: 4 * draws), (chains ?? 0) + 1
    )
  }
}
