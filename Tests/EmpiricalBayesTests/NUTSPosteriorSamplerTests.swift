import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@Suite struct NUTSPosteriorSamplerTests {
  private func settings(seed: UInt64 = 3) -> SamplerSettings {
    var settings = SamplerSettings()
    settings.chains = 4
    settings.seed = seed
    settings.threads = 2
    return settings
  }

  private func loop(
    _ model: GaussianHierarchy, mode: InnerSampling.Adaptation, draws: Int, iterations: Int
  ) throws -> TuningLoop<GaussianHierarchy, NUTSPosteriorSampler<NormalProduct>, GradientSchedule<Optimiser>> {
    try TuningLoop(
      model: model, sampler: try NUTSPosteriorSampler(settings()), objective: try Objective(),
      schedule: GradientSchedule(.natural(), adaptation: mode, draws: ConstantSchedule(draws: draws)),
      selector: LastIterate(),
      stopping: FixedHorizon(iterations: iterations))
  }

  /// Persistent chains reach what fresh ones reach, for a fraction of the price.
  @Test func persistentChainsReachTheMaximumCheaply() async throws {
    let model = GaussianHierarchy.simulated(groups: 20, location: 2, scale: 1.5, noise: 0.7, seed: 51)
    let best = model.logEvidence(at: model.maximiser(from: model.hyperparameters))
    var prices: [Int] = []
    for mode in [
      InnerSampling.Adaptation.persistent(warmup: 150, adaptation: 5), .fresh(warmup: 150),
    ] {
      let loop = try loop(model, mode: mode, draws: 20, iterations: 50)
      let state = try await loop.run(from: loop.initialState())
      #expect(best - model.logEvidence(at: state.lambda) < 0.2)
      #expect(state.last.map { $0.info.worstRHat < 1.3 } == true)
      prices.append(state.gradientEvaluations)
    }
    #expect(prices[1] > 3 * prices[0], "\(prices)")
  }

  @Test func resumingIsExactWithItsChains() async throws {
    let model = GaussianHierarchy.simulated(groups: 4, location: 1, scale: 1, noise: 1, seed: 52)
    let mode = InnerSampling.Adaptation.persistent(warmup: 60, adaptation: 5)
    let whole = try loop(model, mode: mode, draws: 10, iterations: 6)
    let expected = try await whole.run(from: whole.initialState())
    let part = try loop(model, mode: mode, draws: 10, iterations: 3)
    let stored = try JSONEncoder().encode(try await part.run(from: part.initialState()))
    typealias State = TuningState<[ChainState], GradientSchedule<Optimiser>.Memory>
    let found = try await whole.run(from: JSONDecoder().decode(State.self, from: stored))
    #expect(found.lambda == expected.lambda && found.chains == expected.chains && found.best == expected.best)
  }

  /// The whole path at once: the gradient from NUTS draws is that of the closed form, within 4.5 of its errors.
  @Test func gradientFromNUTSDraws() async throws {
    let model = GaussianHierarchy.simulated(groups: 6, location: 1, scale: 1, noise: 1, seed: 53)
    let lambda = model.hyperparameters
    let loop = try loop(model, mode: .fresh(warmup: 300), draws: 500, iterations: 1)
    let draws = try await loop.posterior(
      at: lambda, by: loop.sampler, plan: InnerSampling(.fresh(warmup: 300), draws: 500)
    ).inner.draws
    let found = try Objective().estimate(draws, of: model, at: lambda)
    for index in lambda.free.indices {
      var up = lambda.free
      var down = lambda.free
      up[index] += 1e-5
      down[index] -= 1e-5
      let rise = model.logEvidence(at: lambda.moved(to: up)) - model.logEvidence(at: lambda.moved(to: down))
      #expect(abs(found.gradient[index].value - rise / 2e-5) < 4.5 * found.gradient[index].standardError)
    }
  }
}
