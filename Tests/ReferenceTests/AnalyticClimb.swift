import AnalyticModels
import EmpiricalBayes
import LogDensities
import Sampling

/// A run of a catalogue schedule on a model whose ln L is known, and what its proposals lacked of the maximum.
struct AnalyticClimb<Model: AnalyticModel> {
  typealias Loop = TuningLoop<Model, NUTSPosteriorSampler<Model.Posterior>, CatalogueSchedule>

  let loop: Loop
  let state: Loop.State
  /// λ of the maximum.
  let maximiser: Hyperparameters
  /// max ln L − ln L of the schedule's proposal after every iteration, in nats.
  let regrets: [Double]
  let trace: [TuningInfo]

  /// The regret of the last proposal.
  var regret: Double { regrets.last ?? .infinity }
  /// The last proposal.
  var proposal: Hyperparameters { state.proposal ?? state.lambda }

  init(
    _ model: Model, _ name: ScheduleName = .pooledNewton, seed: UInt64, options: ScheduleOptions = ScheduleOptions(),
    from start: [Double]? = nil, iterations: Int? = nil, selector: any IterateSelector = LastIterate()
  ) async throws {
    let loop = try Loop(
      model: model, sampler: NUTSPosteriorSampler(SamplerSettings(seed: seed, threads: 1)), objective: Objective(),
      schedule: CatalogueSchedule(name, options), selector: selector,
      stopping: ExpectedRegret(iterations: iterations ?? name.iterations))
    let maximiser = model.maximiser()
    let best = model.logObjective(at: maximiser)
    var (regrets, trace): ([Double], [TuningInfo]) = ([], [])
    let first = start.map { model.hyperparameters.moved(to: $0) }
    state = try await loop.run(from: loop.initialState(at: first)) { state, info in
      regrets.append(best - model.logObjective(at: state.proposal ?? state.lambda))
      trace.append(info)
    }
    (self.loop, self.maximiser, self.regrets, self.trace) = (loop, maximiser, regrets, trace)
  }

  /// Fresh draws of every chain at the last proposal, going on from the run's chains.
  func freshDraws(_ draws: Int) async throws -> WeightedSample {
    try await loop.posterior(
      at: proposal, by: loop.sampler, from: state.chains, plan: InnerSampling(.settled(discarded: 10), draws: draws)
    ).inner.draws
  }
}
