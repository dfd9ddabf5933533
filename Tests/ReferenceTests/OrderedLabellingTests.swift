import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing

/// Where modes are far apart, chains stay with the numbering of experts that they start with. The ordered posterior must
/// come out the same from either, although their priors differ.
///
/// Eight means and eight standard deviations at 4.5 combined errors: a false alarm in 0.02 % of seeds; the seed is fixed.
struct OrderedLabellingTests {
  @Test func theNumberingThatChainsSitInDoesNotMatter() async throws {
    let problem = SwitchProblem.problem(seed: 3, rows: 200)
    let (expert, gate) = (try problem.expertDesign().matrix, try problem.gateDesign().matrix)
    var priors = ExpertPriors()
    // So tight that the two numberings pull the experts to different places, yet not out of each other's reach.
    priors.overrides["intercept[1]"] = .laplace(location: -3, scale: 0.02)
    priors.overrides["intercept[2]"] = .laplace(location: 0, scale: 1)
    let model = try ExpertModel(
      .moe, experts: 2,
      data: ExpertRows(
        expertNames: expert.names, expertFeatures: expert.values, gateNames: gate.names, gateFeatures: gate.values,
        response: problem.trainingResponse()), priors: priors, ordering: .intercepts)
    let lambda = model.hyperparameters
    let sampler = try MultiChainSampler(
      SamplerSettings(targetAcceptance: 0.9, usesSymmetries: false, seed: 31, threads: 2))
    var runs: [WeightedSample] = []
    for sign in [1.0, -1] {
      let start = [-3 * sign, 3 * sign, 0, 0, 0, -2 * sign, -1.4, -1.4]
      let (sample, _) = try await sampler.sample(
        model.posterior(given: lambda), from: sampler.start(at: Array(repeating: start, count: 4)),
        warmup: .full(transitions: 500), draws: 3000, iteration: 0)
      #expect(sample.map { ($0[1] - $0[0]) * sign }.joined().allSatisfy { $0 > 0 }, "a chain changed its numbering")
      runs.append(try WeightedSample(canonicalising: sample, of: model, at: lambda))
    }
    #expect(runs[0].logWeights == nil && runs[1].logWeights != nil)
    let size = ImportanceWeights(logWeights: runs[1].logWeights ?? []).effectiveSampleSize
    #expect(size > 500)
    var worst = 0.0
    for index in 0..<model.dimension {
      let (first, second) = (moments(runs[0], index), moments(runs[1], index))
      for (here, there) in zip(first, second) {
        let comparison = Comparison(model.parameterNames[index], here.value, here.error, there.value, there.error)
        worst = max(worst, comparison.z)
        #expect(comparison.z < 4.5, "\(comparison), effective draws \(size)")
      }
    }
    print("ordered labelling: worst z \(worst), effective draws \(size)")
    // Without their weights the draws of the second run are of something else.
    let moved = runs[1].sample.map { $0[0] }
    #expect(abs(moved.mean - moments(runs[0], 0)[0].value) > 5 * MonteCarloError.mean(moved))
  }

  /// The weighted mean and second moment about 0 of a coordinate, with their errors.
  private func moments(_ run: WeightedSample, _ index: Int) -> [(value: Double, error: Double)] {
    let uniform = [Double](repeating: 0, count: run.sample.count)
    let weights = ImportanceWeights(logWeights: run.logWeights ?? uniform)
    return [1.0, 2].map { power in
      let chains = run.sample.map { pow($0[index], power) }
      return (weights.mean(chains), MonteCarloError.weightedMean(chains, weights: weights.values))
    }
  }
}
