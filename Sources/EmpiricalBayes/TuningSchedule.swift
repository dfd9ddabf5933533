import LogDensities

/// How a run of the outer loop goes: what the inner sampler does in each iteration, and how its draws move λ. A schedule is
/// a value without a state; what it remembers is `Memory`, which a checkpoint holds.
///
/// To add one, conform a type of yours and hand it to `TuningLoop`; `GradientSchedule` composes the usual ones.
public protocol TuningSchedule: Sendable {
  /// What it remembers from one iteration to the next.
  associatedtype Memory: Sendable, Codable, Equatable

  /// That the schedule can increase `objective`.
  /// - Throws: `TuningError.undefined` where it cannot: expectation maximisation knows no entropy penalty, say.
  func validate(_ objective: Objective) throws(TuningError)

  /// That `memory` is one of this schedule's.
  /// - Throws: `TuningError.foreignMemory` where it is not.
  func validate(_ memory: Memory) throws(TuningError)

  /// Whether `memory` has the sizes and ranges of one that this schedule made for `model`. For memories from outside, such as
  /// a file.
  func fits<Model: HierarchicalModel>(_ memory: Memory, _ model: Model) -> Bool

  /// The memory before the first iteration.
  func initialMemory(at lambda: Hyperparameters) -> Memory

  /// What the inner sampler shall do next.
  func sampling(at iteration: Int, _ memory: Memory) -> InnerSampling

  /// Where λ goes after the draws of one iteration.
  func move<Model: HierarchicalModel>(
    after batch: TuningBatch, of model: Model, toward objective: Objective, _ memory: Memory
  ) throws(TuningError) -> TuningMove<Memory>
}

extension TuningSchedule {
  /// Every objective is fine.
  public func validate(_ objective: Objective) throws(TuningError) {}

  /// Every memory of the right type is fine.
  public func validate(_ memory: Memory) throws(TuningError) {}

  /// Every memory of the right type is fine.
  public func fits<Model: HierarchicalModel>(_ memory: Memory, _ model: Model) -> Bool { true }
}

/// The draws of one outer iteration and what they say.
public struct TuningBatch: Sendable {
  /// The outer iteration, from 0.
  public let iteration: Int
  /// λ at which the draws were made.
  public let lambda: Hyperparameters
  /// The draws.
  public let draws: WeightedSample
  /// Log-likelihood, score and so on of every draw.
  public let evaluated: EvaluatedDraws
  /// The estimates at λ.
  public let estimate: Objective.Value
  /// λ with its units and prior information.
  public let point: TuningPoint

  /// What draws at λ say.
  init<Model: HierarchicalModel>(
    iteration: Int, lambda: Hyperparameters, draws: WeightedSample, of model: Model, _ objective: Objective
  ) throws(TuningError) {
    self.iteration = iteration
    self.lambda = lambda
    self.draws = draws
    evaluated = try EvaluatedDraws(draws, of: model, at: lambda)
    estimate = try objective.estimate(evaluated, at: lambda)
    point = TuningPoint(iteration: iteration, at: lambda, of: model)
  }
}

/// What a schedule makes of a batch.
public struct TuningMove<Memory: Sendable & Codable & Equatable>: Sendable {
  /// The coordinates of the next λ to sample at; bounds are applied by the loop.
  public var lambda: [Double]
  /// The coordinates of the maximiser as the schedule sees it now, such as an average of iterates; nil where it is `lambda`.
  public var proposal: [Double]?
  /// What to remember.
  public var memory: Memory
  /// An estimate of what the proposal's objective still lacks, in nats: ½ tr(J⁻¹ Cov g) + ½ gᵀJ⁻¹g; nil where the schedule
  /// has none, or not yet.
  public var expectedRegret: Double?
  /// Whether the batch was found to lie below the one before it, so that λ goes back.
  public var isRejected: Bool
  /// The smallest number of effective draws in what was reused; nil where nothing was.
  public var reuseEffectiveSize: Double?

  /// A move.
  public init(
    to lambda: [Double], proposal: [Double]? = nil, memory: Memory, expectedRegret: Double? = nil,
    isRejected: Bool = false, reuseEffectiveSize: Double? = nil
  ) {
    self.lambda = lambda
    self.proposal = proposal
    self.memory = memory
    self.expectedRegret = expectedRegret
    self.isRejected = isRejected
    self.reuseEffectiveSize = reuseEffectiveSize
  }
}
