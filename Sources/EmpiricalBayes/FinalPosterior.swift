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

extension TuningLoop {
  /// Restarts before a run ends with a warning.
  private static var mostRestarts: Int { 2 }

  /// Where the chains of a run had missed the posterior's mass, the state from which tuning goes on: at the λ that was kept,
  /// with chains that have found it. What was estimated before is of another place and is forgotten, so that evidence gained
  /// counts from here. nil where nothing was missed, and after two restarts, and where no iteration is left.
  public func restart(_ state: State, after final: FinalPosterior<Sampler.Chains>) -> State? {
    guard final.tuningMissedTheMass, state.restarts < Self.mostRestarts,
      !stopping.stops(before: state.iteration, after: [])
    else { return nil }
    let lambda = state.best?.lambda ?? state.lambda
    var next = State(
      initial: state.initial, lambda: lambda, chains: final.chains, memory: schedule.initialMemory(at: lambda))
    next.iteration = state.iteration
    next.gradientEvaluations = state.gradientEvaluations
    next.restarts = state.restarts + 1
    next.labelling = state.labelling
    next.remarks =
      state.remarks + [
        "After \(state.iteration) iterations all chains sat in a mode of negligible mass, as chains that started anew showed;"
          + " tuning went on with chains in the heavier mode, and the log evidence gained counts from there."
      ]
    return next
  }
}
