import LogDensities
import Sampling

/// Chains of tree mixing side by side, and what is kept of each of their draws.
struct TreeChains: Sendable {
  /// A chain at its end.
  struct Chain<Record: Sendable>: Sendable {
    var record: Record
    var state: TreeEnsemble
    var counts: TreeMoveCounts
  }

  let mixing: TreeMixing
  let chains: Int
  /// Sweeps before the first draw.
  let warmup: Int
  let draws: Int
  /// Sweeps a draw.
  let thinning: Int
  let seed: UInt64
  let threads: Int
  var meter: ChainMeter?

  /// Sweeps of a chain.
  var sweeps: Int { warmup + draws * thinning }

  /// Runs all chains, the same to the last bit for any number of threads.
  /// - Parameters:
  ///   - states: Where they go on, one a chain; drawn from the prior where it is nil.
  ///   - iteration: Names the random streams.
  ///   - record: What a chain begins with.
  ///   - keep: Adds a draw; it also has the counts of proposals before the draw's last sweep.
  /// - Throws: `MixingError` for states of another problem, numbers that overflow, and `.cancelled`.
  func run<Record: Sendable>(
    from states: [TreeEnsemble]?, iteration: UInt32, record: Record,
    keep: @escaping @Sendable (TreeSampler, _ before: TreeMoveCounts, inout Record) -> Void
  ) async throws(MixingError) -> [Chain<Record>] {
    if let states, states.count != chains {
      throw .state("there are \(states.count) states for \(chains) chains")
    }
    meter?.begin(chains: chains, transitions: sweeps)
    return try await tasks(chains, threads: threads) { chain throws(MixingError) in
      func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
        RandomStream(seed: seed, iteration: iteration, chain: UInt32(chain), purpose: purpose)
      }
      var initial = stream(.initialisation)
      var random = stream(.sampling)
      var sampler = try TreeSampler(mixing, at: states?[chain] ?? mixing.start(&initial))
      var record = record
      for sweep in 0..<sweeps {
        if sweep % 64 == 0, Task.isCancelled { throw .cancelled }
        let before = sampler.counts
        try sampler.sweep(&random)
        meter?.note(chain: chain, isDivergent: false)
        let past = sweep - warmup + 1
        if past > 0, past % thinning == 0 { keep(sampler, before, &record) }
      }
      return Chain(record: record, state: sampler.ensemble, counts: sampler.counts)
    }
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
