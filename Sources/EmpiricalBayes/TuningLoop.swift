import Diagnostics
import LogDensities
import Sampling

/// Stochastic ascent of 𝓛(λ): sample the posterior at λ, estimate the gradient from the draws, move λ, keep the best.
///
/// Knows no model, no sampler and no schedule, only their protocols; touches no file, clock or terminal.
public struct TuningLoop<Model: HierarchicalModel, Sampler: PosteriorSampler, Schedule: TuningSchedule>: Sendable
where Sampler.Posterior == Model.Posterior {
  /// The state of this loop.
  public typealias State = TuningState<Sampler.Chains, Schedule.Memory>

  /// p(y | θ) p(θ | λ).
  public let model: Model
  /// The inner sampler.
  public let sampler: Sampler
  /// What is increased.
  public let objective: Objective
  /// How draws are made, and how they move λ.
  public let schedule: Schedule
  /// Which iterate is kept.
  public let selector: any IterateSelector
  /// When to end.
  public let stopping: any StoppingRule
  /// The log predictive density of held-out rows under draws, for a choice by prediction; nil where there are no such rows.
  public var heldOutLogDensity: (@Sendable (WeightedSample) throws -> Double)?

  /// A loop of its parts.
  /// - Throws: `TuningError.undefined` for a schedule that knows no way to increase the objective.
  public init(
    model: Model, sampler: Sampler, objective: Objective, schedule: Schedule,
    selector: any IterateSelector = BestEvidence(), stopping: any StoppingRule
  ) throws(TuningError) {
    try schedule.validate(objective)
    self.model = model
    self.sampler = sampler
    self.objective = objective
    self.schedule = schedule
    self.selector = selector
    self.stopping = stopping
  }

  /// The state before the first iteration, at the model's own λ or at another, with chains of an earlier run or without.
  /// - Throws: `TuningError.nothingToTune` where λ has no coordinate.
  public func initialState(
    at lambda: Hyperparameters? = nil, from chains: Sampler.Chains? = nil
  ) throws(TuningError) -> State {
    let start = lambda ?? model.hyperparameters
    guard !start.coordinates.isEmpty else { throw .nothingToTune }
    let isSameTask = start.coordinates.count == model.hyperparameters.coordinates.count
    return State(
      initial: isSameTask ? model.hyperparameters : start, lambda: start, chains: chains,
      memory: schedule.initialMemory(at: start))
  }

  /// Iterates until the stopping rule says so. A cancelled task ends early with the state of the last whole iteration,
  /// and is no error.
  /// - Parameter onIteration: called after each iteration with its state, from which the loop can be resumed, and findings.
  public func run(
    from start: State, isolation: isolated (any Actor)? = #isolation,
    onIteration: (State, TuningInfo) throws -> Void = { _, _ in }
  ) async throws -> State {
    var state = start
    while !Task.isCancelled, !stopping.stops(before: state.iteration, after: state.recent) {
      let info: TuningInfo
      do {
        (state, info) = try await step(state)
      } catch {
        if Task.isCancelled { return state }
        throw error
      }
      try onIteration(state, info)
    }
    return state
  }

  /// One outer iteration. Where importance weights are degenerate, chains go on but λ and the schedule stay: a step along
  /// what one draw says would be noise.
  public func step(_ state: State) async throws -> (state: State, info: TuningInfo) {
    try schedule.validate(state.memory)
    let model = model.prepared(for: state.lambda)
    let plan = schedule.sampling(at: state.iteration, state.memory)
    let (inner, chains, remarks) = try await drawn(
      at: state.lambda, of: model, from: state.chains, labelling: state.labelling, plan: plan,
      iteration: UInt32(state.iteration))
    let (sample, draws) = (inner.sample, inner.draws)
    let batch = try TuningBatch(
      iteration: state.iteration, lambda: state.lambda, draws: draws, of: model, objective)
    let move =
      draws.isUsable
      ? try schedule.move(after: batch, of: model, toward: objective, state.memory)
      : TuningMove(to: state.lambda.free, memory: state.memory)

    let isOnPath = draws.isUsable && !plan.isBurnIn
    var next = state.advanced(
      by: move, path: isOnPath ? EvidencePath(after: state.path, batch, of: model) : state.path, chains: chains,
      gradientEvaluations: sample.gradientEvaluations + inner.modes.gradientEvaluations)
    next.labelling = inner.labelling
    next.remarks += remarks.map { "Iteration \(state.iteration): \($0)" }
    var info = TuningInfo(
      batch, convergence: convergence(of: draws.sample), move: move, next: next.lambda,
      gradientEvaluations: next.gradientEvaluations, path: isOnPath ? next.path : nil)
    info.heldOutLogDensity = try heldOutLogDensity?(draws)
    return next.keeping(Iterate(lambda: state.lambda, info: info), by: selector, objective)
  }

  /// The final stage: draws of the posterior at a tuned λ, by a sampler with settings of its own. Every second chain goes on
  /// from those of the tuning run, the others start anew and show whether the run's chains have all come to sit in a mode of
  /// negligible mass (only a plan with a full warm-up can have such); nil starts all anew. Where λ belongs to numbered experts, `labelling` is that of the run.
  public func posterior(
    at lambda: Hyperparameters, by sampler: Sampler, from chains: Sampler.Chains? = nil, plan: InnerSampling,
    labelling: Labelling? = nil
  ) async throws -> FinalPosterior<Sampler.Chains> {
    let posterior = try model.posterior(given: lambda)
    let smoothed = try model.smoothedPosterior(given: lambda)
    // No tuning run has this iteration, so the final draws share no random numbers with it.
    var (starts, price) = (chains, 0)
    if let chains, case .rewarmed = plan.adaptation {
      (starts, price) = try await sampler.scouted(chains, of: posterior, startingOn: smoothed, iteration: .max)
    }
    let (sample, ends) = try await sampler.sample(
      posterior, from: starts, startingOn: smoothed, plan: plan, iteration: .max)
    let inner = try InnerDraws(
      sample.costing(price), of: model, at: lambda, labelling: labelling, iteration: .max)
    return FinalPosterior(inner, chains: sampler.repaired(ends, by: inner.modes).chains, wentOn: price > 0)
  }

  /// The model's label-invariant quantities of a sample, for diagnostics.
  public func convergence(of sample: PosteriorSample) -> [SampleChecks.Quantity] {
    SampleChecks.quantities(of: model, sample)
  }
}
