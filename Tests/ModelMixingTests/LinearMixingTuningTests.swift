import EmpiricalBayes
import Foundation
import LogDensities
import Priors
import Sampling
import Testing

@testable import ModelMixing

@Suite struct LinearMixingTuningTests {
  /// The outer loop tunes the scale of a model parameter's prior: with one model, linear in its parameter, ln L of the scale is
  /// a closed form, whose maximum tuning reaches to 0.05. 50 steps from 80 draws each leave an excess of about 0.005.
  @Test func theOuterLoopReachesTheBestScale() async throws {
    let data = try colemanData()
    var model = try LinearMixingModel(
      LinearMixture(data: data, models: [ColemanModel(isFirst: true)], weights: ConstantWeights(equal: 1)),
      priors: LinearMixingPriors(models: .normal(location: 0, scale: 30)))
    model.hyperparameters.dropHyperpriors()
    let residuals = data.response.indices.map { data.response[$0] - 0.5 * data.inputs[0][$0] + 2 }
    func logEvidence(_ scale: Double) -> Double {
      // Covariance v I + ¼ s² 11ᵀ by Sherman and Morrison.
      let (n, v) = (Double(residuals.count), 0.18)
      let sum = residuals.reduce(0, +)
      let squares = residuals.reduce(0) { $0 + $1 * $1 }
      let excess = 0.25 * scale * scale
      let logDeterminant = n * log(v) + log(1 + n * excess / v)
      return -0.5 * (squares - excess * sum * sum / (v + n * excess)) / v - 0.5 * logDeterminant - 0.5 * n
        * log(2 * Double.pi)
    }
    let best = (1...4000).map { logEvidence(0.01 * Double($0)) }.max() ?? 0
    let sampler = try NUTSPosteriorSampler<LinearMixingPosterior>(SamplerSettings(chains: 4, seed: 3, threads: 2))
    let loop = try TuningLoop(
      model: model, sampler: sampler, objective: Objective(),
      schedule: GradientSchedule(
        .natural(), adaptation: .persistent(warmup: 150, adaptation: 5), draws: ConstantSchedule(draws: 20)),
      selector: LastIterate(), stopping: FixedHorizon(iterations: 50))
    let state = try await loop.run(from: loop.initialState())
    let scale = exp(state.lambda.free[0])
    #expect(best - logEvidence(30) > 1)
    #expect(best - logEvidence(scale) < 0.05, "the scale is \(scale)")
  }

  /// The entropy that an objective with a penalty takes: at every draw a number, that of the one share there is.
  @Test func theEntropyPenaltySeesTheWeights() async throws {
    let model = try LinearMixingModelTests.coleman(SoftmaxWeights(models: 2))
    let sampler = try NUTSPosteriorSampler<LinearMixingPosterior>(SamplerSettings(chains: 4, seed: 3, threads: 2))
    let sample = try await sampler.sample(
      model.posterior(given: model.hyperparameters), from: nil, plan: InnerSampling(.fresh(warmup: 300), draws: 300),
      iteration: 0
    ).sample
    let entropies = (0..<sample.count).map { sample.withPosition($0) { model.logAllocationEntropy(at: $0) ?? .nan } }
    #expect(entropies.allSatisfy { $0 <= 0 && $0.isFinite })
    // A bias alone: the entropy is that of one share.
    for index in stride(from: 0, to: sample.count, by: 100) {
      let share = 1 / (1 + exp(-sample.withPosition(index) { $0[0] }))
      let entropy = -(share * log(share) + (1 - share) * log(1 - share)) / log(2)
      #expect(abs(entropies[index] - log(entropy)) < 1e-10)
    }
  }
}
