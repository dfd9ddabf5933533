/// One fitted configuration that a selection may choose.
public struct SelectionTrial: Sendable, Codable, Equatable {
  /// What people call it.
  public var name: String
  /// PSIS-LOO with its standard error: more is better.
  public var metric: Score
  /// The number of experts M.
  public var experts: Int
  /// The number of parameters.
  public var parameters: Int

  /// A trial.
  public init(name: String, metric: Score, experts: Int, parameters: Int) {
    self.name = name
    self.metric = metric
    self.experts = experts
    self.parameters = parameters
  }
}

/// Complexity-aware model selection (section 5.4, Appendix F, Algorithm 1).
public struct ModelSelection: Sendable, Codable, Equatable {
  /// What became of a trial.
  public enum Outcome: Sendable, Codable, Equatable {
    /// Its metric is not finite; it is left out.
    case unusable
    /// Not in the Pareto set: that trial is no worse in every respect and better in one.
    case dominated(by: Int)
    /// Visited first, and so the best so far.
    case first
    /// Better than the trial with that index with at least this probability, which exceeds τ.
    case accepted(over: Int, bound: Double)
    /// The bound on the probability of being better than the trial with that index does not exceed τ.
    case passedOver(for: Int, bound: Double)
  }

  /// The trials as they were given.
  public let trials: [SelectionTrial]
  /// The outcome of each.
  public let outcomes: [Outcome]
  /// The Pareto set over (metric ↑, experts ↓, parameters ↓) in the order of its visit.
  public let visited: [Int]
  /// The index of the chosen trial; nil where no trial is usable.
  public let best: Int?
  /// τ.
  public let threshold: Double
}
