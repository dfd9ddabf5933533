import EmpiricalBayes
import Foundation
import LogDensities
import Priors
import Sampling
import Testing

@testable import ModelMixing

/// What stands at the edges of linear mixing: one model, ten, one row, equal models, sure models, inputs far away.
@Suite struct EdgeCaseTests {
  private static func predictions(_ models: Int, at x: [Double], deviation: Double = 0.2) throws -> ModelPredictions {
    try ModelPredictions(
      names: (0..<models).map { "m\($0)" },
      means: (0..<models).map { k in x.map { Double(k) * 0.1 + 0.3 * $0 } },
      standardDeviations: (0..<models).map { _ in x.map { _ in deviation } })
  }

  private static func data(_ x: [Double], error: Double = 0.1) throws -> MixingData {
    try MixingData(
      inputNames: ["x"], inputs: [x], response: x.map { 0.2 + 0.3 * $0 },
      responseErrors: x.map { _ in error })
  }

  /// A mixture without a parameter is a prediction in closed form: here mean ½(f1 + f2), variance ½σ² + (½ Δ)² of the mixture.
  @Test func knownWeightsPredictWithoutDraws() throws {
    let x = [0.0, 1, 2]
    let mixture = try LinearMixture(
      data: Self.data(x), predictions: Self.predictions(2, at: x), weights: ConstantWeights(equal: 2))
    #expect(mixture.parameterCount == 0)
    let new = [[-40.0, 1e6]]
    let found = try mixture.prediction(
      fromParameters: [[]], at: new, predictions: Self.predictions(2, at: new[0]), target: .quantity)
    for (row, x) in new[0].enumerated() {
      #expect(abs(found.mixture[row].mean - 0.05 - 0.3 * x) < 1e-9 * max(1, abs(x)))
      #expect(abs(found.mixture[row].standardDeviation - (0.04 + 0.0025).squareRoot()) < 1e-6)
      #expect(found.weights.allSatisfy { $0[row].mean == 0.5 && $0[row].standardDeviation == 0 })
    }
    #expect(throws: ModelError.self) { try LinearMixingModel(mixture) }
    let rows = try mixture.replacing(data: Self.data([4]), predictions: Self.predictions(2, at: [4]))
    let density = log(0.5 * normalDensity(1.4, 1.2, 0.05) + 0.5 * normalDensity(1.4, 1.3, 0.05))
    #expect(abs(rows.pointwiseLogLikelihood(at: [])[0] - density) < 1e-12)
  }

  /// One model has weight 1 under softmax, which then has no parameter; one of its own is calibrated. The posterior of a line's
  /// shift under a normal prior is normal: precision 1/s² + n ¼/v, which the gradient's slope must be.
  @Test func oneModelIsCalibrated() throws {
    let data = try colemanData()
    let mixture = try LinearMixture(
      data: data, models: [ColemanModel(isFirst: true)], weights: SoftmaxWeights(models: 1))
    #expect(
      mixture.parameterNames == ["model[coleman1,theta]"] && mixture.weights(at: [3]) == data.response.map { _ in 1 })
    let model = try LinearMixingModel(mixture, priors: LinearMixingPriors(models: .normal(location: 3, scale: 2)))
    #expect(model.logAllocationEntropy(at: [3.0].span) == nil)
    let posterior = try model.posterior(given: model.hyperparameters)
    let (first, second) = (try posterior.evaluate(at: [2.0]).gradient[0], try posterior.evaluate(at: [5.0]).gradient[0])
    let precision = 1.0 / 4 + 10 * 0.25 / 0.18
    #expect(abs((first - second) / 3 - precision) < 1e-6 * precision)
    let alone = try LinearMixture(
      data: data, predictions: Self.predictions(1, at: data.inputs[0]), weights: SoftmaxWeights(models: 1))
    #expect(alone.parameterCount == 0)
  }

  /// Softmax weights of inputs that do not vary, one row or many: a bias alone.
  @Test func inputsThatDoNotVaryHaveNoFeature() throws {
    for x in [[2.0], [2, 2, 2]] {
      let data = try Self.data(x)
      #expect(data.varyingInputs.isEmpty)
      let weights = try WeightFamily.softmax.function(models: 10, data: data)
      #expect(weights.parameterNames == (1...9).map { "\($0),bias" })
      let mixture = try LinearMixture(data: data, predictions: Self.predictions(10, at: x), weights: weights)
      let (value, gradient) = mixture.evaluate(at: (0..<9).map { 0.1 * Double($0) })
      #expect(value.isFinite && gradient.allSatisfy { $0.isFinite })
      let model = try LinearMixingModel(mixture)
      #expect(model.convergenceQuantities(at: gradient.span).count == model.convergenceQuantityNames.count)
    }
    let both = try MixingData(
      inputNames: ["x", "z"], inputs: [[1, 1], [0, 3]], response: [1, 2], responseErrors: [1, 1])
    #expect(both.varyingInputs == ["z"])
    #expect(
      try WeightFamily.softmax.function(models: 2, data: both).parameterNames == ["1,bias", "1,z"])
    for family in WeightFamily.allCases where family.isForTwoModels {
      let function = try family.function(models: 2, data: Self.data([2]))
      let priors = function.defaultPriors(for: [[2]])
      for (prior, name) in zip(priors, function.parameterNames) {
        #expect(throws: Never.self) { try prior.validate(name: name) }
      }
    }
  }

  /// Where two models say the same the posterior of the weights is their prior.
  @Test func equalModelsLeaveThePrior() throws {
    let x = [0.0, 1, 2, 3]
    let one = try Self.predictions(1, at: x)
    let twice = try ModelPredictions(
      names: ["a", "b"], means: one.means + one.means,
      standardDeviations: one.standardDeviations + one.standardDeviations)
    let model = try LinearMixingModel(
      LinearMixture(data: Self.data(x), predictions: twice, weights: ProbitWeights()))
    let posterior = try model.posterior(given: model.hyperparameters)
    let (a, b) = ([0.4, -1.0], [-2.0, 0.3])
    let difference = try posterior.evaluate(at: a).value - posterior.evaluate(at: b).value
    let prior =
      model.logPrior(at: a.span, given: model.hyperparameters)
      - model.logPrior(at: b.span, given: model.hyperparameters)
    #expect(abs(difference - prior) < 1e-12)
  }

  /// Sure models with errors of observations; without, one sentence.
  @Test func sureModels() throws {
    let x = [0.0, 1, 2]
    let sure = try Self.predictions(2, at: x, deviation: 0)
    let mixture = try LinearMixture(data: Self.data(x), predictions: sure, weights: ProbitWeights())
    #expect(mixture.logLikelihood(at: [0, 0]).isFinite)
    let found = try mixture.prediction(fromParameters: [[0, 0], [1, 0]], target: .quantity)
    #expect(found.mixture.allSatisfy { $0.standardDeviation.isFinite && $0.quantiles.allSatisfy(\.isFinite) })
    do {
      _ = try LinearMixture(data: Self.data(x, error: 0), predictions: sure, weights: ProbitWeights())
      Issue.record("no error at all")
    } catch { #expect("\(error)".contains("has an error in row 1") && !"\(error)".contains("\n")) }
  }

  @Test func badNumbersAreNamedWhereverTheyComeFrom() throws {
    #expect(
      throws: MixingError.invalid("The offset of density mixing is -1.0; allowed is a finite number of at least 0.")
    ) {
      try LinearMixture(
        data: Self.data([0]), predictions: Self.predictions(1, at: [0]), weights: ConstantWeights(equal: 1),
        rule: .density(offset: -1))
    }
    #expect(throws: MixingError.self) {
      try LinearMixture(
        data: Self.data([0]), predictions: Self.predictions(1, at: [0]), weights: ConstantWeights(equal: 1),
        rule: .density(background: .nan))
    }
    func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
      try JSONDecoder().decode(type, from: Data(text.utf8))
    }
    #expect(throws: MixingError.negative(what: "The response's error", row: 0)) {
      try decode(MixingData.self, #"{"inputNames":["x"],"inputs":[[1]],"response":[1],"responseErrors":[-1]}"#)
    }
    #expect(throws: MixingError.negative(what: "The standard deviation of a", row: 0)) {
      try decode(ModelPredictions.self, #"{"names":["a"],"means":[[1]],"standardDeviations":[[-1]]}"#)
    }
    #expect(throws: MixingError.self) { try decode(LeafPrior.self, #"{"means":[0],"scales":[0]}"#) }
    for value in [try Self.data([0, 1])] {
      #expect(try JSONDecoder().decode(MixingData.self, from: JSONEncoder().encode(value)) == value)
    }
    let predictions = try ModelPredictions(
      names: ["a"], means: [[1, 2]], standardDeviations: [[1, 2]], covariances: [[1, 0.5, 0.5, 4]])
    #expect(
      try JSONDecoder().decode(ModelPredictions.self, from: JSONEncoder().encode(predictions)) == predictions)
  }

  /// A record with NaN where a count belongs is no reason to end the program.
  @Test func recordsMayHoldAnything() {
    let record = TreeRecord(models: 2, rows: 1)
    let values = [Double](repeating: .nan, count: record.length)
    #expect(record.leafStatistics(values.span).leaves == 0)
  }

  /// θ under new names is the same θ: one shared by both models moves both, and gradients add.
  @Test func renamedParametersAreShared() throws {
    let data = try colemanData()
    let models: [any PredictiveModel] = [
      ColemanModel(isFirst: true, parameterName: "theta1"), ColemanModel(isFirst: false, parameterName: "theta2"),
    ]
    let apart = try LinearMixture(data: data, models: models, weights: ProbitWeights())
    let one = try LinearMixture(
      data: data, models: models.map { RenamedModel($0, renaming: ["theta1": "t", "theta2": "t"]) },
      weights: ProbitWeights(), shared: ["t"])
    #expect(one.parameterNames == ["weight[theta0]", "weight[theta1]", "model[t]"])
    let (value, gradient) = one.evaluate(at: [0.3, -0.2, 2.5])
    let (other, parts) = apart.evaluate(at: [0.3, -0.2, 2.5, 2.5])
    #expect(value == other && abs(gradient[2] - parts[2] - parts[3]) < 1e-12)
  }

  /// Either side may be the first model's, so a place below 0 must be possible.
  @Test func stepsOfEitherSide() {
    let priors = StepWeights(.eitherSide(maximum: 9)).defaultPriors(for: [[0, 4, 9]])
    #expect(priors == [.uniform(lower: -9, upper: 9)])
  }
}
