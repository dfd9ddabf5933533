import Diagnostics
import Experts
import Foundation
import LogDensities
import Priors
import Sampling
import Testing
import _TestSupport

/// Posteriors of the paper's problems against an independent sampler (Stan): means, standard deviations and 5, 50 and
/// 95 % quantiles of every parameter within 4.5 Monte Carlo errors, ours and the reference's combined.
///
/// 5 quantities for 8 to 21 parameters, 390 comparisons in all: were errors normal, a false alarm in 0.3 % of seeds.
/// The seed is fixed. Every chain's own mean log-likelihood must agree too, within 5 errors: other modes of these
/// problems lie 50 and more nats below.
@Suite(
  .enabled(
    if: SharedData.file("golden/reference_switch_moe.json") != nil,
    "The reference posteriors are not beside the checkout."))
struct ReferencePosteriorTests {
  private func check(_ problem: String, _ sampled: SampledExperts, _ rows: ExpertRows, divergences: Int) throws {
    let reference = try ReferencePosterior(problem)
    let comparisons = try reference.comparisons(
      with: sampled, expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    let worst = comparisons.max { $0.z < $1.z }
    let summary = "\(problem): \(sampled.summary(worst: worst))"
    print(summary)
    for comparison in comparisons { #expect(comparison.z < 4.5, "\(comparison.name): \(comparison.z); \(summary)") }
    #expect(sampled.worstRHat < 1.01, "\(summary)")
    #expect(sampled.divergences <= divergences, "\(summary)")
    for (chain, draws) in sampled.logLikelihood.enumerated() {
      let own = Comparison(
        "chain \(chain)", [draws].mean, MonteCarloError.mean([draws]), reference.totalLoglik.mean,
        reference.totalLoglik.mcse)
      #expect(own.z < 5, "\(own.name) has mean log-likelihood \([draws].mean); \(summary)")
    }
  }

  @Test(arguments: ["switch", "transition"], Combination.allCases)
  func twoExperts(problem: String, combination: Combination) async throws {
    let rows = try referenceRows(problem)
    let model = try ExpertModel(combination, experts: 2, data: rows, ordering: .intercepts)
    let sampled = try await SampledExperts(
      model, settings: SamplerSettings(warmup: 1000, draws: 4000, targetAcceptance: 0.9, seed: 11, threads: 2))
    // With two experts and equal priors an ordering is a labelling: every draw has one weight, that of one of 2! labellings.
    let weights = try #require(sampled.draws.logWeights)
    #expect(weights.allSatisfy { abs($0 + log(2)) < 1e-9 })
    try check("\(problem)_\(combination.rawValue)", sampled, rows, divergences: 16)
  }

  @Test func motorcycle() async throws {
    let rows = try referenceRows("mcycle")
    var priors = ExpertPriors()
    let hand = Motorcycle.priors
    let architecture = ExpertArchitecture(combination: .cocoafuse, experts: 3, expertFeatures: 2, gateFeatures: 3)
    let names = architecture.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    for (index, prior) in hand.flattened(withBehaviour: true).enumerated() {
      priors.overrides[names[index]] =
        architecture.logSigmas.contains(index)
        ? .logNormal(location: prior.location, scale: prior.scale)
        : .laplace(location: prior.location, scale: prior.scale)
    }
    let model = try ExpertModel(.cocoafuse, experts: 3, data: rows, priors: priors)
    let sampled = try await SampledExperts(
      model, settings: SamplerSettings(warmup: 1000, draws: 3000, targetAcceptance: 0.9, seed: 12, threads: 2))
    try check("mcycle_cocoafuse", sampled, rows, divergences: 12)
  }
}
