import Diagnostics
import Evaluation
import Foundation
import LogDensities
import _TestSupport

/// What `make_evaluation.py` computed with SciPy and ArviZ.
struct EvaluationFixture: Decodable {
  struct Comparison: Decodable {
    struct Model: Decodable {
      let name: String
      let rows: [Double]
    }
    struct Place: Decodable {
      let name: String
      let rank: Int
      let elpd, standardError, difference, differenceError, weight: Double
    }
    let models: [Model]
    let ranking: [Place]
  }
  struct Efficiency: Decodable {
    struct Row: Decodable { let elpd, khat: Double }
    let relativeEfficiency: Double
    let draws: Int
    let logLikelihood: [Double]
    let rows: [Row]
  }
  struct Kolmogorov: Decodable {
    let count: Int
    let statistic, pValue: Double
  }
  struct Mixture: Decodable {
    let weights, means, standardDeviations: [Double]
    let observed, crps: Double
  }
  struct Envelope: Decodable {
    let count, points: Int
    let level, probability: Double
    let lower, upper: [Double]
  }

  let comparison: Comparison
  let efficiency: Efficiency
  let kolmogorov: [Kolmogorov]
  let mixtures: [Mixture]
  let envelopes: [Envelope]

  static func read() throws -> EvaluationFixture {
    try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.file("evaluation.json")))
  }
}

/// Rows of Gaussian predictions whose responses are what the model says.
func gaussianRows(_ count: Int, seed: UInt64) -> (observed: [Double], means: [Double], deviations: [Double]) {
  var random = RandomStream(seed: seed, purpose: .test)
  let means = (0..<count).map { _ in 3 * random.normal() }
  let deviations = (0..<count).map { _ in 0.5 + random.uniform() }
  let observed = zip(means, deviations).map { $0 + $1 * random.normal() }
  return (observed, means, deviations)
}

/// Draws of a Gaussian by quantiles: next to no Monte Carlo error.
func quantileDraws(_ mean: Double, _ deviation: Double, _ count: Int) -> [Double] {
  (0..<count).map { mean + deviation * standardNormalQuantile((Double($0) + 0.5) / Double(count)) }
}
