import Diagnostics
import EmpiricalBayes
import LogDensities
import Sampling

/// The sampler as a whole: from random starts to effective draws.
let nutsBenchmark = Benchmark(
  name: "nuts", summary: "the whole sampler on two posteriors: seconds, gradients, effective sample size"
) { quick in
  let (warmup, draws) = quick ? (200, 200) : (500, 1000)
  print(
    "\nNUTS with \(SamplerSettings().chains) chains of \(warmup) warm-up transitions and \(draws) draws, one thread, the"
      + " search for starts included. The ESS is the smallest bulk ESS over label-invariant quantities.\n")
  printHead([
    "posterior, metric", "seconds", "gradients", "% of time in gradients", "worst R-hat", "ESS", "ESS a second",
    "ESS a 1000 gradients",
  ])
  for problem in ["power", "motorcycle"] {
    for metric in [MetricKind.diagonal, .lowRank] {
      let study = try StudyProblem(problem == "power" ? .power : .motorcycle)
      let stopwatch = Stopwatch()
      let model = TimedModel(base: study.model, stopwatch: stopwatch)
      let density = try model.posterior(given: model.hyperparameters)
      let smoothed = try model.smoothedPosterior(given: model.hyperparameters)
      let sampler = try MultiChainSampler(SamplerSettings(metric: metric, threads: 1))
      let clock = ContinuousClock.now
      let start = try await sampler.start(density, searching: smoothed, iteration: 0).states
      let sample = try await sampler.sample(
        density, from: start, warmup: .full(transitions: warmup), draws: draws, iteration: 0
      ).sample
      let time = inSeconds(clock.duration(to: .now))
      let quantities = SampleChecks.quantities(of: model, sample)
      let size = quantities.map { EffectiveSampleSize.bulk($0.draws) }.min() ?? 0
      let rHat = quantities.map { RHat.rankNormalised($0.draws) }.max() ?? .infinity
      printRow([
        "\(problem), \(metric.rawValue)", format(time, decimals: 2), "\(stopwatch.count)",
        format(100 * stopwatch.seconds / time), format(rHat, decimals: 3), format(size, decimals: 0),
        format(size / time), format(1000 * size / Double(stopwatch.count), decimals: 2),
      ])
    }
  }
}
