import LogDensities

/// Any schedule of the catalogue, chosen at run time.
public enum CatalogueSchedule: TuningSchedule {
  /// One of the gradient schedules.
  case gradient(GradientSchedule<Optimiser>)
  /// Monte Carlo or stochastic-approximation EM.
  case expectationMaximisation(ExpectationMaximisation)
  /// Newton without reuse.
  case newton(NewtonSchedule)
  /// Newton on pooled draws.
  case pooledNewton(PooledNewtonSchedule)

  /// What the schedule in use remembers.
  public enum Memory: Sendable, Codable, Equatable {
    /// A gradient schedule's.
    case gradient(GradientSchedule<Optimiser>.Memory)
    /// That of expectation maximisation.
    case expectationMaximisation(ExpectationMaximisation.Memory)
    /// Newton's.
    case newton(NewtonSchedule.Memory)
    /// The pool and what goes with it.
    case pooledNewton(PooledNewtonSchedule.Memory)
  }

  /// The schedule of that name.
  public init(_ name: ScheduleName, _ options: ScheduleOptions = ScheduleOptions()) {
    switch name {
    case .mcem: self = .expectationMaximisation(ExpectationMaximisation(.monteCarlo))
    case .saem: self = .expectationMaximisation(ExpectationMaximisation(.stochasticApproximation))
    case .newton: self = .newton(NewtonSchedule())
    case .pooledNewton: self = .pooledNewton(PooledNewtonSchedule())
    case .pooledNewtonPlain: self = .pooledNewton(PooledNewtonSchedule(usingControlVariates: false))
    case .paper, .paperAdam, .persistentSGA, .soul, .adamPolyak: self = .gradient(.named(name, options))
    }
  }

  /// Whether the schedule in use can increase the objective.
  public func validate(_ objective: Objective) throws(TuningError) {
    switch self {
    case .gradient(let schedule): try schedule.validate(objective)
    case .expectationMaximisation(let schedule): try schedule.validate(objective)
    case .newton(let schedule): try schedule.validate(objective)
    case .pooledNewton(let schedule): try schedule.validate(objective)
    }
  }

  /// Whether the memory is one of the schedule in use.
  public func validate(_ memory: Memory) throws(TuningError) {
    switch (self, memory) {
    case (.gradient, .gradient), (.expectationMaximisation, .expectationMaximisation), (.newton, .newton),
      (.pooledNewton, .pooledNewton):
      break
    default: throw .foreignMemory
    }
  }

  /// Whether the memory is one that the schedule in use made.
  public func fits<Model: HierarchicalModel>(_ memory: Memory, _ model: Model) -> Bool {
    switch (self, memory) {
    case (.gradient(let schedule), .gradient(let memory)): schedule.fits(memory, model)
    case (.expectationMaximisation(let schedule), .expectationMaximisation(let memory)): schedule.fits(memory, model)
    case (.newton(let schedule), .newton(let memory)): schedule.fits(memory, model)
    case (.pooledNewton(let schedule), .pooledNewton(let memory)): schedule.fits(memory, model)
    default: false
    }
  }

  /// The memory of the schedule in use.
  public func initialMemory(at lambda: Hyperparameters) -> Memory {
    switch self {
    case .gradient(let schedule): .gradient(schedule.initialMemory(at: lambda))
    case .expectationMaximisation(let schedule): .expectationMaximisation(schedule.initialMemory(at: lambda))
    case .newton(let schedule): .newton(schedule.initialMemory(at: lambda))
    case .pooledNewton(let schedule): .pooledNewton(schedule.initialMemory(at: lambda))
    }
  }

  /// What the schedule in use asks for; `memory` must be one of its own, see `validate`.
  public func sampling(at iteration: Int, _ memory: Memory) -> InnerSampling {
    switch (self, memory) {
    case (.gradient(let schedule), .gradient(let memory)): schedule.sampling(at: iteration, memory)
    case (.expectationMaximisation(let schedule), .expectationMaximisation(let memory)):
      schedule.sampling(at: iteration, memory)
    case (.newton(let schedule), .newton(let memory)): schedule.sampling(at: iteration, memory)
    case (.pooledNewton(let schedule), .pooledNewton(let memory)): schedule.sampling(at: iteration, memory)
    default: preconditionFailure("a schedule goes on with a memory of its own")
    }
  }

  /// The move of the schedule in use.
  public func move<Model: HierarchicalModel>(
    after batch: TuningBatch, of model: Model, toward objective: Objective, _ memory: Memory
  ) throws(TuningError) -> TuningMove<Memory> {
    switch (self, memory) {
    case (.gradient(let schedule), .gradient(let memory)):
      try schedule.move(after: batch, of: model, toward: objective, memory).mapMemory { .gradient($0) }
    case (.expectationMaximisation(let schedule), .expectationMaximisation(let memory)):
      try schedule.move(after: batch, of: model, toward: objective, memory).mapMemory { .expectationMaximisation($0) }
    case (.newton(let schedule), .newton(let memory)):
      try schedule.move(after: batch, of: model, toward: objective, memory).mapMemory { .newton($0) }
    case (.pooledNewton(let schedule), .pooledNewton(let memory)):
      try schedule.move(after: batch, of: model, toward: objective, memory).mapMemory { .pooledNewton($0) }
    default: throw .foreignMemory
    }
  }
}

extension TuningMove {
  /// The same move with the memory seen as another type.
  func mapMemory<Other>(_ body: (Memory) -> Other) -> TuningMove<Other> {
    TuningMove<Other>(
      to: lambda, proposal: proposal, memory: body(memory), expectedRegret: expectedRegret, isRejected: isRejected,
      reuseEffectiveSize: reuseEffectiveSize)
  }
}

extension GradientSchedule where Ascent == Optimiser {
  /// The gradient schedules of the catalogue.
  static func named(_ name: ScheduleName, _ options: ScheduleOptions) -> GradientSchedule {
    let clipping = options.clip.map { GradientClipping(logarithm: $0, location: 2 * $0) }
    let scaling = options.naturalScaling ? NaturalScaling() : nil
    let step = ConstantStep(options.step ?? name.step ?? 0.5)
    let draws = ConstantSchedule(draws: options.draws ?? name.draws ?? 25)
    let plain = Optimiser(scaling: scaling, constant: step, clipping: clipping)
    let adam = Optimiser(adam: Adam(), constant: step, clipping: clipping)
    let falling = Optimiser(
      scaling: scaling, robbinsMonro: RobbinsMonroStep(size: step.size, delay: 10, exponent: 0.6), clipping: clipping)
    func persistent(_ adaptation: Int) -> InnerSampling.Adaptation {
      .persistent(warmup: options.warmup, adaptation: adaptation)
    }
    return switch name {
    case .paper: GradientSchedule(plain, adaptation: .fresh(warmup: options.warmup), draws: draws)
    case .paperAdam: GradientSchedule(adam, adaptation: .fresh(warmup: options.warmup), draws: draws)
    case .adamPolyak: GradientSchedule(adam, adaptation: persistent(2), draws: draws, averaging: true)
    case .soul: GradientSchedule(falling, adaptation: persistent(0), draws: draws, averaging: true)
    default: GradientSchedule(plain, adaptation: persistent(2), draws: draws)
    }
  }
}
