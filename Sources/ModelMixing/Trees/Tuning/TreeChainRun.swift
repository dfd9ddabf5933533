#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities
import Sampling

/// One call of chains that record their draws.
struct TreeChainRun: Sendable {
  /// What a chain brings back.
  struct Result: Sendable {
    var positions: [Double] = []
    var statistics: [DrawStatistics] = []
    var state: TreeEnsemble
  }

  /// Sweeps before the first draw.
  var warmup: Int
  var draws: Int
  /// Sweeps a draw.
  var thinning: Int
  var meter: ChainMeter?

  /// Sweeps of a chain.
  var sweeps: Int { warmup + draws * thinning }

  /// All chains, the same to the last bit for any number of threads.
  func results(
    of posterior: TreeMixing, from states: [TreeEnsemble]?, _ settings: TreeSamplingSettings, iteration: UInt32
  ) async throws(MixingError) -> [Result] {
    if let states, states.count != settings.chains {
      throw .state("there are \(states.count) states for \(settings.chains) chains")
    }
    meter?.begin(chains: settings.chains, transitions: sweeps)
    return try await tasks(settings.chains, threads: settings.threads) { chain throws(MixingError) in
      func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
        RandomStream(seed: settings.seed, iteration: iteration, chain: UInt32(chain), purpose: purpose)
      }
      var initial = stream(.initialisation)
      return try result(
        of: posterior, from: states?[chain] ?? posterior.start(&initial), chain: chain, stream(.sampling))
    }
  }

  private func result(
    of posterior: TreeMixing, from state: TreeEnsemble, chain: Int, _ random: RandomStream
  ) throws(MixingError) -> Result {
    var stream = random
    var sampler = try TreeSampler(posterior, at: state)
    let problem = posterior.problem
    let record = TreeRecord(models: problem.models, rows: problem.rows)
    var weights = [Double](repeating: 0, count: problem.rows * problem.models)
    var result = Result(state: state)
    result.positions.reserveCapacity(draws * record.length)
    for sweep in 0..<sweeps {
      if sweep % 64 == 0, Task.isCancelled { throw .cancelled }
      let before = sampler.counts
      try sampler.sweep(&stream)
      meter?.note(chain: chain, isDivergent: false)
      let past = sweep - warmup + 1
      guard past > 0, past % thinning == 0 else { continue }
      sampler.weights(into: &weights)
      record.append(sampler.ensemble, weights: weights, problem, to: &result.positions)
      let logDensity =
        sampler.logLikelihood
        + posterior.logHyperparameterDensity(
          sampler.ensemble.leafStatistics(models: problem.models), sigma: sampler.ensemble.sigma)
      result.statistics.append(
        DrawStatistics(
          logDensity: logDensity, acceptance: sampler.counts.acceptance(since: before), stepSize: 0, treeDepth: 0,
          leapfrogSteps: 0, isDivergent: false, energy: -logDensity))
    }
    result.state = sampler.ensemble
    return result
  }
}
