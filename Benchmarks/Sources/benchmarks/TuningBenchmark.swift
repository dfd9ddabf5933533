import Diagnostics
import EmpiricalBayes
import Evaluation
import Experts
import LogDensities
import Sampling

/// The program's default command, `eb-tune --gamma 0.1`, stage by stage: what is not spent in gradients?
let tuningBenchmark = Benchmark(
  name: "tuning", summary: "the default command's tuning and its conclusion: seconds, gradients, all else"
) { quick in
  let study = try StudyProblem(.power)
  try await printTuning([study], threads: 1, quick: quick)
  if !quick { try await printTuning([study], threads: 2, quick: false) }
}

/// A table of stages for each problem.
func printTuning(_ studies: [StudyProblem], threads: Int, quick: Bool) async throws {
  let how = threads == 1 ? "one thread" : "\(threads) threads, seconds in gradients divided by them"
  for study in studies {
    print(
      "\nThe default command from a cold start, stage by stage: \(study.name), CoCoAFusE, \(study.model.dimension) parameters,"
        + " \(study.model.rows) rows, gamma 0.1, 4 chains, \(how). Gradients are timed where they are evaluated.\n")
    printHead(["stage", "seconds", "gradients", "in gradients, s", "all else, s", "all else, %"])
    try await tune(study, threads: threads, quick: quick)
  }
}

private func tune(_ study: StudyProblem, threads: Int, quick: Bool) async throws {
  let stopwatch = Stopwatch()
  var base = study.model
  base.hyperparameters = base.hyperparameters.assigned(.blockScales, fixing: [], hyperprior: .halfCauchyScale(1))
  let model = TimedModel(base: base, stopwatch: stopwatch)
  var settings = SamplerSettings(chains: 4, metric: .lowRank, threads: threads)
  let loop = try defaultLoop(model, iterations: ScheduleName.pooledNewton.iterations, settings: settings)
  var stages = StageTable(stopwatch, threads: threads)
  var state = try await loop.run(from: loop.initialState())
  stages.end("tuning, \(state.iteration) iterations")
  state = try await loop.rescored(state)
  stages.end("scoring candidates anew")
  guard let result = loop.result(of: state) else { return }
  let plan = InnerSampling(.rewarmed(warmup: 500), draws: quick ? 200 : 1000)
  settings.targetAcceptance = 0.9
  let final = try NUTSPosteriorSampler<TimedDensity<ExpertPosterior>>(settings)
  let tuned = try await loop.posterior(at: result.tuned, by: final, from: state.chains, plan: plan).inner
  stages.end("posterior at the tuned priors")
  try conclude(tuned, at: result.tuned, of: base, loop.objective, &stages)
  guard let test = study.test else { return stages.endTotal() }
  let initial = try await loop.posterior(at: result.initial, by: final, from: state.chains, plan: plan).inner
  stages.end("posterior at the initial priors")
  _ = SampleChecks(initial.draws.sample, quantities: loop.convergence(of: initial.draws.sample))
  for draws in [tuned.draws, initial.draws] {
    _ = try PosteriorPredictive(
      base.architecture, positions: draws.sample.positions, logWeights: draws.logWeights, rows: test
    ).logPredictiveDensity
  }
  stages.end("held-out log densities")
  stages.endTotal()
}

/// What the program finds out from the final draws.
private func conclude(
  _ inner: InnerDraws, at lambda: Hyperparameters, of model: ExpertModel, _ objective: Objective,
  _ stages: inout StageTable
) throws {
  let draws = inner.draws
  _ = SampleChecks(draws.sample, quantities: SampleChecks.quantities(of: model, draws.sample))
  stages.end("diagnosis")
  var numbered = draws.sample
  if model.givesExpertsTheSamePriors(at: lambda) {
    numbered.positions = try model.relabelled(draws.sample.positions).positions
  }
  stages.end("relabelling")
  let uncertainty = try LambdaUncertainty(draws, of: model, at: lambda, objective: objective)
  stages.end("uncertainty of the priors")
  let (names, values) = functions(of: numbered, model)
  let correction = try UncertaintyCorrection(
    draws, of: model, at: lambda, uncertainty: uncertainty, functions: names, values: values)
  _ = PriorSensitivity(correction, uncertainty).largest(40).filter(\.isResolved)
  stages.end("correction and sensitivity")
  let pointwise = PointwiseLogLikelihood(
    of: model, at: draws.sample.positions, chains: draws.sample.chains, drawsPerChain: draws.sample.drawsPerChain)
  _ = try PSISLOO(pointwise, logWeights: draws.logWeights)
  stages.end("PSIS-LOO")
}

/// Parameters and predictive means, as the program reports them.
private func functions(of sample: PosteriorSample, _ model: ExpertModel) -> ([String], [[Double]]) {
  let rows = (0..<sample.count).map { sample.withPosition($0, model.constrained) }
  let invariant = (0..<sample.count).map { sample.withPosition($0, model.convergenceQuantities) }
  var names = model.parameterNames
  var values = names.indices.map { column in rows.map { $0[column] } }
  for (column, name) in model.convergenceQuantityNames.enumerated() where name.hasPrefix("predictive mean") {
    names.append(name)
    values.append(invariant.map { $0[column] })
  }
  return (names, values)
}

typealias DefaultLoop<Model: HierarchicalModel> = TuningLoop<
  Model, NUTSPosteriorSampler<Model.Posterior>, CatalogueSchedule
> where Model.Posterior: LogDensity

/// The outer loop with the program's default options and γ = 0.1.
func defaultLoop<Model: HierarchicalModel>(
  _ model: Model, iterations: Int, settings: SamplerSettings
) throws -> DefaultLoop<Model> where Model.Posterior: LogDensity {
  var settings = settings
  settings.usesSymmetries = !model.tunesExpertsApart(model.hyperparameters)
  var options = ScheduleOptions()
  options.warmup = 300
  return try TuningLoop(
    model: model, sampler: try NUTSPosteriorSampler(settings), objective: try Objective(entropyWeight: 0.1),
    schedule: CatalogueSchedule(.pooledNewton, options), selector: BestEvidence(),
    stopping: ExpectedRegret(tolerance: 0.1, iterations: iterations))
}
