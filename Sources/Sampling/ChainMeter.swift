import Synchronization

/// How far chains are, for whoever watches: counts that a sampler keeps while it runs, once a transition and never within
/// one. No result depends on it.
public final class ChainMeter: Sendable {
  /// The counts at one moment.
  public struct Reading: Sendable, Equatable {
    /// Transitions that each chain has made in the present call.
    public var made: [Int] = []
    /// Transitions that each chain will make in it.
    public var planned = 0
    /// Divergent transitions among the draws of the present call, warm-up left out.
    public var divergences = 0
    /// How many calls have begun.
    public var calls = 0

    /// That of a meter at rest.
    public init() {}

    /// The share of the present call that is done, from 0 to 1; nil before the first one.
    public var share: Double? {
      guard planned > 0, !made.isEmpty else { return nil }
      return min(1, Double(made.reduce(0, +)) / Double(planned * made.count))
    }
  }

  private let counts = Mutex(Reading())

  /// A meter at rest.
  public init() {}

  /// The counts now.
  public var reading: Reading { counts.withLock { $0 } }

  /// A call of the sampler begins.
  package func begin(chains: Int, transitions: Int) {
    counts.withLock {
      $0.made = Array(repeating: 0, count: chains)
      $0.planned = transitions
      $0.divergences = 0
      $0.calls += 1
    }
  }

  /// A chain has made a transition.
  package func note(chain: Int, isDivergent: Bool) {
    counts.withLock {
      guard $0.made.indices.contains(chain) else { return }
      $0.made[chain] += 1
      if isDivergent { $0.divergences += 1 }
    }
  }
}

extension WarmUpPlan {
  /// Transitions before the first draw.
  var transitions: Int {
    switch self {
    case .full(let transitions), .short(let transitions): transitions
    case .round(let discarded, _): discarded
    case .none: 0
    }
  }
}
