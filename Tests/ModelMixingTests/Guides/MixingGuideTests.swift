import EmpiricalBayes
import Foundation
import LogDensities
import ModelMixing
import Priors
import Sampling
import Testing

/// The code of the guide AddingToMixing, which has parts of this file and of those beside it word for word, does what it says.
@Suite struct MixingGuideTests {
  @Test func weightsAsAClosureAreTheSame() throws {
    let weights = CustomWeights(name: "fading", models: 2, parameterNames: ["logTime"]) { input, parameters in
      let first = exp(-pow(input[0] / exp(parameters[0]), 2))
      return [first, 1 - first]
    }
    let data = try FallingBall.observations()
    let models: [any PredictiveModel] = [FreeFall(), LinearDrag()]
    let first = try LinearMixture(data: data, models: models, weights: FadingWeights())
    let second = try LinearMixture(data: data, models: models, weights: weights)
    for parameters in [[0.3, 19.0], [-0.5, 22], [1, 15]] {
      let difference = first.logLikelihood(at: parameters) - second.logLikelihood(at: parameters)
      #expect(abs(difference) < 1e-9 * abs(first.logLikelihood(at: parameters)))
    }
  }

  /// The truth is v = 20 tanh(9.81 t / 20).
  @Test func aMixtureIsCalibratedAndTuned() async throws {
    let data = try FallingBall.observations()

    let mixture = try LinearMixture(
      data: data, models: [FreeFall(), LinearDrag()], weights: FadingWeights(), rule: .mean(.weighted))
    let model = try LinearMixingModel(
      mixture, priors: LinearMixingPriors(models: .logNormal(location: 3, scale: 1)))
    let sampler = try NUTSPosteriorSampler<LinearMixingPosterior>(SamplerSettings(targetAcceptance: 0.9, seed: 1))
    let loop = try TuningLoop(
      model: model, sampler: sampler, objective: Objective(), schedule: CatalogueSchedule(.pooledNewton),
      stopping: ExpectedRegret(tolerance: 0.1, iterations: 60))
    let end = try await loop.rescored(try await loop.run(from: loop.initialState()))
    guard let result = loop.result(of: end) else { throw TuningError.nothingToTune }

    let final = try await loop.posterior(
      at: result.tuned, by: sampler, from: end.chains, plan: InnerSampling(.rewarmed(warmup: 500), draws: 1000))
    let prediction = try model.prediction(from: final.inner.sample, at: [[0.5, 1.5, 4.5]], target: .quantity)
    for (place, weight) in zip(prediction.mixture, prediction.weights[0]) {
      print(place.mean, place.quantiles, weight.mean)
    }

    var stream = RandomStream(seed: 1, purpose: .simulation)
    let complaints = StressTest().run(try model.posterior(given: result.tuned), stream: &stream)
    #expect(complaints.isEmpty, "\(complaints)")
    let truth = [0.5, 1.5, 4.5].map { 20 * tanh(9.81 * $0 / 20) }
    for (place, value) in zip(prediction.mixture, truth) {
      #expect(place.quantiles[0] < value + 0.5 && place.quantiles[2] > value - 0.5)
    }
    #expect(zip(prediction.mixture, truth).allSatisfy { abs($0.mean - $1) < 1 })
    #expect(result.verdict.progress == .converged)
  }

  /// ln L(s) + ln p(s): observations of a bin are jointly normal, with variances σ² and a common factor.
  private func objective(_ model: BinnedMixing, _ lambda: Hyperparameters) throws -> Double {
    let priors = try model.prior(at: lambda).priors.map(\.naturalValues)
    var sum = lambda.logHyperprior
    for (bin, prior) in priors.enumerated() {
      let step = 0.002
      let rows = model.observations.filter { $0.bin == bin }
      let integral = stride(from: -9, through: 9, by: step).reduce(0.0) { sum, z in
        let weight = prior[0] + prior[1] * z
        let exponent = rows.reduce(-0.5 * z * z) {
          let residual = ($1.residual - weight * $1.difference) / $1.deviation
          return $0 - 0.5 * residual * residual - log($1.deviation)
        }
        return sum + step * exp(exponent)
      }
      sum += log(integral / (2 * .pi).squareRoot())
    }
    return sum
  }

  /// Tuning stops where it expects to lack 0.1 nats at most.
  @Test(arguments: [UInt64(1), 2, 3]) func aMethodOfOnesOwnReachesTheMaximum(seed: UInt64) async throws {
    let problem = try MixingProblem.samba(order: 3)
    let data = try problem.observations(seed: seed)

    let model = try BinnedMixing(data, problem.predictions(at: data.inputs), bins: 5)
    let loop = try TuningLoop(
      model: model, sampler: ExactSampler(seed: seed), objective: Objective(),
      schedule: CatalogueSchedule(.pooledNewtonPlain), stopping: ExpectedRegret(tolerance: 0.1, iterations: 60))
    let end = try await loop.rescored(try await loop.run(from: loop.initialState()))
    guard let result = loop.result(of: end) else { throw TuningError.nothingToTune }
    print(result.tuned.coordinates.map { exp($0.value) })

    let grid = try stride(from: -6.0, through: 4, by: 0.05).map { try objective(model, result.tuned.moved(to: [$0])) }
    let reached = try objective(model, result.tuned)
    #expect((grid.max() ?? 0) - reached < 0.05)
  }
}
