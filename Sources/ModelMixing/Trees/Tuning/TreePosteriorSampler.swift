import EmpiricalBayes
import LogDensities
import Sampling

/// Metropolis within Gibbs over trees as the inner loop.
///
/// A transition of a plan is `thinning` sweeps of a chain, but a full warm-up is counted in sweeps. No optimiser finds a start for
/// trees, so new chains, whatever the plan, have a warm-up of at least `warmup` sweeps; chains that stand somewhere have that of the
/// plan. Nothing adapts, so plans that differ in adaptation alone are the same. The price of a sample, "gradient evaluations", is its
/// number of sweeps.
public struct TreePosteriorSampler: PosteriorSampler {
  /// Chains, least warm-up of new chains, sweeps a draw, seed and threads; `draws` is not used.
  public let settings: TreeSamplingSettings
  /// Whether the trees of all draws are kept, for predictions at any rows; mind the memory, some 120 bytes a tree and draw.
  public let keepsTrees: Bool
  /// What shows how far the chains are; nil where nobody watches. No result depends on it.
  public let meter: ChainMeter?

  /// A sampler.
  /// - Throws: `MixingError.setting` for settings outside their ranges.
  public init(
    _ settings: TreeSamplingSettings = TreeSamplingSettings(warmup: 300, thinning: 3), keepingTrees: Bool = false,
    meter: ChainMeter? = nil
  ) throws(MixingError) {
    try settings.validate()
    self.settings = settings
    keepsTrees = keepingTrees
    self.meter = meter
  }

  /// Whether there are as many states as chains, with as many trees each, positive noise and finite leaves of one length. Where
  /// they do not belong to the posterior's rows and cut points, `sample` throws.
  public func fits(_ chains: TreeMixingChains, dimension: Int) -> Bool {
    let states = chains.states
    guard states.count == settings.chains, let tree = states.first?.trees.first, !tree.nodes.isEmpty else {
      return false
    }
    let models = tree.values.count / tree.nodes.count
    return models > 0
      && states.allSatisfy { chain in
        chain.trees.count == states[0].trees.count && chain.sigma > 0 && chain.sigma.isFinite
          && chain.trees.allSatisfy {
            $0.values.count == $0.nodes.count * models && $0.values.allSatisfy(\.isFinite)
          }
      }
  }

  /// Records of draws from the chains, or from new ones; see `TreeMixingModel`.
  /// - Throws: `MixingError` for states of another problem, numbers that overflow, and `.cancelled`.
  public func sample(
    _ posterior: TreeMixing, from chains: TreeMixingChains?, startingOn smoothed: TreeMixing, plan: InnerSampling,
    iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: TreeMixingChains) {
    var starts = chains?.states
    if case .fresh = plan.adaptation { starts = nil }
    let run = TreeChainRun(
      warmup: starts == nil
        ? max(settings.warmup, plan.discarded(thinning: settings.thinning))
        : plan.discardedByOldChains(thinning: settings.thinning),
      draws: plan.draws, thinning: settings.thinning, keepsTrees: keepsTrees, meter: meter)
    let results = try await run.results(of: posterior, from: starts, settings, iteration: iteration)
    let record = TreeRecord(models: posterior.problem.models, rows: posterior.problem.rows)
    let sample = PosteriorSample(
      dimension: record.length, chains: results.count, drawsPerChain: plan.draws,
      positions: results.flatMap(\.positions), statistics: results.flatMap(\.statistics),
      gradientEvaluations: run.sweeps * results.count)
    let (states, trees) = (results.map(\.state), results.compactMap(\.trees))
    let kept =
      keepsTrees ? TreeMixingSample(trees, states: states, moves: results.map(\.counts), of: posterior) : nil
    return (sample, TreeMixingChains(states, sample: kept))
  }

  /// The second, fourth … chain started anew from the prior, with a warm-up of its own.
  public func scouted(
    _ chains: TreeMixingChains, of posterior: TreeMixing, startingOn smoothed: TreeMixing, iteration: UInt32
  ) async throws -> (chains: TreeMixingChains, gradientEvaluations: Int) {
    let states = chains.states
    guard states.count > 1 else { return (chains, 0) }
    // Numbers of an iteration that no run has, as those of pilot runs.
    let run = TreeChainRun(warmup: max(1, settings.warmup), draws: 0, thinning: 1, meter: meter)
    let fresh = try await run.results(of: posterior, from: nil, settings, iteration: iteration ^ 0x2000_0000)
    return (
      TreeMixingChains(states.indices.map { $0 % 2 == 1 ? fresh[$0].state : states[$0] }),
      run.sweeps * settings.chains
    )
  }
}

extension InnerSampling {
  /// Sweeps before the first draw of new chains.
  fileprivate func discarded(thinning: Int) -> Int {
    switch adaptation {
    case .fresh(let warmup), .rewarmed(let warmup), .persistent(let warmup, _): warmup
    case .moving(let discarded), .settled(let discarded): discarded * thinning
    }
  }

  /// Sweeps before the first draw of chains that go on.
  fileprivate func discardedByOldChains(thinning: Int) -> Int {
    if case .persistent(_, let adaptation) = adaptation { adaptation * thinning } else { discarded(thinning: thinning) }
  }
}
