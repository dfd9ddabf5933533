import LogDensities

/// All that the outer loop carries from one iteration to the next: a checkpoint is this value, and resuming is exact.
///
/// Diagnostics of very short chains are infinite: an encoder for JSON needs a strategy for numbers that are not finite.
public struct TuningState<Chains: Sendable & Codable, Memory: Sendable & Codable & Equatable>: Sendable, Codable {
  /// λ before anything was tuned.
  public let initial: Hyperparameters
  /// The next iteration, counted from 0.
  public var iteration = 0
  /// λ at the next iteration.
  public var lambda: Hyperparameters
  /// The sampler's chains; nil before the first iteration.
  public var chains: Chains?
  /// The schedule's memory.
  public var memory: Memory
  /// The maximiser as the schedule saw it last; nil before the first iteration.
  public var proposal: Hyperparameters?
  /// The evidence along the path of iterates; nil before the first iteration.
  public var path: EvidencePath?
  /// The best iterate so far; nil before the first iteration.
  public var best: Iterate?
  /// The candidates that `best` was chosen from on fresh draws; empty before `TuningLoop.rescored`.
  public var candidates: [Candidate] = []
  /// The last iterate at which estimates were made; nil before the first iteration.
  public var last: Iterate?
  /// The labelling of the draws where coordinates belong to one expert each; nil elsewhere.
  public var labelling: Labelling?
  /// Everything that was done to a chain, a sentence each.
  public var remarks: [String] = []
  /// What the last iterations found, for stopping rules; at most `mostRecent`, the latest at the end.
  public var recent: [TuningInfo] = []
  /// Gradient evaluations spent so far.
  public var gradientEvaluations = 0
  /// How often tuning went on from chains that had found the posterior's mass elsewhere.
  public var restarts = 0
  /// Iterations that moved no λ, since their importance weights were degenerate.
  public var withheldSteps = 0

  /// How many iterations `recent` goes back.
  public static var mostRecent: Int { 2 }

  /// The state before the first iteration; `initial` is what a tuned λ is compared with, `lambda` where tuning starts.
  public init(initial: Hyperparameters, lambda: Hyperparameters, chains: Chains? = nil, memory: Memory) {
    self.initial = initial
    self.lambda = lambda
    self.chains = chains
    self.memory = memory
  }
}

extension TuningState {
  /// The state after a move of λ, which its bounds may shorten.
  func advanced(by move: TuningMove<Memory>, path: EvidencePath?, chains: Chains, gradientEvaluations: Int) -> Self {
    var next = self
    next.iteration += 1
    next.lambda = lambda.moved(to: move.lambda)
    next.proposal = lambda.moved(to: move.proposal ?? move.lambda)
    next.path = path
    next.chains = chains
    next.memory = move.memory
    next.gradientEvaluations += gradientEvaluations
    return next
  }

  /// The state with an iterate noted as the last, and as the best where the selector prefers it. Degenerate weights come
  /// before any selector: an iterate that has them never displaces one that has not, and always gives way to it.
  func keeping(_ iterate: Iterate, by selector: any IterateSelector, _ objective: Objective) -> (Self, TuningInfo) {
    var info = iterate.info
    info.isBest =
      best.map { best in
        best.info.weightsAreDegenerate == info.weightsAreDegenerate
          ? selector.prefers(iterate, over: best, by: objective) : best.info.weightsAreDegenerate
      } ?? true
    var next = self
    if info.weightsAreDegenerate { next.withheldSteps += 1 }
    next.last = Iterate(lambda: iterate.lambda, info: info)
    next.recent = Array((recent + [info]).suffix(Self.mostRecent))
    if info.isBest { next.best = next.last }
    return (next, info)
  }
}
