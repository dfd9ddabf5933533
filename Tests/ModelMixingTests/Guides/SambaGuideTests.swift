import EmpiricalBayes
import Foundation
import GaussianProcesses
import LogDensities
import ModelMixing
import Priors
import Sampling
import Testing

/// The code of the guide MixingSamba, which has parts of this file word for word, does what it says.
@Suite struct SambaGuideTests {
  private static let places = [[0.1, 0.2, 0.3, 0.4, 0.6]]

  @Test func theExpansionsFailOnOppositeSides() throws {
    let problem = try MixingProblem.samba(order: 3)
    let data = try problem.observations(seed: 1)

    let places = [[0.1, 0.2, 0.3, 0.4, 0.6]]
    let models = try problem.predictions(at: places)
    let truth = try problem.trueValues(at: places)

    #expect(places == Self.places && data.count == 10)
    let errors = models.means.map { means in zip(means, truth).map { abs($0 - $1) } }
    #expect(zip(errors[0], errors[0].dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(errors[1], errors[1].dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func linearMixing() async throws {
    let problem = try MixingProblem.samba(order: 3)
    let data = try problem.observations(seed: 1)
    let places = Self.places
    let truth = try problem.trueValues(at: places)

    let mixture = try LinearMixture(
      data: data, models: problem.models, weights: ProbitWeights(), rule: .mean(.weighted))
    let model = try LinearMixingModel(mixture)
    let sampler = try NUTSPosteriorSampler<LinearMixingPosterior>(SamplerSettings(targetAcceptance: 0.9, seed: 1))
    let loop = try TuningLoop(
      model: model, sampler: sampler, objective: Objective(), schedule: CatalogueSchedule(.pooledNewton),
      stopping: ExpectedRegret(tolerance: 0.1, iterations: 60))
    let end = try await loop.rescored(try await loop.run(from: loop.initialState()))
    guard let result = loop.result(of: end) else { throw TuningError.nothingToTune }

    let final = try await loop.posterior(
      at: result.tuned, by: sampler, from: end.chains, plan: InnerSampling(.rewarmed(warmup: 500), draws: 1000))
    let mixed = try model.prediction(from: final.inner.sample, at: places, target: .quantity)
    for (value, weight) in zip(mixed.mixture, mixed.weights[0]) { print(value.mean, value.quantiles, weight.mean) }

    // A band of 90 % at five places that share their draws and errors: it misses none of them here.
    for (value, exact) in zip(mixed.mixture, truth) {
      #expect(value.quantiles[0] < exact && exact < value.quantiles[2])
    }
    #expect(mixed.weights[0][0].mean > 0.95 && mixed.weights[0][4].mean < 0.05)
  }

  @Test func precisionMixing() throws {
    let places = Self.places
    let truth = try MixingProblem.samba().trueValues(at: places)

    let informed = try MixingProblem.samba(order: 3, errorModel: .informative).predictions(at: places)
    let precise = try PrecisionMixture(informed)
    let band = try precise.band(probability: 0.9)

    for index in truth.indices { #expect(band.lower[index] < truth[index] && truth[index] < band.upper[index]) }
    #expect(precise.weights[0][0] > 0.99 && precise.weights[1][4] > 0.99)
  }

  @Test func processMixing() async throws {
    let problem = try MixingProblem.samba(order: 3)
    let data = try problem.observations(seed: 1)
    let places = Self.places
    let truth = try problem.trueValues(at: places)

    let known = try problem.predictions(at: data.inputs)
    let training = try ProcessMixingData(
      inputNames: data.inputNames,
      models: [known.correlated(0, inputs: data.inputs), known.correlated(1, inputs: data.inputs)],
      observations: data, priorMean: 2)
    let (variance, length) = (KernelParameter(0.1, in: 1e-4...1e4), KernelParameter(0.1, in: 1e-3...10))
    let process = try ProcessMixingModel(
      data: training, kernel: .constant(variance) * .rbf(lengthScales: [length]))
    let sampler = try NUTSPosteriorSampler<ProcessMixingPosterior>(SamplerSettings(targetAcceptance: 0.9, seed: 1))
    let sample = try await sampler.sample(
      process.posterior(given: process.hyperparameters), from: nil, plan: InnerSampling(.fresh(warmup: 500), draws: 50),
      iteration: 0
    ).sample
    let curve = try await process.predict(at: places, sample: sample, quantity: .latent)

    // The standard deviations are about 0.01, one for every observation's 1 %.
    for (mean, exact) in zip(curve.mean, truth) { #expect(abs(mean - exact) < 0.05) }
    #expect(curve.standardDeviation.allSatisfy { $0 < 0.03 })
  }
}
