import EmpiricalBayes
import Foundation
import LogDensities
import ModelMixing
import Priors
import Sampling

/// A mixing method of one's own, for the guide AddingToMixing: y_n = f_2 + w_b (f_1 − f_2) + σ_n ε with a weight w_b for every
/// bin b of the first input, w_b ~ N(½, s).
struct BinnedMixing: IndependentPriorModel {
  /// One observation: its bin, f_1 − f_2, y − f_2 and σ.
  struct Row: Sendable {
    let bin: Int
    let difference: Double
    let residual: Double
    let deviation: Double
  }

  let observations: [Row]
  let layout: PriorLayout
  var hyperparameters: Hyperparameters
  var preparedPrior = PreparedPrior()

  init(_ data: MixingData, _ predictions: ModelPredictions, bins: Int) throws(ModelError) {
    guard predictions.models == 2, predictions.count == data.count else {
      throw .invalid("Binned mixing needs two models, at the rows of the data.")
    }
    let (x, f) = (data.inputs[0], predictions.means)
    let (low, high) = (x.min() ?? 0, x.max() ?? 1)
    observations = x.indices.map { n in
      Row(
        bin: high > low ? min(bins - 1, Int(Double(bins) * (x[n] - low) / (high - low))) : 0,
        difference: f[0][n] - f[1][n], residual: data.response[n] - f[1][n], deviation: data.responseErrors[n])
    }
    let (layout, hyperparameters) = PriorLayout.arranging(
      [ScalarPrior](repeating: .normal(location: 0.5, scale: 0.5), count: bins),
      names: (1...bins).map { "weight[\($0)]" }, blocks: [String](repeating: "weights", count: bins))
    self.layout = layout
    self.hyperparameters = hyperparameters.assigned(.blockScales)
  }

  var rows: Int { observations.count }

  func pointwiseLogLikelihood(at weights: Span<Double>, into values: inout MutableSpan<Double>) {
    for (n, row) in observations.enumerated() {
      let z = (row.residual - weights[row.bin] * row.difference) / row.deviation
      values[n] = -0.5 * z * z - log(row.deviation) - 0.5 * log(2 * .pi)
    }
  }

  func logLikelihood(at weights: Span<Double>) -> Double {
    var values = [Double](repeating: 0, count: rows)
    var span = values.mutableSpan
    pointwiseLogLikelihood(at: weights, into: &span)
    return values.reduce(0, +)
  }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> BinnedPosterior {
    let priors = try prior(at: lambda).priors.map(\.naturalValues)
    var precisions = priors.map { 1 / ($0[1] * $0[1]) }
    var sums = zip(priors, precisions).map { $0[0] * $1 }
    for row in observations {
      let variance = row.deviation * row.deviation
      precisions[row.bin] += row.difference * row.difference / variance
      sums[row.bin] += row.difference * row.residual / variance
    }
    return BinnedPosterior(
      means: zip(sums, precisions).map { $0 / $1 }, deviations: precisions.map { 1 / $0.squareRoot() })
  }
}

/// Independent normal weights: all that the sampler has to know.
struct BinnedPosterior: Sendable {
  let means: [Double]
  let deviations: [Double]
}

/// Independent draws, which no chain needs to remember.
struct ExactSampler: PosteriorSampler {
  let chains = 4
  let seed: UInt64

  func sample(
    _ posterior: BinnedPosterior, from chains: [Int]?, startingOn smoothed: BinnedPosterior, plan: InnerSampling,
    iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: [Int]) {
    var positions: [Double] = []
    var statistics: [DrawStatistics] = []
    for chain in 0..<self.chains {
      var stream = RandomStream(seed: seed, iteration: iteration, chain: UInt32(chain), purpose: .sampling)
      for _ in 0..<plan.draws {
        var logDensity = 0.0
        for (mean, deviation) in zip(posterior.means, posterior.deviations) {
          let z = stream.normal()
          positions.append(mean + deviation * z)
          logDensity -= 0.5 * z * z + log(deviation)
        }
        statistics.append(
          DrawStatistics(
            logDensity: logDensity, acceptance: 1, stepSize: 0, treeDepth: 0, leapfrogSteps: 0, isDivergent: false,
            energy: -logDensity))
      }
    }
    let sample = PosteriorSample(
      dimension: posterior.means.count, chains: self.chains, drawsPerChain: plan.draws, positions: positions,
      statistics: statistics, gradientEvaluations: statistics.count)
    return (sample, [])
  }
}
