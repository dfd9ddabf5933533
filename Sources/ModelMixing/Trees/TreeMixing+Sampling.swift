import LogDensities
import Sampling

/// How long and with how many chains tree mixing samples.
public struct TreeSamplingSettings: Sendable, Codable, Equatable {
  /// The number of chains.
  public var chains: Int
  /// Sweeps of each chain that are thrown away first.
  public var warmup: Int
  /// Draws kept of each chain.
  public var draws: Int
  /// Sweeps for each draw kept.
  public var thinning: Int
  /// The seed of all random streams.
  public var seed: UInt64
  /// Chains at a time; draws do not depend on it.
  public var threads: Int

  /// Settings.
  public init(
    chains: Int = 4, warmup: Int = 1000, draws: Int = 1000, thinning: Int = 1, seed: UInt64 = 1, threads: Int = 2
  ) {
    self.chains = chains
    self.warmup = warmup
    self.draws = draws
    self.thinning = thinning
    self.seed = seed
    self.threads = threads
  }

  func validate() throws(MixingError) {
    let limits = [
      ("chains", chains, 1), ("warmup", warmup, 0), ("draws", draws, 1), ("thinning", thinning, 1),
      ("threads", threads, 1),
    ]
    for (name, value, least) in limits where value < least || value >= 1 << 31 {
      throw .setting(name: name, value: "\(value)", allowed: "at least \(least), and below two thousand million")
    }
  }
}

extension TreeMixing {
  private struct ChainResult: Sendable {
    var forest: TreeForest
    var statistics: [LeafStatistics] = []
    var state: TreeEnsemble
    var counts: TreeMoveCounts
  }

  /// Draws from the posterior with several chains at once, the same to the last bit for any number of threads.
  ///
  /// - Parameters:
  ///   - states: Where the chains go on, one a chain; drawn from the prior where it is nil.
  ///   - iteration: Names the random streams: two calls with one iteration use the same numbers.
  /// - Throws: `MixingError` for settings outside their ranges, states of another problem, numbers that overflow, and
  ///   `.cancelled`.
  public func sample(
    _ settings: TreeSamplingSettings, from states: [TreeEnsemble]? = nil, iteration: UInt32 = 0
  ) async throws(MixingError) -> TreeMixingSample {
    try settings.validate()
    if let states, states.count != settings.chains {
      throw .state("there are \(states.count) states for \(settings.chains) chains")
    }
    let results = try await tasks(settings.chains, threads: settings.threads) { chain throws(MixingError) in
      var initial = RandomStream(
        seed: settings.seed, iteration: iteration, chain: UInt32(chain), purpose: .initialisation)
      let stream = RandomStream(seed: settings.seed, iteration: iteration, chain: UInt32(chain), purpose: .sampling)
      return try run(from: states?[chain] ?? start(&initial), settings, stream)
    }
    return TreeMixingSample(
      forests: results.map(\.forest), leafStatistics: results.map(\.statistics), states: results.map(\.state),
      moves: results.map(\.counts), models: problem.models, grid: grid)
  }

  private func run(
    from state: TreeEnsemble, _ settings: TreeSamplingSettings, _ random: RandomStream
  ) throws(MixingError) -> ChainResult {
    var stream = random
    var sampler = try TreeSampler(self, at: state)
    var result = ChainResult(
      forest: TreeForest(models: problem.models, trees: prior.trees), state: state, counts: sampler.counts)
    for sweep in 0..<settings.warmup + settings.draws * settings.thinning {
      if sweep % 64 == 0, Task.isCancelled { throw .cancelled }
      try sampler.sweep(&stream)
      let past = sweep - settings.warmup + 1
      if past > 0, past % settings.thinning == 0 {
        result.forest.append(sampler.ensemble)
        result.statistics.append(sampler.ensemble.leafStatistics(models: problem.models))
      }
    }
    result.state = sampler.ensemble
    result.counts = sampler.counts
    return result
  }
}

/// Runs `body` for 0 ..< count, results in order; the first failure ends all.
func tasks<Value: Sendable>(
  _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws(MixingError) -> Value
) async throws(MixingError) -> [Value] {
  let results: [Result<Value, MixingError>]
  do throws(SamplingError) {
    results = try await parallelTasks(count, threads: threads) { (index) throws(SamplingError) in
      if Task.isCancelled { throw .cancelled }
      do throws(MixingError) { return .success(try body(index)) } catch {
        if error == .cancelled { throw .cancelled }
        return .failure(error)
      }
    }
  } catch { throw .cancelled }
  var values: [Value] = []
  for result in results { values.append(try result.get()) }
  return values
}
