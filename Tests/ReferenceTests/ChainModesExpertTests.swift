import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing
import _TestSupport

/// Chains from U(−2, 2), as other samplers start them, fall into modes of the switch and transition problems that hold no
/// mass (about 840 and 69 nats below). They must be found, and all others left alone.
@Suite(
  .enabled(
    if: SharedData.file("golden/data/transition.csv") != nil, "The shared problems are not beside the checkout."))
struct ChainModesExpertTests {
  private func model(_ problem: String) throws -> ExpertModel {
    try ExpertModel(.cocoafuse, experts: 2, data: referenceRows(problem))
  }

  @Test(arguments: ["switch", "transition"]) func trappedChainsAreRestarted(problem: String) async throws {
    let model = try model(problem)
    let lambda = model.hyperparameters
    let posterior = try model.posterior(given: lambda)
    var found: (sampler: MultiChainSampler, sample: PosteriorSample, states: [ChainState])?
    // Until one is trapped: how often that happens is not the point.
    for seed in UInt64(21)..<41 where found == nil {
      let sampler = try MultiChainSampler(SamplerSettings(chains: 8, metric: .lowRank, seed: seed, threads: 2))
      var stream = RandomStream(seed: seed, purpose: .initialisation)
      let starts = (0..<8).map { _ in (0..<model.dimension).map { _ in 4 * stream.uniform() - 2 } }
      let (sample, states) = try await sampler.sample(
        posterior, from: sampler.start(at: starts), warmup: .full(transitions: 150), draws: 150, iteration: 0)
      let levels = sample.map(model.logLikelihood).map { [$0].mean }
      let best = levels.max() ?? 0
      if levels.contains(where: { $0 < best - 40 }) { found = (sampler, sample, states) }
    }
    let (sampler, sample, states) = try #require(found, "no chain was trapped: a test of nothing")
    let modes = try ChainModes(sample, of: model, at: lambda)
    print("\(problem): mean log-likelihoods \(modes.logLikelihoods.map { Int($0) })")
    print(
      "\(problem): \(modes.modes.map { "\($0.chains) \($0.logMass?.value ?? .nan) ± \($0.logMass?.standardError ?? .nan)" })"
    )
    let best = modes.logLikelihoods.max() ?? 0
    let trapped = (0..<8).filter { modes.logLikelihoods[$0] < best - 40 }
    #expect(modes.negligibleChains == trapped && modes.lowChains == trapped)
    let (repaired, remarks) = modes.repaired(states)
    #expect(remarks.count == trapped.count && Set(repaired.map(\.position)).count < 8)
    let (next, _) = try await sampler.sample(
      posterior, from: repaired, warmup: .short(transitions: 20), draws: 150, iteration: 1)
    #expect(try ChainModes(next, of: model, at: lambda).isSingle)
    print(remarks.joined(separator: "\n"), modes.remarks.joined(separator: "\n"))
  }

  /// 20 ordinary runs, a short and a long one of each start, by the program's own start search.
  @Test func ordinaryRunsGiveNoAlarm() async throws {
    for problem in ["switch", "transition"] {
      let model = try model(problem)
      let lambda = model.hyperparameters
      let posterior = try model.posterior(given: lambda)
      for seed in UInt64(1)...10 {
        let sampler = try MultiChainSampler(SamplerSettings(metric: .lowRank, seed: seed, threads: 2))
        var (states, _) = try await sampler.start(
          posterior, searching: model.smoothedPosterior(given: lambda), iteration: 0)
        for (plan, draws) in [
          (WarmUpPlan.round(discarded: 5, adaptsStepSize: true), 25), (.full(transitions: 150), 100),
        ] {
          let (sample, next) = try await sampler.sample(
            posterior, from: states, warmup: plan, draws: draws, iteration: UInt32(draws))
          let modes = try ChainModes(sample, of: model, at: lambda)
          #expect(modes.isSingle && modes.lowChains.isEmpty, "\(problem), seed \(seed): \(modes.logLikelihoods)")
          states = next
        }
      }
    }
  }
}
