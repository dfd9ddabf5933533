import LogDensities
import Sampling

/// The No-U-Turn sampler as the inner loop.
public struct NUTSPosteriorSampler<Posterior: LogDensity>: PosteriorSampler {
  /// What the chains of one outer iteration owe to those of the one before.
  public enum Mode: Sendable, Codable, Equatable {
    /// Everything: chains go on where they stood, with their step size and metric, after `adaptation` transitions to the
    /// new λ. The first iteration has a full warm-up of `warmup` transitions.
    case persistent(warmup: Int, adaptation: Int)
    /// Their positions only: chains go on where they stood, after a full warm-up of `warmup` transitions. For final draws,
    /// whose metric is worth learning anew.
    case rewarmed(warmup: Int)
    /// Nothing, the paper's way: each iteration starts anew with a full warm-up of `warmup` transitions.
    case fresh(warmup: Int)
  }

  /// The sampler behind it.
  public let sampler: MultiChainSampler
  /// Whether chains persist.
  public let mode: Mode

  /// A sampler; `draws` and `warmup` of the settings are not used, the schedule and the mode say them.
  /// - Throws: `SamplingError.setting` for settings outside their ranges.
  public init(
    _ settings: SamplerSettings, mode: Mode = .persistent(warmup: 150, adaptation: 10)
  ) throws(SamplingError) {
    sampler = try MultiChainSampler(settings)
    self.mode = mode
  }

  /// Draws from the chains, or from new ones.
  public func sample(
    _ posterior: Posterior, from chains: [ChainState]?, startingOn smoothed: Posterior, draws: Int, iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: [ChainState]) {
    switch (mode, chains) {
    case (.persistent(_, let adaptation), let chains?):
      let plan: WarmUpPlan = adaptation > 0 ? .short(transitions: adaptation) : .none
      let (sample, states) = try await sampler.sample(
        posterior, from: chains, warmup: plan, draws: draws, iteration: iteration)
      return (sample, states)
    case (.rewarmed(let warmup), let chains?):
      let (sample, states) = try await sampler.sample(
        posterior, from: chains, warmup: .full(transitions: warmup), draws: draws, iteration: iteration)
      return (sample, states)
    case (.persistent(let warmup, _), nil), (.rewarmed(let warmup), nil), (.fresh(let warmup), _):
      let (states, price) = try await sampler.start(posterior, searching: smoothed, iteration: iteration)
      let (sample, chains) = try await sampler.sample(
        posterior, from: states, warmup: .full(transitions: warmup), draws: draws, iteration: iteration)
      return (sample.costing(price), chains)
    }
  }
}

extension PosteriorSample {
  /// The same draws, which cost `more` gradient evaluations on top.
  fileprivate func costing(_ more: Int) -> PosteriorSample {
    PosteriorSample(
      dimension: dimension, chains: chains, drawsPerChain: drawsPerChain, positions: positions, statistics: statistics,
      gradientEvaluations: gradientEvaluations + more)
  }
}
