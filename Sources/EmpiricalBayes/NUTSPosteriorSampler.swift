import LogDensities
import Sampling

/// The No-U-Turn sampler as the inner loop.
public struct NUTSPosteriorSampler<Posterior: LogDensity>: PosteriorSampler {
  /// The sampler behind it.
  public let sampler: MultiChainSampler

  /// A sampler; `draws` and `warmup` of the settings are not used, the plan of every call says them. `meter` shows how far
  /// its chains are.
  /// - Throws: `SamplingError.setting` for settings outside their ranges.
  public init(_ settings: SamplerSettings, meter: ChainMeter? = nil) throws(SamplingError) {
    sampler = try MultiChainSampler(settings, meter: meter)
  }

  /// Whether there are as many states as chains, each with a finite position and a usable metric.
  public func fits(_ chains: [ChainState], dimension: Int) -> Bool {
    chains.count == sampler.settings.chains
      && chains.allSatisfy { $0.fits(dimension: dimension, metric: sampler.settings.metric) }
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
      (states, price) = try await start(posterior, smoothed, plan, iteration)
    }
    let (sample, ends) = try await sampler.sample(
      posterior, from: states ?? [], warmup: plan.warmUp(ofNewChains: isNew), draws: plan.draws, iteration: iteration,
      keepingGradients: plan.keepsGradients)
    return (sample.costing(price), ends)
  }

  /// Where new chains start: with a plan for draws that people read, where short runs find the most mass.
  private func start(
    _ posterior: Posterior, _ smoothed: Posterior, _ plan: InnerSampling, _ iteration: UInt32
  ) async throws -> (states: [ChainState], gradientEvaluations: Int) {
    if case .rewarmed = plan.adaptation {
      return try await sampler.pilotedStart(posterior, searching: smoothed, iteration: iteration)
    }
    return try await sampler.start(posterior, searching: smoothed, iteration: iteration)
  }

  /// The second, fourth … chain where short runs find the most mass; see `MultiChainSampler.pilotedStart`.
  public func scouted(
    _ chains: [ChainState], of posterior: Posterior, startingOn smoothed: Posterior, iteration: UInt32
  ) async throws -> (chains: [ChainState], gradientEvaluations: Int) {
    guard chains.count > 1 else { return (chains, 0) }
    let (fresh, price) = try await sampler.pilotedStart(posterior, searching: smoothed, iteration: iteration)
    return (chains.indices.map { $0 % 2 == 1 ? fresh[$0] : chains[$0] }, price)
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
