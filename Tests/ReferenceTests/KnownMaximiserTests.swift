import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

/// The whole stack with its defaults, on a model whose ln L is known: NUTS with persistent chains and the default
/// optimiser end near the analytic maximiser, in units of λ's own standard error (observed information).
///
/// The Monte Carlo noise that such a run leaves is 0.02 to 0.04 standard errors (less than 0.001 nats), so the limit is at
/// five to ten times the noise; seeds are fixed.
struct KnownMaximiserTests {
  @Test(arguments: [UInt64(91), 92, 93, 94])
  func defaultTuningReachesTheAnalyticMaximiser(data: UInt64) async throws {
    let model = NormalGroups(groups: 40, seed: data)
    let maximum = model.maximum
    for seed in [UInt64(1), 2] {
      let loop = try TuningLoop(
        model: model,
        sampler: try NUTSPosteriorSampler<NormalGroups.Posterior>(SamplerSettings(seed: seed, threads: 2)),
        objective: try Objective(), schedule: GradientSchedule(Optimiser.natural(), draws: ConstantSchedule(draws: 50)),
        selector: LastIterate(), stopping: FixedHorizon(iterations: 80))
      let state = try await loop.run(from: loop.initialState())
      let distances = zip(zip(state.lambda.free, maximum.lambda), maximum.errors).map { abs($0.0 - $0.1) / $1 }
      print("known maximiser: data \(data) seed \(seed) \(distances), gradients \(state.gradientEvaluations)")
      for distance in distances { #expect(distance < 0.2, "\(state.lambda.free), \(maximum)") }
      // The start is far off, or this would prove nothing.
      #expect(abs(maximum.lambda[0]) / maximum.errors[0] > 5)
      let result = try #require(loop.result(of: state))
      #expect(result.verdict.progress == .converged, "\(result.verdict.findings)")
    }
  }
}
