import LogDensities
import Sampling

/// The inner loop as the outer one sees it: anything that draws from p(θ | y, λ), by gradients or not.
///
/// `Posterior` is whatever the sampler needs of the model, so that a Gibbs, slice or tree sampler fits too.
public protocol PosteriorSampler: Sendable {
  /// What it draws from.
  associatedtype Posterior: Sendable
  /// Where its chains stand, with all that they have learnt.
  associatedtype Chains: Sendable, Codable

  /// Whether `chains` have the sizes and ranges of chains that this sampler made for a density of that dimension. For chains
  /// from outside, such as a file.
  func fits(_ chains: Chains, dimension: Int) -> Bool

  /// Makes draws in every chain as planned, going on from `chains`, or starting anew where that is nil.
  ///
  /// `smoothed` is a relative of the posterior without kinks, for samplers that look for a start by optimisation.
  /// Randomness comes from the sampler's own seed and `iteration`, and from nothing else.
  func sample(
    _ posterior: Posterior, from chains: Chains?, startingOn smoothed: Posterior, plan: InnerSampling,
    iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: Chains)

  /// The chains with every second one started anew, as if there had been no run before, and the gradient evaluations that
  /// this cost. Chains that went through a run together may all have come to sit in one mode of negligible mass, where they
  /// agree: only chains that know nothing of the run can tell.
  func scouted(
    _ chains: Chains, of posterior: Posterior, startingOn smoothed: Posterior, iteration: UInt32
  ) async throws -> (chains: Chains, gradientEvaluations: Int)

  /// The chains with those in negligible modes started anew from others, and what was done, a sentence a chain.
  func repaired(_ chains: Chains, by modes: ChainModes) -> (chains: Chains, remarks: [String])
}

extension PosteriorSampler {
  /// Chains of the right type fit.
  public func fits(_ chains: Chains, dimension: Int) -> Bool { true }

  /// Chains stay where they are.
  public func scouted(
    _ chains: Chains, of posterior: Posterior, startingOn smoothed: Posterior, iteration: UInt32
  ) async throws -> (chains: Chains, gradientEvaluations: Int) { (chains, 0) }

  /// Chains stay where they are.
  public func repaired(_ chains: Chains, by modes: ChainModes) -> (chains: Chains, remarks: [String]) { (chains, []) }

  /// The same for a posterior that needs no smoothing.
  public func sample(
    _ posterior: Posterior, from chains: Chains?, plan: InnerSampling, iteration: UInt32
  ) async throws -> (sample: PosteriorSample, chains: Chains) {
    try await sample(posterior, from: chains, startingOn: posterior, plan: plan, iteration: iteration)
  }
}
