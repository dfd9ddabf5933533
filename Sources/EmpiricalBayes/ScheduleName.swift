/// The schedules that come with the toolkit, by the names that users type.
public enum ScheduleName: String, Sendable, Codable, CaseIterable {
  /// The CoCoAFusE paper's recipe: new chains with a full warm-up in every iteration, ascent with a constant step.
  case paper
  /// The same with Adam.
  case paperAdam = "paper-adam"
  /// Chains that persist, ascent with a constant step.
  case persistentSGA = "persistent-sga"
  /// Stochastic optimisation by unadjusted-length chains (SOUL; De Bortoli et al. 2021): one transition a step, steps that
  /// fall as Robbins and Monro want, iterates averaged.
  case soul
  /// Chains that persist, Adam, iterates averaged.
  case adamPolyak = "adam-polyak"
  /// Monte Carlo expectation maximisation with growing samples (Wei and Tanner 1990).
  case mcem
  /// Stochastic approximation of expectation maximisation (Delyon, Lavielle and Moulines 1999).
  case saem
  /// Newton steps with Louis's Hessian and growing batches, without reuse.
  case newton
  /// The default: Newton steps on pooled draws with control variates, adaptation while λ moves.
  case pooledNewton = "pooled-newton"
  /// The default without control variates.
  case pooledNewtonPlain = "pooled-newton-plain"
}

/// What can be set about a schedule of the catalogue; the defaults suit most problems.
public struct ScheduleOptions: Sendable, Codable, Equatable {
  /// The step size of gradient schedules; nil for the schedule's own.
  public var step: Double?
  /// The longest move of a log scale in one iteration of a gradient schedule; a location moves up to twice that times its
  /// prior's scale. nil for no limit.
  public var clip: Double? = 1
  /// Whether gradient schedules scale the gradient by the inverse prior information.
  public var naturalScaling = true
  /// Transitions of a full warm-up, where a schedule has one.
  public var warmup = 150
  /// Draws a chain in an iteration, of schedules with a constant number.
  public var draws: Int?

  /// The defaults.
  public init() {}
}
