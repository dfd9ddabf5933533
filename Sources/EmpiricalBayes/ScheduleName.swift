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

  /// Whether it ascends along a gradient, with a step size.
  public var followsGradient: Bool {
    switch self {
    case .paper, .paperAdam, .persistentSGA, .soul, .adamPolyak: true
    case .mcem, .saem, .newton, .pooledNewton, .pooledNewtonPlain: false
    }
  }

  /// Whether it estimates what is still to be gained, so that it can stop by itself.
  public var knowsWhenToStop: Bool {
    switch self {
    case .newton, .pooledNewton, .pooledNewtonPlain: true
    default: false
    }
  }

  /// The step size of a gradient schedule, on the natural scale; nil for others.
  public var step: Double? {
    switch self {
    case .paper, .persistentSGA: 0.5
    case .paperAdam, .adamPolyak: 0.1
    case .soul: 1
    default: nil
    }
  }

  /// The draws a chain makes in an iteration, of a schedule with a constant number; nil for others.
  public var draws: Int? {
    switch self {
    case .paper, .paperAdam: 100
    case .persistentSGA, .adamPolyak: 25
    case .soul: 1
    default: nil
    }
  }

  /// Outer iterations that usually suffice; schedules that know when to stop are given more than they need.
  public var iterations: Int {
    switch self {
    case .paper: 30
    case .paperAdam, .persistentSGA: 60
    case .adamPolyak: 150
    case .soul, .saem: 400
    case .mcem: 25
    case .newton, .pooledNewton, .pooledNewtonPlain: 100
    }
  }
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
