import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing
import _TestSupport

/// The real power rows, 57 parameters, against an independent sampler by label-invariant quantities.
///
/// The zero reference column makes the gate's prior depend on which of the three experts is the reference, so the
/// posterior has three variants of unequal mass: W, P and Q of the reference file, whose reference expert has the largest,
/// the middle and the smallest intercept. Chains of the symmetrised posterior visit all of them, whatever the seed.
///
/// Twice 45 comparisons at 4.5 combined Monte Carlo errors each, and 3 of shares: were errors normal, a false alarm in
/// 0.06 % of seeds, and the seed is fixed.
@Suite(
  .enabled(
    if: SharedData.file("golden/reference_power_cocoafuse.json") != nil,
    "The reference posterior of the power rows is not beside the checkout."))
struct PowerPosteriorTests {
  @Test func realPowerRows() async throws {
    let rows = try referenceRows("power")
    let reference = try PowerReference("unordered")
    let model = try ExpertModel(.cocoafuse, experts: 3, data: rows)
    let settings = SamplerSettings(
      warmup: 500, draws: 4000, targetAcceptance: 0.9, metric: .lowRank, seed: 1, threads: 2)
    let sampled = try await SampledExperts(model, settings: settings)
    let run = sampled.raw
    print(
      "power: R-hat \(sampled.worstRHat), bulk ESS \(sampled.smallestBulkESS), divergences \(sampled.divergences) of"
        + " \(run.count), gradients \(run.gradientEvaluations), moves \(run.symmetryMoves)")
    #expect(sampled.worstRHat < 1.01)
    #expect(sampled.divergences <= run.count / 200)
    for chain in sampled.logLikelihood {
      #expect(abs([chain].mean - reference.loglik.mean) < 4, "a chain in a wrong mode")
    }

    for (variant, draws) in try variantIndicators(run, of: model).enumerated() {
      let error = MonteCarloError.mean(draws)
      print("power: share of \(["W", "P", "Q"][variant]) \(draws.mean) ± \(error), \(reference.shares[variant])")
      // The reference's own shares are of reweighted draws and good to 0.02.
      #expect(abs(draws.mean - reference.shares[variant]) < 4.5 * hypot(error, 0.02))
      #expect(RHat.rankNormalised(draws) < 1.05)
    }

    let equal = [Double](repeating: 1 / Double(run.count), count: run.count)
    check(try PowerQuantities([run], of: model, rows: rows).comparisons(weights: equal, with: reference), "unordered")

    let ordering = try ExpertModel(.cocoafuse, experts: 3, data: rows, ordering: .intercepts)
    let ordered = try WeightedSample(canonicalising: run, of: ordering, at: ordering.hyperparameters)
    let weights = try #require(ordered.weights)
    print("power: effective draws of the ordering \(weights.effectiveSampleSize)")
    check(
      try PowerQuantities([ordered.sample], of: model, rows: rows).comparisons(
        weights: weights.values, with: PowerReference("ordered")), "ordered")
  }

  private func check(_ comparisons: [Comparison], _ name: String) {
    #expect(comparisons.count == 45)
    let worst = comparisons.max { $0.z < $1.z }
    print("power \(name): worst z \(worst?.z ?? .nan), \(worst?.name ?? "")")
    for comparison in comparisons { #expect(comparison.z < 4.5, "\(name), \(comparison.name): \(comparison.z)") }
  }

  /// For W, P and Q chains × draws, 1 where the draw is of that variant.
  private func variantIndicators(_ run: PosteriorSample, of model: ExpertModel) throws -> [[[Double]]] {
    let relabelled = try model.relabelled(run.positions)
    // Before renumbering the reference was the last expert.
    let references = relabelled.permutations.map { $0.firstIndex(of: 2) ?? 0 }
    let intercepts = (0..<3).map { expert in
      stride(from: expert, to: run.positions.count, by: run.dimension).reduce(0) { $0 + relabelled.positions[$1] }
    }
    let order = [0, 1, 2].sorted { intercepts[$0] > intercepts[$1] }
    return order.map { expert in
      let draws = references.map { $0 == expert ? 1.0 : 0.0 }
      return (0..<run.chains).map { Array(draws[$0 * run.drawsPerChain..<($0 + 1) * run.drawsPerChain]) }
    }
  }
}
