import Diagnostics

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

  /// Algorithm 1: the Pareto set is visited by ascending experts, then parameters, then in the order given; a trial takes
  /// the place of the best so far where `chebyshevLowerBound(that:exceeds:)` exceeds τ. Equal trials do not dominate one
  /// another, so that both are visited and the first stays.
  /// - Parameter threshold: τ in [0, 1].
  public init(_ trials: [SelectionTrial], threshold: Double = 0.5) {
    precondition(threshold >= 0 && threshold <= 1, "τ is a probability")
    let usable = trials.indices.filter { trials[$0].metric.value.isFinite }
    let front = usable.filter { one in !usable.contains { trials[$0].dominates(trials[one]) } }
    let visited = front.sorted { first, second in
      let (a, b) = (trials[first], trials[second])
      return (a.experts, a.parameters, first) < (b.experts, b.parameters, second)
    }
    var outcomes = [Outcome](repeating: .unusable, count: trials.count)
    for index in usable {
      if let other = visited.first(where: { trials[$0].dominates(trials[index]) }) {
        outcomes[index] = .dominated(by: other)
      }
    }
    var best: Int?
    for index in visited {
      guard let current = best else {
        (outcomes[index], best) = (.first, index)
        continue
      }
      let bound = Self.chebyshevLowerBound(that: trials[index].metric, exceeds: trials[current].metric)
      if bound > threshold {
        (outcomes[index], best) = (.accepted(over: current, bound: bound), index)
      } else {
        outcomes[index] = .passedOver(for: current, bound: bound)
      }
    }
    self.trials = trials
    self.outcomes = outcomes
    self.visited = visited
    self.best = best
    self.threshold = threshold
  }

  /// Chebyshev's lower bound on the probability that `candidate` is better than `best`, errors taken as independent:
  /// max(0, 1 − (SE_c² + SE_b²) / d²) where the difference d is positive, else 0. An unknown error proves nothing: 0 too.
  public static func chebyshevLowerBound(that candidate: Score, exceeds best: Score) -> Double {
    let difference = candidate.value - best.value
    guard difference > 0, difference.isFinite, let first = candidate.standardError, let second = best.standardError,
      first.isFinite, second.isFinite
    else { return 0 }
    let (a, b) = (first / difference, second / difference)
    return max(0, 1 - (a * a + b * b))
  }

  /// What became of a trial and why, for people.
  public func sentence(for index: Int) -> String {
    let trial = trials[index]
    let threshold = decimalText(threshold)
    switch outcomes[index] {
    case .unusable:
      return "\(trial.name) is left out: its PSIS-LOO is \(decimalText(trial.metric.value))."
    case .dominated(let other):
      return "\(trial.name) is left out: \(trials[other].name) has no more experts or parameters and predicts no worse"
        + " (PSIS-LOO \(text(other)) against \(text(index)))."
    case .first:
      return
        "\(trial.name) is the simplest of the trials that no other beats in every respect (PSIS-LOO \(text(index)))."
    case .accepted(let other, let bound):
      return "\(trial.name) is worth its complexity: it beats \(trials[other].name) (PSIS-LOO \(text(index)) against"
        + " \(text(other))) with a probability of at least \(decimalText(bound)), above τ = \(threshold)."
    case .passedOver(let other, let bound):
      return
        "\(trial.name) is not worth its complexity: that it beats \(trials[other].name) (PSIS-LOO \(text(index)) against"
        + " \(text(other))) has a probability of at least \(decimalText(bound)), which does not exceed τ = \(threshold)."
    }
  }

  private func text(_ index: Int) -> String {
    let metric = trials[index].metric
    return decimalText(metric.value, places: 1)
      + (metric.standardError.map { " ± \(decimalText($0, places: 1))" } ?? "")
  }
}

extension SelectionTrial {
  /// No worse in every respect and better in one.
  fileprivate func dominates(_ other: SelectionTrial) -> Bool {
    let isNoWorse =
      metric.value >= other.metric.value && experts <= other.experts && parameters <= other.parameters
    let isBetter = metric.value > other.metric.value || experts < other.experts || parameters < other.parameters
    return isNoWorse && isBetter
  }
}
