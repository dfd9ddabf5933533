import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing

/// Hyperparameters that belong to one expert, with chains in either numbering: aligned to one labelling, all draws say the
/// same of each.
///
/// 8 scores at 4.5 combined errors: a false alarm in 0.006 % of seeds; the seed is fixed.
struct AlignedDrawsTests {
  @Test func scoresOfAnExpertsOwnHyperparametersAgree() async throws {
    let problem = SwitchProblem.problem(seed: 3, rows: 200)
    let (expert, gate) = (try problem.expertDesign().matrix, try problem.gateDesign().matrix)
    var priors = ExpertPriors()
    priors.overrides["intercept[1]"] = .laplace(location: -1, scale: 2)
    priors.overrides["intercept[2]"] = .laplace(location: 1, scale: 1.2)
    priors.overrides["sigma[2]"] = .logNormal(location: -1, scale: 0.5)
    var model = try ExpertModel(
      .moe, experts: 2,
      data: ExpertRows(
        expertNames: expert.names, expertFeatures: expert.values, gateNames: gate.names, gateFeatures: gate.values,
        response: problem.trainingResponse()), priors: priors)
    model.hyperparameters = model.hyperparameters.assigned(.all, hyperprior: nil)
    let lambda = model.hyperparameters
    let sampler = try MultiChainSampler(
      SamplerSettings(targetAcceptance: 0.9, usesSymmetries: false, seed: 41, threads: 2))
    var labelling: Labelling?
    var aligned: [EvaluatedDraws] = []
    var raw: [EvaluatedDraws] = []
    for sign in [1.0, -1] {
      let start = [-3 * sign, 3 * sign, 0, 0, 0, -2 * sign, -1.4, -1.4]
      let (sample, _) = try await sampler.sample(
        model.posterior(given: lambda), from: sampler.start(at: Array(repeating: start, count: 4)),
        warmup: .full(transitions: 400), draws: 2000, iteration: 0)
      raw.append(try EvaluatedDraws(WeightedSample(sample), of: model, at: lambda))
      var moved = sample
      let (next, logWeights) = model.align(draws: &moved.positions, to: labelling, given: lambda)
      labelling = next
      #expect(moved.map { $0[1] - $0[0] }.joined().allSatisfy { $0 > 0 }, "one labelling for all draws")
      aligned.append(try EvaluatedDraws(WeightedSample(moved, logWeights: logWeights), of: model, at: lambda))
    }
    #expect(aligned[1].weights.map { $0.effectiveSampleSize > 400 } ?? false)
    var worst = 0.0
    var worstRaw = 0.0
    for index in lambda.coordinates.indices {
      let name = lambda.entries[index].name
      guard name.hasPrefix("intercept") || name.hasPrefix("sigma") else { continue }
      let (a, b) = (aligned[0].mean(of: aligned[0].scores[index]), aligned[1].mean(of: aligned[1].scores[index]))
      // Scores of Laplace locations are constant on one side: equal, then, and no comparison of errors.
      guard a.standardError > 0 else {
        #expect(abs(a.value - b.value) < 1e-12)
        continue
      }
      let comparison = Comparison(name, a.value, a.standardError, b.value, b.standardError)
      worst = max(worst, comparison.z)
      #expect(comparison.z < 4.5, "\(name): \(comparison.z)")
      let (c, d) = (raw[0].mean(of: raw[0].scores[index]), raw[1].mean(of: raw[1].scores[index]))
      worstRaw = max(worstRaw, Comparison(name, c.value, c.standardError, d.value, d.standardError).z)
    }
    print("aligned draws: worst z \(worst), unaligned \(worstRaw)")
    #expect(worstRaw > 20, "labels would not have mattered")
  }
}
