import Diagnostics
import EmpiricalBayes
import Experts
import LogDensities
import Sampling

/// The program's default command, `eb-tune --gamma 0.1`, stage by stage: what is not spent in gradients?
let tuningBenchmark = Benchmark(
  name: "tuning", summary: "the default command's tuning and its conclusion: seconds, gradients, all else"
) { quick in
  let study = try StudyProblem(.power)
  let iterations = quick ? 10 : 30
  print(
    "\nThe default command, stage by stage: power problem, CoCoAFusE, gamma 0.1, \(iterations) iterations of 4 chains with"
      + " 100 draws, one thread. Gradients are timed where they are evaluated.\n")
  printHead(["stage", "seconds", "gradients", "in gradients, s", "all else, s", "all else, %"])
  let stopwatch = Stopwatch()
  let model = TimedModel(base: study.model, stopwatch: stopwatch)
  let settings = SamplerSettings(chains: 4, threads: 1)
  let loop = try defaultLoop(model, iterations: iterations, settings: settings)
  var stages = StageTable(stopwatch)
  var result = try loop.initialState()
  result = try await loop.run(from: result) { _, _ in }
  stages.end("tuning")
  guard let best = result.best else { return }
  let final = try NUTSPosteriorSampler<TimedDensity<ExpertPosterior>>(settings)
  let plan = InnerSampling(.rewarmed(warmup: 500), draws: quick ? 200 : 1000)
  let tuned = try await loop.posterior(at: best.lambda, by: final, from: result.chains, plan: plan)
  stages.end("posterior at the tuned priors")
  let initial = try await loop.posterior(at: result.initial, by: final, from: result.chains, plan: plan)
  stages.end("posterior at the initial priors")
  for sample in [tuned.sample, initial.sample] {
    _ = SampleChecks(sample, quantities: loop.convergence(of: sample))
  }
  stages.end("their diagnosis")
  _ = try study.model.relabelled(tuned.sample.positions)
  stages.end("relabelling")
  for sample in [tuned, initial] {
    _ = try PosteriorPredictive(
      study.model.architecture, positions: sample.sample.positions, logWeights: sample.logWeights, rows: study.test
    ).logPredictiveDensity
  }
  stages.end("held-out log densities")
  stages.endTotal()
}

typealias TimedLoop<Model: HierarchicalModel> = TuningLoop<
  Model, NUTSPosteriorSampler<Model.Posterior>, GradientSchedule<Optimiser>
>

/// The outer loop with the program's default options and γ = 0.1.
func defaultLoop<Model: HierarchicalModel>(
  _ model: Model, iterations: Int, settings: SamplerSettings, warmup: Int = 300, draws: Int = 100
) throws -> TimedLoop<Model> {
  try TuningLoop(
    model: model,
    sampler: try NUTSPosteriorSampler(settings),
    objective: try Objective(entropyWeight: 0.1),
    schedule: GradientSchedule(
      Optimiser(
        scaling: NaturalScaling(), adam: nil, constant: nil,
        robbinsMonro: RobbinsMonroStep(size: 1.5, delay: 20, exponent: 0.6),
        clipping: GradientClipping(logarithm: 1, location: 2)),
      adaptation: .persistent(warmup: warmup, adaptation: min(10, draws)), draws: ConstantSchedule(draws: draws)),
    stopping: FixedHorizon(iterations: iterations))
}

/// A row a stage, each from the end of the one before.
struct StageTable {
  let stopwatch: Stopwatch
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  private var counted = 0
  private var spent = 0.0

  init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

  mutating func end(_ stage: String) {
    let now = ContinuousClock.now
    row(stage, inSeconds(last.duration(to: now)), stopwatch.count - counted, stopwatch.seconds - spent)
    (last, counted, spent) = (.now, stopwatch.count, stopwatch.seconds)
  }

  func endTotal() { row("total", inSeconds(start.duration(to: .now)), stopwatch.count, stopwatch.seconds) }

  private func row(_ stage: String, _ time: Double, _ count: Int, _ gradients: Double) {
    printRow([
      stage, format(time, decimals: 3), "\(count)", format(gradients, decimals: 3),
      format(time - gradients, decimals: 3),
      format(100 * (time - gradients) / time),
    ])
  }
}
