import EmpiricalBayes
import Foundation
import LogDensities
import Priors
import Sampling
import Testing

@testable import ModelMixing

@Suite struct LinearMixingModelTests {
  static func coleman(
    _ weights: any WeightFunction, _ rule: MixingRule = .densityMixing, rows: Int = 10,
    priors: LinearMixingPriors = LinearMixingPriors()
  ) throws -> LinearMixingModel {
    try LinearMixingModel(
      LinearMixture(
        data: colemanData(rows: rows), models: [ColemanModel(isFirst: true), ColemanModel(isFirst: false)],
        weights: weights, rule: rule, shared: ["theta"]),
      priors: priors)
  }

  /// The proposed priors, and for widths of sigmoid weights one of one sign: across 0 the weights jump.
  static func ofOneSign(_ weights: any WeightFunction) -> LinearMixingPriors {
    guard weights is SigmoidWeights else { return LinearMixingPriors() }
    return LinearMixingPriors(overrides: ["weight[theta1]": .logNormal(location: 0, scale: 1)])
  }

  static let smooth: [any WeightFunction] = [
    SigmoidWeights(), ProbitWeights(), SwitchCosineWeights(), SoftmaxWeights(models: 2),
  ]

  /// Values, gradients and extremes of the posterior, Jacobians included, under the proposed priors.
  @Test func posteriorsKeepTheContractOfALogDensity() throws {
    for weights in Self.smooth {
      for rule in MixingRuleTests.rules {
        let model = try Self.coleman(weights, rule, priors: Self.ofOneSign(weights))
        #expect(model.isContinuous, "\(weights.name)")
        var stream = RandomStream(seed: 17, purpose: .test)
        var test = StressTest()
        test.positions = 30
        test.scales = [0.1, 1, 3]
        let posterior = try model.posterior(given: model.hyperparameters)
        let findings = test.run(posterior, stream: &stream)
        #expect(findings.isEmpty, "\(weights.name) \(rule): \(findings.prefix(2))")
        let position = (0..<model.dimension).map { _ in stream.normal() }
        let value = try posterior.evaluate(at: position).value
        let alone = try posterior.logDensity(at: position.span)
        #expect(abs(value - alone) < 1e-10 * max(1, abs(value)))
      }
    }
  }

  @Test func oneRowIsEnough() throws {
    for weights in Self.smooth {
      let model = try Self.coleman(weights, rows: 1, priors: Self.ofOneSign(weights))
      #expect(model.rows == 1)
      let position = [Double](repeating: 0.1, count: model.dimension)
      #expect(try model.posterior(given: model.hyperparameters).evaluate(at: position).value.isFinite)
      let quantities = model.convergenceQuantities(at: position.span)
      #expect(quantities.count == model.convergenceQuantityNames.count)
      #expect(quantities.allSatisfy { $0.isFinite })
    }
  }

  @Test func jumpsAreRefusedWithASentenceAndHaveADensity() async throws {
    let model = try Self.coleman(StepWeights())
    #expect(!model.isContinuous)
    let posterior = try model.posterior(given: model.hyperparameters)
    let error = LogDensityError.failed(
      "No sampler that follows gradients is right here: step weights jump as their parameters pass an input."
        + " Slice sampling is.")
    #expect(throws: error) { try posterior.evaluate(at: [0, 0]) }
    let value = try posterior.logDensity(at: [0, 0].span)
    #expect(value.isFinite)
    let density = try model.weighableDensity(given: model.hyperparameters)
    #expect(density == nil)
    let sampler = try NUTSPosteriorSampler<LinearMixingPosterior>(SamplerSettings(chains: 1))
    await #expect(throws: (any Error).self) {
      _ = try await sampler.sample(
        posterior, from: nil, plan: InnerSampling(.fresh(warmup: 10), draws: 1), iteration: 0)
    }
    // A width of either sign is a jump too, and so are places that may change their order.
    let ofEitherSign = try Self.coleman(SigmoidWeights())
    #expect(!ofEitherSign.isContinuous)
    let free = LinearMixingPriors(weights: .normal(location: 4, scale: 1))
    let switching = try Self.coleman(SwitchCosineWeights(), priors: free)
    #expect(!switching.isContinuous)
    let ends = try switching.posterior(given: switching.hyperparameters)
    let outOfOrder = try ends.logDensity(at: [5, 3, 4, 3].span)
    let inOrder = try ends.logDensity(at: [3, 5, 4, 3].span)
    #expect(outOfOrder == -.infinity && inOrder.isFinite)
  }

  @Test func priorsAndParametersThatDoNotFitAreNamed() throws {
    let mixture = try LinearMixture(
      data: colemanData(), models: [ColemanModel(isFirst: true), ColemanModel(isFirst: false)],
      weights: StepWeights(.pair))
    #expect(throws: ModelError.invalid("A prior is given for weight[nothing], which is no parameter of this mixture."))
    {
      try LinearMixingModel(
        mixture, priors: LinearMixingPriors(overrides: ["weight[nothing]": .normal(location: 0, scale: 1)]))
    }
    #expect(throws: ModelError.invalid("The parameter weight[alpha] needs a prior on (0.0, 1.0), found normal.")) {
      try LinearMixingModel(
        mixture, priors: LinearMixingPriors(overrides: ["weight[alpha]": .normal(location: 0, scale: 1)]))
    }
    let known = try LinearMixture(
      data: colemanData(rows: 2),
      predictions: ModelPredictions(names: ["a"], means: [[0, 1]], standardDeviations: [[1, 1]]),
      weights: ConstantWeights(equal: 1))
    #expect(throws: ModelError.self) { try LinearMixingModel(known) }
  }

  @Test func hyperparametersAreThoseOfThePriors() throws {
    let model = try Self.coleman(ProbitWeights())
    #expect(model.parameterNames == ["weight[theta0]", "weight[theta1]", "model[theta]"])
    #expect(model.hyperparameters.coordinates.map(\.name) == ["weights: scale", "models: scale"])
    let position = [1.0, -0.4, 2.5]
    var score = [Double](repeating: 0, count: model.hyperparameters.count)
    var span = score.mutableSpan
    model.score(at: position.span, given: model.hyperparameters, into: &span)
    let slopes = model.hyperparameters.pulledBack(score)
    for index in slopes.indices {
      var (above, below) = (model.hyperparameters.free, model.hyperparameters.free)
      above[index] += 1e-5
      below[index] -= 1e-5
      let numeric =
        (model.logPrior(at: position.span, given: model.hyperparameters.moved(to: above))
          - model.logPrior(at: position.span, given: model.hyperparameters.moved(to: below))) / 2e-5
      #expect(abs(slopes[index] - numeric) < 1e-7)
    }
  }

  @Test func theEntropyIsThatOfTheMeanWeights() throws {
    let model = try Self.coleman(ProbitWeights())
    let position = [2.0, -0.5, 3]
    let weights = model.mixture.weights(at: model.constrained(position.span))
    let share = stride(from: 0, to: 20, by: 2).reduce(0) { $0 + weights[$1] } / 10
    let entropy = -(share * log(share) + (1 - share) * log(1 - share)) / log(2)
    let found = model.logAllocationEntropy(at: position.span) ?? .nan
    #expect(abs(found - log(entropy)) < 1e-12)
    // One model out of use: the logarithm goes on falling.
    let far = model.logAllocationEntropy(at: [-50, 0, 3].span) ?? .nan
    #expect(far < -1000 && far.isFinite)
    let alone = try LinearMixingModel(
      LinearMixture(data: colemanData(), models: [ColemanModel(isFirst: true)], weights: ConstantWeights(equal: 1)))
    let none = alone.logAllocationEntropy(at: [0].span)
    #expect(none == nil)
  }

  /// One model, one parameter: y − f is linear in θ, so that ln L is the normal density of all rows together.
  @Test func theEvidenceOfOneCalibratedModelIsThatOfLinearRegression() throws {
    let data = try colemanData(rows: 2)
    let model = try LinearMixingModel(
      LinearMixture(data: data, models: [ColemanModel(isFirst: true)], weights: ConstantWeights(equal: 1)),
      priors: LinearMixingPriors(models: .normal(location: 3, scale: 2)))
    let posterior = try model.posterior(given: model.hyperparameters)
    let sum = try legendreNodes(200, -20, 26).reduce(0.0) {
      try $0 + $1.weight * exp(posterior.logDensity(at: [$1.x].span))
    }
    // Covariance 0.18 I + 0.25 · 4 · 11ᵀ.
    let residuals = (0..<2).map { data.response[$0] - 0.5 * (data.inputs[0][$0] + 3) + 2 }
    let (a, b) = (1.18, 1.0)
    let determinant = a * a - b * b
    let square = (a * (residuals[0] * residuals[0] + residuals[1] * residuals[1]) - 2 * b * residuals[0] * residuals[1])
    let expected = -0.5 * square / determinant - 0.5 * log(determinant) - log(2 * Double.pi)
    #expect(abs(log(sum) - expected) < 1e-8)
  }
}
