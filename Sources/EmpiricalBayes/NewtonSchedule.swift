import LogDensities

/// Newton ascent with Louis's Hessian on each iteration's own draws, chains that persist and samples that grow.
public struct NewtonSchedule: TuningSchedule {
  /// Iterations so far.
  public struct Memory: Sendable, Codable, Equatable {
    var round = 0
  }

  private let adaptingRounds = 4
  private let radius = 1.0

  /// The schedule.
  public init() {}

  /// None so far.
  public func initialMemory(at lambda: Hyperparameters) -> Memory { Memory() }

  /// Whether the number of rounds is one.
  public func fits<Model: HierarchicalModel>(_ memory: Memory, _ model: Model) -> Bool {
    (0..<1 << 32).contains(memory.round)
  }

  /// Four rounds of twelve transitions that adapt, then samples from 10 draws a chain, growing by a fifth up to 300.
  public func sampling(at iteration: Int, _ memory: Memory) -> InnerSampling {
    if memory.round < adaptingRounds { return InnerSampling(.moving(discarded: 4), draws: 8, isBurnIn: true) }
    let later = GrowingSchedule(first: 10, growth: 1.2, most: 300)
    return InnerSampling(
      .settled(discarded: 2), draws: later.drawsPerChain(at: memory.round - adaptingRounds))
  }

  /// A Newton step, shortened where it is long; while chains still settle, a step scaled by the prior information alone.
  public func move<Model: HierarchicalModel>(
    after batch: TuningBatch, of model: Model, toward objective: Objective, _ memory: Memory
  ) throws(TuningError) -> TuningMove<Memory> {
    let latest = Latest(batch, of: model, objective)
    let direction = NewtonDirection(latest.whole, at: batch.lambda)
    let isSettling = memory.round < adaptingRounds
    let scaled = zip(latest.whole.gradient, latest.whole.information).map { $1 > 0 ? $0 / $1 : 0 }
    let step = shortened(isSettling ? scaled : direction.step, at: batch.point, radius: radius)
    var regret: Double?
    if !isSettling, let time = latest.autocorrelationTime(of: latest.whole),
      direction.isCertain(effectiveDraws: latest.whole.effectiveDraws / time)
    {
      let covariance = latest.whole.gradientCovariance(effectiveDraws: latest.whole.effectiveDraws / time)
      regret = direction.expectedRegret(gradient: latest.whole.gradient, covariance: covariance).map {
        $0.noise + $0.distance
      }
    }
    return TuningMove(
      to: zip(batch.lambda.free, step).map { $0 + $1 }, memory: Memory(round: memory.round + 1), expectedRegret: regret)
  }
}
