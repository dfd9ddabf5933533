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
    let models = problem.models
    let run = TreeChains(
      mixing: self, chains: settings.chains, warmup: settings.warmup, draws: settings.draws,
      thinning: settings.thinning, seed: settings.seed, threads: settings.threads)
    let results = try await run.run(
      from: states, iteration: iteration, record: TreeDraws(self)
    ) { sampler, _, record in
      record.append(sampler.ensemble, sampler.ensemble.leafStatistics(models: models))
    }
    return TreeMixingSample(
      results.map(\.record), states: results.map(\.state), moves: results.map(\.counts), of: self)
  }
}
