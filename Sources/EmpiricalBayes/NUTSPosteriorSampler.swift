import LogDensities
import Sampling

/// The No-U-Turn sampler as the inner loop.
public struct NUTSPosteriorSampler<Posterior: LogDensity>: PosteriorSampler {
  /// The sampler behind it.
  public let sampler: MultiChainSampler

  /// A sampler; `draws` and `warmup` of the settings are not used, the plan of every call says them.
  /// - Throws: `SamplingError.setting` for settings outside their ranges.
  public init(_ settings: SamplerSettings) throws(SamplingError) {
    sampler = try MultiChainSampler(settings)
  }

  /// Draws from the chains, or from new ones.
  public func sample(
    _ posterior: Posterior, from chains: [ChainState]?, startingOn smoothed: Posterior, plan: InnerSampling,
    iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: [ChainState]) {
    var price = 0
    var states = chains
    if case .fresh = plan.adaptation { states = nil }
    let isNew = states == nil
    if isNew {
      (states, price) = try await sampler.start(posterior, searching: smoothed, iteration: iteration)
    }
    let (sample, ends) = try await sampler.sample(
      posterior, from: states ?? [], warmup: plan.warmUp(ofNewChains: isNew), draws: plan.draws, iteration: iteration,
      keepingGradients: plan.keepsGradients)
    return (sample.costing(price), ends)
  }

  /// Copies of states in other modes.
  public func repaired(_ chains: [ChainState], by modes: ChainModes) -> (chains: [ChainState], remarks: [String]) {
    modes.repaired(chains)
  }
}

extension InnerSampling {
  /// What the plan means to chains.
  fileprivate func warmUp(ofNewChains isNew: Bool) -> WarmUpPlan {
    switch adaptation {
    case .fresh(let warmup), .rewarmed(let warmup): .full(transitions: warmup)
    case .persistent(let warmup, let adaptation):
      isNew ? .full(transitions: warmup) : adaptation > 0 ? .short(transitions: adaptation) : .none
    case .moving(let discarded): .round(discarded: discarded, adaptsStepSize: true)
    case .settled(let discarded): .round(discarded: discarded, adaptsStepSize: isNew)
    }
  }
}

extension PosteriorSample {
  /// The same draws, which cost `more` gradient evaluations on top.
  fileprivate func costing(_ more: Int) -> PosteriorSample {
    PosteriorSample(
      dimension: dimension, chains: chains, drawsPerChain: drawsPerChain, positions: positions, gradients: gradients,
      statistics: statistics, gradientEvaluations: gradientEvaluations + more)
  }
}
