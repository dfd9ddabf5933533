import Experts
import LogDensities
import Sampling

/// What a leapfrog step costs beside its gradient, inside whole transitions of the sampler.
let leapfrogBenchmark = Benchmark(
  name: "leapfrog", summary: "the sampler's overhead as a share of a leapfrog step, by metric"
) { quick in
  let study = try StudyProblem(.power)
  let density = try study.model.posterior(given: study.model.hyperparameters)
  print(
    "\nOne leapfrog step within transitions against one evaluation of the same log density at the same draws, taken in turn;"
      + " CoCoAFusE on the power problem, \(density.dimension) parameters, \(study.model.rows) rows, one thread, minima.\n"
  )
  printHead(["metric", "steps a transition", "leapfrog, µs", "gradient, µs", "overhead, % of a step"])
  for kind in MetricKind.allCases {
    let timing = try await leapfrogTiming(density, metric: kind, rounds: quick ? 10 : 40)
    printRow([
      kind.rawValue, format(timing.stepsPerTransition), format(timing.leapfrog * 1e6, decimals: 2),
      format(timing.gradient * 1e6, decimals: 2), format(100 * (1 - timing.gradient / timing.leapfrog)),
    ])
  }
}

private struct LeapfrogTiming {
  var leapfrog = Double.infinity
  var gradient = Double.infinity
  var stepsPerTransition = 0.0
}

/// Transitions of a warmed-up chain, and as many gradients at the draws they made, in turn.
private func leapfrogTiming(
  _ density: ExpertPosterior, metric: MetricKind, rounds: Int
) async throws -> LeapfrogTiming {
  let settings = SamplerSettings(chains: 1, metric: metric, threads: 1)
  let sampler = try MultiChainSampler(settings)
  let start = try await sampler.start(density, iteration: 0).states
  let state = try await sampler.sample(
    density, from: start, warmup: .full(transitions: 200), draws: 1, iteration: 0
  ).states[0]
  var chain = try NUTS(
    density, metric: state.metric ?? Metric(metric, scale: []), stepSize: state.stepSize ?? 1, position: state.position)
  var stream = RandomStream(seed: 1, purpose: .test)
  var timing = LeapfrogTiming()
  var gradient = [Double](repeating: 0, count: density.dimension)
  let transitions = 10
  var total = 0
  for _ in 0..<rounds {
    let before = chain.gradientEvaluations
    var draws: [[Double]] = []
    let moving = try seconds {
      for _ in 0..<transitions {
        _ = try chain.transition(&stream)
        draws.append(chain.position)
      }
    }
    let steps = chain.gradientEvaluations - before
    total += steps
    let evaluating = try seconds {
      for step in 0..<steps {
        var span = gradient.mutableSpan
        let draw = draws[step % transitions]
        _ = try density.evaluate(at: draw.span, gradient: &span)
      }
    }
    timing.leapfrog = min(timing.leapfrog, moving / Double(steps))
    timing.gradient = min(timing.gradient, evaluating / Double(steps))
  }
  timing.stepsPerTransition = Double(total) / Double(rounds * transitions)
  return timing
}
