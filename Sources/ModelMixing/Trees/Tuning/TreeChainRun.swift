import LogDensities
import Sampling

/// One call of chains that record their draws as positions; see `TreeRecord`.
struct TreeChainRun: Sendable {
  /// What a chain brings back.
  struct Result: Sendable {
    var positions: [Double] = []
    var statistics: [DrawStatistics] = []
    var trees: TreeDraws?
    var state: TreeEnsemble
    var counts: TreeMoveCounts
  }

  /// What is kept of a chain, with room for the weights of a draw.
  private struct Record: Sendable {
    var positions: [Double] = []
    var statistics: [DrawStatistics] = []
    var trees: TreeDraws?
    var weights: [Double]
  }

  /// Sweeps before the first draw.
  var warmup: Int
  var draws: Int
  /// Sweeps a draw.
  var thinning: Int
  var keepsTrees = false
  var meter: ChainMeter?

  /// Sweeps of a chain.
  var sweeps: Int { warmup + draws * thinning }

  /// All chains, the same to the last bit for any number of threads.
  func results(
    of posterior: TreeMixing, from states: [TreeEnsemble]?, _ settings: TreeSamplingSettings, iteration: UInt32
  ) async throws(MixingError) -> [Result] {
    let run = TreeChains(
      mixing: posterior, chains: settings.chains, warmup: warmup, draws: draws, thinning: thinning,
      seed: settings.seed, threads: settings.threads, meter: meter)
    let problem = posterior.problem
    let layout = TreeRecord(models: problem.models, rows: problem.rows)
    let room = Record(
      trees: keepsTrees ? TreeDraws(posterior) : nil,
      weights: [Double](repeating: 0, count: problem.rows * problem.models))
    let chains = try await run.run(from: states, iteration: iteration, record: room) { sampler, before, record in
      sampler.weights(into: &record.weights)
      let leaves = sampler.ensemble.leafStatistics(models: problem.models)
      layout.append(
        leaves, sigma: sampler.ensemble.sigma, weights: record.weights, problem, to: &record.positions)
      record.trees?.append(sampler.ensemble, leaves)
      let logDensity =
        sampler.logLikelihood + posterior.logHyperparameterDensity(leaves, sigma: sampler.ensemble.sigma)
      record.statistics.append(
        DrawStatistics(
          logDensity: logDensity, acceptance: sampler.counts.acceptance(since: before), stepSize: 0, treeDepth: 0,
          leapfrogSteps: 0, isDivergent: false, energy: -logDensity))
    }
    return chains.map {
      Result(
        positions: $0.record.positions, statistics: $0.record.statistics, trees: $0.record.trees, state: $0.state,
        counts: $0.counts)
    }
  }
}
