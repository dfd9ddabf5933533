import Diagnostics
import LogDensities
import Sampling

/// Stochastic ascent of 𝓛(λ): sample the posterior at λ, estimate the gradient from the draws, move λ, keep the best.
///
/// Knows no model, no sampler and no optimiser, only their protocols; touches no file, clock or terminal.
public struct TuningLoop<Model: HierarchicalModel, Sampler: PosteriorSampler, Ascent: GradientTransform>: Sendable
where Sampler.Posterior == Model.Posterior {
  /// The state of this loop.
  public typealias State = TuningState<Sampler.Chains, Ascent.State>

  /// p(y | θ) p(θ | λ).
  public let model: Model
  /// The inner sampler.
  public let sampler: Sampler
  /// What is increased.
  public let objective: Objective
  /// How a gradient becomes a step.
  public let optimiser: Ascent
  /// The amount of inner sampling.
  public let schedule: any Schedule
  /// Which iterate is kept.
  public let selector: any IterateSelector
  /// When to end.
  public let stopping: any StoppingRule

  /// A loop of its parts.
  public init(
    model: Model, sampler: Sampler, objective: Objective, optimiser: Ascent, schedule: any Schedule,
    selector: any IterateSelector = BestSurrogate(), stopping: any StoppingRule
  ) {
    self.model = model
    self.sampler = sampler
    self.objective = objective
    self.optimiser = optimiser
    self.schedule = schedule
    self.selector = selector
    self.stopping = stopping
  }

  /// The state before the first iteration, at the model's own λ or at another.
  /// - Throws: `TuningError.nothingToTune` where λ has no coordinate.
  public func initialState(at lambda: Hyperparameters? = nil) throws(TuningError) -> State {
    let lambda = lambda ?? model.hyperparameters
    guard !lambda.coordinates.isEmpty else { throw .nothingToTune }
    return State(lambda: lambda, memory: optimiser.initialState(dimension: lambda.coordinates.count))
  }

  /// Iterates until the stopping rule says so. A cancelled task ends early with the state of the last whole iteration,
  /// and is no error.
  /// - Parameter onIteration: called after each iteration with its state, from which the loop can be resumed, and findings.
  public func run(
    from start: State, isolation: isolated (any Actor)? = #isolation,
    onIteration: (State, TuningInfo) throws -> Void = { _, _ in }
  ) async throws -> State {
    var state = start
    while !Task.isCancelled, !stopping.stops(before: state.iteration, after: state.last?.info) {
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

  /// One outer iteration. Where importance weights are degenerate, chains go on but λ and the optimiser stay: a step along
  /// what one draw says would be noise.
  public func step(_ state: State) async throws -> (state: State, info: TuningInfo) {
    let model = model.prepared(for: state.lambda)
    let posterior = try model.posterior(given: state.lambda)
    let (sample, chains) = try await sampler.sample(
      posterior, from: state.chains, startingOn: model.smoothedPosterior(given: state.lambda),
      draws: schedule.drawsPerChain(at: state.iteration), iteration: UInt32(state.iteration))
    let draws = try WeightedSample(canonicalising: sample, of: model, at: state.lambda)
    let estimate = try objective.estimate(draws, of: model, at: state.lambda)
    let point = TuningPoint(iteration: state.iteration, at: state.lambda, of: model)
    let isUsable = draws.weights.map { !$0.isDegenerate } ?? true
    let (ascent, memory) =
      isUsable
      ? optimiser.update(estimate.gradient.map(\.value), state.memory, at: point)
      : (state.lambda.free.map { _ in 0 }, state.memory)

    let next = state.advanced(
      by: ascent, memory: memory, chains: chains, gradientEvaluations: sample.gradientEvaluations)
    let info = TuningInfo(
      state, estimate, convergence: convergence(of: sample), sample: sample, point: point, next: next)
    return next.keeping(Iterate(lambda: state.lambda, info: info), by: selector)
  }

  /// The final stage: draws of the posterior at a tuned λ, by a sampler with settings of its own. From the chains of a
  /// tuning run they stay in the modes that the run's estimates are about; nil starts anew.
  public func posterior(
    at lambda: Hyperparameters, by sampler: Sampler, from chains: Sampler.Chains? = nil, draws: Int
  ) async throws -> WeightedSample {
    let posterior = try model.posterior(given: lambda)
    // No tuning run has this iteration, so the final draws share no random numbers with it.
    let (sample, _) = try await sampler.sample(
      posterior, from: chains, startingOn: model.smoothedPosterior(given: lambda), draws: draws, iteration: .max)
    return try WeightedSample(canonicalising: sample, of: model, at: lambda)
  }

  /// The model's label-invariant quantities of a sample, for diagnostics.
  public func convergence(of sample: PosteriorSample) -> [SampleChecks.Quantity] {
    SampleChecks.quantities(of: model, sample)
  }
}
