import LogDensities

/// An iterate worth keeping: λ and what was estimated there.
public struct Iterate: Sendable, Codable, Equatable {
  /// λ.
  public let lambda: Hyperparameters
  /// The estimates at λ.
  public let info: TuningInfo

  /// An iterate.
  public init(lambda: Hyperparameters, info: TuningInfo) {
    self.lambda = lambda
    self.info = info
  }
}

/// Which iterate to keep: every evaluation is noisy, so the last need not be the best.
public protocol IterateSelector: Sendable {
  /// Whether `candidate` takes the place of `best`, with `objective` being increased.
  func prefers(_ candidate: Iterate, over best: Iterate, by objective: Objective) -> Bool
  /// Whether the choice is made again on fresh draws at the end, with the schedule's own proposal beside the best iterate.
  var rescores: Bool { get }
  /// Why the kept iterate is the one, as a sentence.
  func reason(for best: Iterate) -> String
}

extension IterateSelector {
  /// The choice among iterates stands.
  public var rescores: Bool { false }
}

/// The largest surrogate (41), the paper's choice, or where there are hyperpriors the largest penalised surrogate: (41) plus
/// ln p(λ).
///
/// The surrogate is not the log evidence and may rise without bound as a prior narrows; then this is a choice of horizon.
public struct BestSurrogate: IterateSelector, Codable, Equatable {
  /// The paper's choice.
  public init() {}

  /// Whether its penalised surrogate is larger.
  public func prefers(_ candidate: Iterate, over best: Iterate, by objective: Objective) -> Bool {
    candidate.info.penalisedSurrogate.value > best.info.penalisedSurrogate.value
  }

  /// The choice in words.
  public func reason(for best: Iterate) -> String {
    "Iteration \(best.info.iteration) has the largest surrogate (expected log-likelihood plus weighted entropy)"
      + (best.info.logHyperprior == nil ? " of all." : " plus log hyperprior of all.")
  }
}

/// The largest evidence along the path of iterates, plus γ H and ln p(λ): the objective itself.
public struct BestEvidence: IterateSelector, Codable, Equatable {
  /// The default choice.
  public init() {}

  /// It is.
  public var rescores: Bool { true }

  /// Whether its objective is larger.
  public func prefers(_ candidate: Iterate, over best: Iterate, by objective: Objective) -> Bool {
    guard let theirs = candidate.info.penalisedEvidence(entropyWeight: objective.entropyWeight) else { return false }
    return best.info.penalisedEvidence(entropyWeight: objective.entropyWeight).map { theirs.value > $0.value } ?? true
  }

  /// The choice in words.
  public func reason(for best: Iterate) -> String {
    "Iteration \(best.info.iteration) has the largest evidence of all, with what the objective adds to it."
  }
}

/// The largest log predictive density of held-out rows.
public struct BestHeldOut: IterateSelector, Codable, Equatable {
  /// The choice that looks at prediction alone.
  public init() {}

  /// It is.
  public var rescores: Bool { true }

  /// Whether it predicts the held-out rows better.
  public func prefers(_ candidate: Iterate, over best: Iterate, by objective: Objective) -> Bool {
    guard let theirs = candidate.info.heldOutLogDensity else { return false }
    return best.info.heldOutLogDensity.map { theirs > $0 } ?? true
  }

  /// The choice in words.
  public func reason(for best: Iterate) -> String {
    "Iteration \(best.info.iteration) predicts the held-out rows best of all."
  }
}

/// The last iterate whose importance weights are not degenerate, for steps that settle.
public struct LastIterate: IterateSelector, Codable, Equatable {
  /// The last.
  public init() {}

  /// Always.
  public func prefers(_ candidate: Iterate, over best: Iterate, by objective: Objective) -> Bool { true }

  /// The choice in words.
  public func reason(for best: Iterate) -> String {
    "Iteration \(best.info.iteration) is the last whose estimates are usable."
  }
}
