/// Draws of the posterior at a tuned λ, and what they say of the chains that λ was tuned by.
public struct FinalPosterior<Chains: Sendable & Codable>: Sendable {
  /// The draws.
  public let inner: InnerDraws
  /// Where the chains stand at the end, those of negligible modes moved to where the others are.
  public let chains: Chains
  /// Whether all chains that went on from the tuning run turned out to sit in modes of negligible mass, beside chains that
  /// started anew: λ was then tuned on draws of next to nothing of the posterior.
  public let tuningMissedTheMass: Bool

  init(_ inner: InnerDraws, chains: Chains, wentOn: Bool) {
    self.inner = inner
    self.chains = chains
    let negligible = Set(inner.modes.negligibleChains)
    let old = stride(from: 0, to: inner.sample.chains, by: 2)
    tuningMissedTheMass = wentOn && !negligible.isEmpty && old.allSatisfy(negligible.contains)
  }

  /// What `tuningMissedTheMass` means, for people.
  public static var missedMass: String {
    "The priors were tuned on chains that all sat in a mode of negligible mass: chains that started anew found the posterior"
      + " elsewhere; do not rely on the tuned priors."
  }
}
