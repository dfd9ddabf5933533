import LogDensities

/// Stochastic gradient ascent: a plan of sampling, a number of draws, a transform from gradient to step, and perhaps an
/// average of iterates.
public struct GradientSchedule<Ascent: GradientTransform>: TuningSchedule {
  /// The transform's memory and, where iterates are averaged, the iterates so far.
  public struct Memory: Sendable, Codable, Equatable {
    var ascent: Ascent.State
    var iterates: [[Double]] = []
  }

  /// How a gradient becomes a step.
  public let ascent: Ascent
  /// How chains get used to every λ.
  public let adaptation: InnerSampling.Adaptation
  /// Draws of every iteration.
  public let draws: any DrawSchedule
  /// Whether the proposal is the mean of the later half of all iterates (Polyak and Juditsky 1992), not the last.
  public let averages: Bool

  /// A schedule of its parts.
  public init(
    _ ascent: Ascent, adaptation: InnerSampling.Adaptation = .persistent(warmup: 150, adaptation: 10),
    draws: any DrawSchedule, averaging: Bool = false
  ) {
    self.ascent = ascent
    self.adaptation = adaptation
    self.draws = draws
    averages = averaging
  }

  /// The transform's.
  public func initialMemory(at lambda: Hyperparameters) -> Memory {
    Memory(ascent: ascent.initialState(dimension: lambda.coordinates.count))
  }

  /// Whether moments and iterates are those of the model's λ.
  public func fits<Model: HierarchicalModel>(_ memory: Memory, _ model: Model) -> Bool {
    let count = model.hyperparameters.coordinates.count
    return ascent.fits(memory.ascent, dimension: count) && memory.iterates.allSatisfy { $0.count == count }
  }

  /// The same adaptation always.
  public func sampling(at iteration: Int, _ memory: Memory) -> InnerSampling {
    InnerSampling(adaptation, draws: draws.drawsPerChain(at: iteration))
  }

  /// A step along the transformed gradient.
  public func move<Model: HierarchicalModel>(
    after batch: TuningBatch, of model: Model, toward objective: Objective, _ memory: Memory
  ) throws(TuningError) -> TuningMove<Memory> {
    let (step, state) = ascent.update(batch.estimate.gradient.map(\.value), memory.ascent, at: batch.point)
    let next = batch.lambda.moved(to: zip(batch.lambda.free, step).map { $0 + $1 }).free
    guard averages else { return TuningMove(to: next, memory: Memory(ascent: state)) }
    let iterates = memory.iterates + [next]
    let later = iterates[(iterates.count / 2)...]
    let mean = next.indices.map { index in later.reduce(0) { $0 + $1[index] } / Double(later.count) }
    return TuningMove(to: next, proposal: mean, memory: Memory(ascent: state, iterates: iterates))
  }
}
