import EmpiricalBayes
import LogDensities
import Sampling

/// Makes one run: a schedule on a problem from its cold start until it is satisfied or the budget is spent, on one thread.
struct BenchmarkRunner: Sendable {
  /// Gradient evaluations.
  let budget: Int
  /// The largest first.
  let tolerances: [Double]

  /// At which the schedule may end a run: beyond the smallest tolerance, for an expected regret of a tolerance is twice that by
  /// chance, and whoever goes on to the budget would be seen to get there.
  private var lastTolerance: Double { (tolerances.last ?? 0.01) / 3 }

  /// The schedule of a job.
  static func schedule(_ job: BenchmarkJob) -> CatalogueSchedule {
    var options = ScheduleOptions()
    if job.step != 1, let standard = job.schedule.step { options.step = job.step * standard }
    return CatalogueSchedule(job.schedule, options)
  }

  /// The run. What breaks it off is part of its result.
  /// - Throws: only where the task was cancelled.
  func run<Problem: BenchmarkProblem>(_ job: BenchmarkJob, on problem: Problem) async throws -> BenchmarkRun {
    var recorder = BenchmarkRecorder()
    var run = BenchmarkRun(job: job)
    let model = problem.model(for: job.seed)
    let clock = ContinuousClock.now
    var chains: [ChainState]?
    var satisfied: [(tolerance: Double, cost: Int, proposal: [Double])] = []
    do {
      let loop = try loop(job, problem, model)
      let end = try await loop.run(from: loop.initialState()) { state, info in
        let proposal = (state.proposal ?? state.lambda).free
        recorder.note(proposal, cost: state.gradientEvaluations)
        run.iterations = state.iteration
        run.gradientEvaluations = state.gradientEvaluations
        run.endedItself = ExpectedRegret(tolerance: lastTolerance, iterations: .max)
          .stops(before: state.iteration, after: state.recent)
        for tolerance in tolerances.dropFirst(satisfied.count)
        where ExpectedRegret(tolerance: tolerance, iterations: .max).stops(before: state.iteration, after: state.recent)
        {
          satisfied.append((tolerance, state.gradientEvaluations, proposal))
        }
      }
      chains = end.chains
    } catch {
      guard let failure = Failure(error), failure.status != .temporary else { throw error }
      run.failure = failure.sentence
    }
    try Task.checkCancellation()
    run.seconds = Double((ContinuousClock.now - clock) / .microseconds(1)) / 1e6
    recorder.finish()
    run.costs = recorder.costs
    func regret(_ free: [Double]) -> Double { problem.regret(of: model.hyperparameters.moved(to: free), for: job.seed) }
    run.regrets = recorder.proposals.map(regret)
    run.proposal = recorder.proposals.last ?? model.hyperparameters.free
    run.stops = satisfied.map { .init(tolerance: $0.tolerance, cost: $0.cost, regret: regret($0.proposal)) }
    if run.failure == nil, problem.holdsRowsOut {
      run.heldOutDensity = try await heldOutDensity(at: run.proposal, job, problem, model, from: chains)
    }
    return run
  }

  private func loop<Problem: BenchmarkProblem>(
    _ job: BenchmarkJob, _ problem: Problem, _ model: Problem.Model
  ) throws -> TuningLoop<Problem.Model, NUTSPosteriorSampler<Problem.Model.Posterior>, CatalogueSchedule> {
    try TuningLoop(
      model: model,
      sampler: NUTSPosteriorSampler(SamplerSettings(metric: .lowRank, seed: UInt64(job.seed), threads: 1)),
      objective: try Objective(entropyWeight: problem.gamma), schedule: Self.schedule(job), selector: LastIterate(),
      stopping: BudgetOrRegret(budget: budget, tolerance: lastTolerance))
  }

  /// At the last proposal, by draws that are not counted.
  private func heldOutDensity<Problem: BenchmarkProblem>(
    at free: [Double], _ job: BenchmarkJob, _ problem: Problem, _ model: Problem.Model, from chains: [ChainState]?
  ) async throws -> Double? {
    let loop = try loop(job, problem, model)
    let draws = try await loop.posterior(
      at: model.hyperparameters.moved(to: free), by: loop.sampler, from: chains,
      plan: InnerSampling(.rewarmed(warmup: 200), draws: 250))
    return try problem.heldOutDensity(draws.inner.draws)
  }
}

/// Ends a run where the schedule is satisfied or the budget is spent.
struct BudgetOrRegret: StoppingRule {
  let budget: Int
  let tolerance: Double

  func stops(before iteration: Int, after recent: [TuningInfo]) -> Bool {
    (recent.last?.gradientEvaluations ?? 0) >= budget
      || ExpectedRegret(tolerance: tolerance, iterations: .max).stops(before: iteration, after: recent)
  }
}
