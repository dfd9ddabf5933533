import LogDensities
import Sampling

/// The inner loop as the outer one sees it: anything that draws from p(θ | y, λ), by gradients or not.
///
/// `Posterior` may be a density with more structure than a gradient, so that a Gibbs or a tree sampler fits too.
public protocol PosteriorSampler: Sendable {
  /// The density that it draws from.
  associatedtype Posterior: LogDensity
  /// Where its chains stand, with all that they have learnt.
  associatedtype Chains: Sendable, Codable

  /// Makes `draws` draws in every chain, going on from `chains`, or starting anew where that is nil.
  ///
  /// Randomness comes from the sampler's own seed and `iteration`, and from nothing else.
  func sample(
    _ posterior: Posterior, from chains: Chains?, draws: Int, iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: Chains)
}
