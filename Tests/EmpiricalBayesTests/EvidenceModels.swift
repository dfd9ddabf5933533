import Foundation
import LogDensities

/// Models whose ln L is known, each a log-likelihood and a log prior with gradients at fixed λ.
struct EvidenceModel: HierarchicalModel {
  /// A value, its gradient added to what is there.
  typealias Term = @Sendable (Span<Double>, inout MutableSpan<Double>) -> Double

  let name: String
  let dimension: Int
  let likelihood: Term
  let prior: Term
  let exact: Double
  var symmetryWeight: (@Sendable (Span<Double>) -> Double)?

  var parameterNames: [String] { (1...dimension).map { "theta[\($0)]" } }
  var rows: Int { 1 }
  var hyperparameters: Hyperparameters { Hyperparameters(entries: [], values: []) }

  struct Posterior: LogDensity {
    let dimension: Int
    let likelihood: Term
    let prior: Term

    func evaluate(
      at position: Span<Double>, gradient: inout MutableSpan<Double>
    ) throws(LogDensityError) -> Double {
      for index in 0..<gradient.count { gradient[index] = 0 }
      return likelihood(position, &gradient) + prior(position, &gradient)
    }
  }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior {
    Posterior(dimension: dimension, likelihood: likelihood, prior: prior)
  }

  private func value(_ term: Term, _ position: Span<Double>) -> Double {
    var gradient = [Double](repeating: 0, count: dimension)
    var span = gradient.mutableSpan
    return term(position, &span)
  }

  func logLikelihood(at position: Span<Double>) -> Double { value(likelihood, position) }
  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double { value(prior, position) }

  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double { prior(position, &gradient) }

  func logSymmetryWeight(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    symmetryWeight?(position) ?? 0
  }

  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {}
  func priorInformation(at lambda: Hyperparameters) -> [Double] { [] }
  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    values[0] = logLikelihood(at: position)
  }
  func constrained(_ position: Span<Double>) -> [Double] { (0..<position.count).map { position[$0] } }
}

extension EvidenceModel {
  /// y_i ~ N(θ_i, s), θ_i ~ N(m, τ): a product of normals.
  static func gaussianGroups(_ groups: Int = 12) -> EvidenceModel {
    var random = RandomStream(seed: 11, purpose: .simulation)
    let y = (0..<groups).map { _ in 1 + 1.5 * random.normal() }
    let (noise, location, scale) = (0.5, 0.4, 1.2)
    return EvidenceModel(
      name: "normal groups", dimension: groups, likelihood: normalGroups(y, noise),
      prior: normalPrior(location, scale),
      exact: y.reduce(0) { $0 + logNormal($1, location, (noise * noise + scale * scale).squareRoot()) })
  }

  /// y_i ~ N(θ_i, s), θ_i ~ Laplace(0, b): one convolution a group.
  static func laplaceGroups(_ groups: Int = 8) -> EvidenceModel {
    var random = RandomStream(seed: 12, purpose: .simulation)
    let y = (0..<groups).map { _ in 2 * random.normal() }
    let (s, b) = (0.6, 0.9)
    let exact = y.reduce(0.0) { sum, y in
      let a = s * s / (b * b) / 2
      let left = exp(a - y / b) * erfc((s / b - y / s) / 2.0.squareRoot())
      let right = exp(a + y / b) * erfc((s / b + y / s) / 2.0.squareRoot())
      return sum + log((left + right) / (4 * b))
    }
    return EvidenceModel(
      name: "Laplace groups", dimension: groups, likelihood: normalGroups(y, s), prior: laplacePrior(0, b), exact: exact
    )
  }

  /// k_i of n_i ~ Bernoulli(logistic θ_i), θ_i ~ N(m, τ), by quadrature group by group.
  static func bernoulliGroups(_ groups: Int = 10) -> EvidenceModel {
    var random = RandomStream(seed: 13, purpose: .simulation)
    let trials = (0..<groups).map { Double(5 + 3 * $0) }
    let successes = trials.map { trials in
      let rate = 1 / (1 + exp(-1.5 * random.normal()))
      return Double((0..<Int(trials)).count { _ in random.uniform() < rate })
    }
    let (location, scale) = (0.2, 1.3)
    @Sendable func term(_ group: Int, _ theta: Double) -> Double {
      successes[group] * theta - trials[group] * (max(theta, 0) + log1p(exp(-abs(theta))))
    }
    let exact = (0..<groups).reduce(0.0) { sum, group in
      let total = (-8000...8000).reduce(0.0) { sum, step in
        let theta = location + scale * Double(step) / 800
        return sum + exp(term(group, theta) + logNormal(theta, location, scale))
      }
      return sum + log(total * scale / 800)
    }
    return EvidenceModel(
      name: "Bernoulli groups", dimension: groups,
      likelihood: { position, gradient in
        (0..<position.count).reduce(0.0) { sum, group in
          gradient[group] += successes[group] - trials[group] / (1 + exp(-position[group]))
          return sum + term(group, position[group])
        }
      }, prior: normalPrior(location, scale), exact: exact)
  }

  /// y ~ N(Xθ, s² I), θ ~ N(0, τ² I): ln N(y; 0, τ² XXᵀ + s² I) by Cholesky factors.
  static func regression(rows: Int = 30, features: Int = 8) -> EvidenceModel {
    var random = RandomStream(seed: 14, purpose: .simulation)
    let x = (0..<rows).map { _ in (0..<features).map { _ in random.normal() } }
    let slopes = (0..<features).map { _ in random.normal() }
    let (noise, scale) = (0.8, 0.7)
    let y = x.map { row in zip(row, slopes).reduce(0) { $0 + $1.0 * $1.1 } + noise * random.normal() }
    let covariance = x.indices.map { i in
      x.indices.map { j in
        scale * scale * zip(x[i], x[j]).reduce(0) { $0 + $1.0 * $1.1 } + (i == j ? noise * noise : 0)
      }
    }
    return EvidenceModel(
      name: "regression", dimension: features,
      likelihood: { position, gradient in
        var sum = 0.0
        for (row, y) in zip(x, y) {
          var residual = y
          for index in 0..<features { residual -= row[index] * position[index] }
          for index in 0..<features { gradient[index] += residual * row[index] / (noise * noise) }
          sum += logNormal(residual, 0, noise)
        }
        return sum
      }, prior: normalPrior(0, scale), exact: logNormal(y, covariance: covariance))
  }

  /// y_i ~ ½ N(θ_1, s) + ½ N(θ_2, s), θ ~ N(m_1, τ) N(m_2, τ), by quadrature in the plane. The posterior has two equal modes, far
  /// apart, where m_1 = m_2; where not, the prior's mean over both numberings has the same ln L.
  static func mixture(locations: (Double, Double) = (0, 0)) -> EvidenceModel {
    var random = RandomStream(seed: 15, purpose: .simulation)
    let y = (0..<24).map { ($0 % 2 == 0 ? -2.5 : 2.5) + random.normal() }
    let (noise, scale) = (1.0, 2.0)
    @Sendable func likelihood(_ a: Double, _ b: Double) -> Double {
      y.reduce(0) { sum, y in
        let (first, second) = (logNormal(y, a, noise), logNormal(y, b, noise))
        return sum + max(first, second) + log1p(exp(-abs(first - second))) - log(2)
      }
    }
    @Sendable func prior(_ a: Double, _ b: Double) -> Double {
      logNormal(a, locations.0, scale) + logNormal(b, locations.1, scale)
    }
    let step = 0.06
    var total = 0.0
    for i in -130...130 {
      for j in -130...130 {
        let (a, b) = (Double(i) * step, Double(j) * step)
        total += exp(likelihood(a, b) + prior(a, b) + 60)
      }
    }
    @Sendable func symmetryWeight(_ position: Span<Double>) -> Double {
      let other = prior(position[1], position[0]) - prior(position[0], position[1])
      return max(0, other) + log1p(exp(-abs(other))) - log(2)
    }
    let likelihoodTerm: Term = { position, gradient in
      let (a, b) = (position[0], position[1])
      for y in y {
        let share = 1 / (1 + exp(logNormal(y, b, noise) - logNormal(y, a, noise)))
        gradient[0] += share * (y - a) / (noise * noise)
        gradient[1] += (1 - share) * (y - b) / (noise * noise)
      }
      return likelihood(a, b)
    }
    let priorTerm: Term = { position, gradient in
      gradient[0] -= (position[0] - locations.0) / (scale * scale)
      gradient[1] -= (position[1] - locations.1) / (scale * scale)
      return prior(position[0], position[1])
    }
    var model = EvidenceModel(
      name: "mixture", dimension: 2, likelihood: likelihoodTerm, prior: priorTerm,
      exact: log(total * step * step) - 60)
    if locations.0 != locations.1 { model.symmetryWeight = { symmetryWeight($0) } }
    return model
  }

  private static func normalGroups(_ y: [Double], _ noise: Double) -> Term {
    { position, gradient in
      y.indices.reduce(0.0) { sum, index in
        gradient[index] += (y[index] - position[index]) / (noise * noise)
        return sum + logNormal(y[index], position[index], noise)
      }
    }
  }

  private static func normalPrior(_ location: Double, _ scale: Double) -> Term {
    { position, gradient in
      (0..<position.count).reduce(0.0) { sum, index in
        gradient[index] -= (position[index] - location) / (scale * scale)
        return sum + logNormal(position[index], location, scale)
      }
    }
  }

  private static func laplacePrior(_ location: Double, _ scale: Double) -> Term {
    { position, gradient in
      (0..<position.count).reduce(0.0) { sum, index in
        let distance = position[index] - location
        gradient[index] -= (distance < 0 ? -1 : distance > 0 ? 1 : 0) / scale
        return sum - abs(distance) / scale - log(2 * scale)
      }
    }
  }

  /// ln N(y; 0, Σ).
  private static func logNormal(_ y: [Double], covariance: [[Double]]) -> Double {
    var factor = covariance
    var whitened = y
    var sum = -0.5 * Double(y.count) * Foundation.log(2 * Double.pi)
    for row in y.indices {
      for column in 0...row {
        var value = covariance[row][column]
        for k in 0..<column { value -= factor[row][k] * factor[column][k] }
        factor[row][column] = row == column ? value.squareRoot() : value / factor[column][column]
      }
      for k in 0..<row { whitened[row] -= factor[row][k] * whitened[k] }
      whitened[row] /= factor[row][row]
      sum -= Foundation.log(factor[row][row]) + 0.5 * whitened[row] * whitened[row]
    }
    return sum
  }

  private static func logNormal(_ x: Double, _ mean: Double, _ deviation: Double) -> Double {
    let z = (x - mean) / deviation
    return -0.5 * z * z - log(deviation) - 0.5 * log(2 * Double.pi)
  }
}
