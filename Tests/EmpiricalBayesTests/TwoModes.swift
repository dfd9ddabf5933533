import Foundation
import LogDensities
import Sampling

/// A posterior with two normal modes of known mass, far apart: Σ_k w_k N(±apart e_1, S_k) with unequal variances, each
/// skewed a little along its second coordinate by a shear q_2 + curve q_1², which keeps the mass.
struct TwoModes: HierarchicalModel, LogDensity {
  var logWeights: [Double]
  var apart = 8.0
  var curve = 0.1
  let deviations = [[0.5, 1.0, 2.0], [1.5, 0.7, 0.4]]
  let dimension = 3
  let parameterNames = ["x", "y", "z"]
  let rows = 1
  let hyperparameters = Hyperparameters(
    entries: [.init(name: "m", kind: .location, block: "x")], values: [0])

  private func terms(_ q: Span<Double>) -> [(value: Double, gradient: [Double])] {
    [0, 1].map { mode in
      let s = deviations[mode]
      let x = q[0] - (mode == 0 ? -apart : apart)
      let y = q[1] + curve * x * x
      let value =
        logWeights[mode] - 0.5 * (x * x / (s[0] * s[0]) + y * y / (s[1] * s[1]) + q[2] * q[2] / (s[2] * s[2]))
        - log(s[0] * s[1] * s[2]) - 1.5 * log(2 * Double.pi)
      let dy = -y / (s[1] * s[1])
      return (value, [-x / (s[0] * s[0]) + 2 * curve * x * dy, dy, -q[2] / (s[2] * s[2])])
    }
  }

  func evaluate(at q: Span<Double>, gradient: inout MutableSpan<Double>) throws(LogDensityError) -> Double {
    let terms = terms(q)
    let top = max(terms[0].value, terms[1].value)
    let shares = terms.map { exp($0.value - top) }
    let sum = shares[0] + shares[1]
    for i in 0..<3 { gradient[i] = (shares[0] * terms[0].gradient[i] + shares[1] * terms[1].gradient[i]) / sum }
    return top + log(sum)
  }

  /// Exact draws of chains that stay in the modes named.
  func sample(chainsIn modes: [Int], draws: Int, seed: UInt64) -> PosteriorSample {
    var stream = RandomStream(seed: seed, purpose: .test)
    var positions: [Double] = []
    for mode in modes {
      for _ in 0..<draws {
        let x = deviations[mode][0] * stream.normal()
        positions.append(x + (mode == 0 ? -apart : apart))
        positions.append(deviations[mode][1] * stream.normal() - curve * x * x)
        positions.append(deviations[mode][2] * stream.normal())
      }
    }
    let record = DrawStatistics(
      logDensity: 0, acceptance: 0.8, stepSize: 1, treeDepth: 2, leapfrogSteps: 3, isDivergent: false, energy: 0)
    return PosteriorSample(
      dimension: 3, chains: modes.count, drawsPerChain: draws, positions: positions,
      statistics: Array(repeating: record, count: modes.count * draws), gradientEvaluations: 0)
  }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> TwoModes { self }
  func logLikelihood(at position: Span<Double>) -> Double {
    let terms = terms(position)
    let top = max(terms[0].value, terms[1].value)
    return top + log(exp(terms[0].value - top) + exp(terms[1].value - top))
  }
  func logPrior(at position: Span<Double>, given lambda: Hyperparameters) -> Double { 0 }
  func addPriorGradient(
    at position: Span<Double>, given lambda: Hyperparameters, to gradient: inout MutableSpan<Double>
  ) -> Double { 0 }
  func score(at position: Span<Double>, given lambda: Hyperparameters, into score: inout MutableSpan<Double>) {
    score[0] = 0
  }
  func priorInformation(at lambda: Hyperparameters) -> [Double] { [0] }
  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    values[0] = logLikelihood(at: position)
  }
  func constrained(_ position: Span<Double>) -> [Double] { [position[0], position[1], position[2]] }
  var convergenceQuantityNames: [String] { ["x", "z"] }
  func convergenceQuantities(at position: Span<Double>) -> [Double] { [position[0], position[2]] }
}
