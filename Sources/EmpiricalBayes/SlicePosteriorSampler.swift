import LogDensities
import Sampling

/// Coordinate-wise slice sampling as the inner loop: for densities with jumps, or whose gradient says nothing. See
/// `SliceSampler`.
///
/// Its price grows with the number of coordinates and with their correlation: for smooth densities take
/// `NUTSPosteriorSampler`. `gradientEvaluations` of its samples counts evaluations of the density.
public struct SlicePosteriorSampler<Posterior: LogDensity>: PosteriorSampler {
  /// The sampler behind it.
  public let sampler: SliceSampler

  /// A sampler; the plan of every call says how many transitions and draws. `meter` shows how far its chains are.
  /// - Throws: `SamplingError.setting` for settings outside their ranges.
  public init(chains: Int = 4, seed: UInt64 = 1, threads: Int = 4, meter: ChainMeter? = nil) throws(SamplingError) {
    sampler = try SliceSampler(chains: chains, seed: seed, threads: threads, meter: meter)
  }

  /// Whether there are as many states as chains, each with a finite position and positive widths.
  public func fits(_ chains: [SliceChain], dimension: Int) -> Bool {
    chains.count == sampler.chains && chains.allSatisfy { $0.fits(dimension: dimension) }
  }

  /// Draws from the chains, or from new ones. Widths are adapted in warm-up alone, never while draws are made, and not at all
  /// where a plan has nothing adapt.
  public func sample(
    _ posterior: Posterior, from chains: [SliceChain]?, startingOn smoothed: Posterior, plan: InnerSampling,
    iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: [SliceChain]) {
    var states = chains ?? []
    if case .fresh = plan.adaptation { states = [] }
    let isNew = states.isEmpty
    var price = 0
    if isNew { (states, price) = try await sampler.start(posterior, iteration: iteration) }
    let (warmup, adapting) = plan.slices(ofNewChains: isNew)
    let (sample, ends) = try await sampler.sample(
      posterior, from: states, warmup: warmup, adapting: adapting, draws: plan.draws, iteration: iteration,
      keepingGradients: plan.keepsGradients)
    return (sample.costing(price), ends)
  }

  /// The second, fourth … chain anew.
  public func scouted(
    _ chains: [SliceChain], of posterior: Posterior, startingOn smoothed: Posterior, iteration: UInt32
  ) async throws -> (chains: [SliceChain], gradientEvaluations: Int) {
    guard chains.count > 1 else { return (chains, 0) }
    let (fresh, price) = try await sampler.start(posterior, iteration: iteration)
    return (chains.indices.map { $0 % 2 == 1 ? fresh[$0] : chains[$0] }, price)
  }
}

extension InnerSampling {
  /// What the plan means to slice-sampling chains. New ones always adapt their widths: 1 is a guess.
  fileprivate func slices(ofNewChains isNew: Bool) -> (warmup: Int, adapting: Bool) {
    switch adaptation {
    case .fresh(let warmup), .rewarmed(let warmup): (warmup, true)
    case .persistent(let warmup, let adaptation): (isNew ? warmup : adaptation, true)
    case .moving(let discarded): (discarded, true)
    case .settled(let discarded): (discarded, isNew)
    }
  }
}
