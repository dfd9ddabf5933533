import Testing

@testable import ModelMixing

@Suite struct ModelPredictionsTests {
  @Test func whatFitsIsTaken() throws {
    let predictions = try ModelPredictions(
      names: ["a", "b"], means: [[1, 2], [3, 4]], standardDeviations: [[1, 2], [0, 1]],
      covariances: [[1, 0.5, 0.5, 4], [0, 0, 0, 1]])
    #expect(predictions.models == 2)
    #expect(predictions.count == 2)
  }

  @Test func whatDoesNotFitIsNamed() {
    #expect(throws: MixingError.noModels) { try ModelPredictions(names: [], means: [], standardDeviations: []) }
    #expect(throws: MixingError.repeatedName("a")) {
      try ModelPredictions(names: ["a", "a"], means: [[1], [2]], standardDeviations: [[1], [1]])
    }
    #expect(throws: MixingError.ragged(what: "The mean of b", expected: 2, found: 1)) {
      try ModelPredictions(names: ["a", "b"], means: [[1, 2], [2]], standardDeviations: [[1, 1], [1, 1]])
    }
    #expect(throws: MixingError.negative(what: "The standard deviation of a", row: 1)) {
      try ModelPredictions(names: ["a"], means: [[1, 2]], standardDeviations: [[1, -1]])
    }
    #expect(throws: MixingError.covariance(model: "a", row: 1, reason: "it is not symmetric")) {
      try ModelPredictions(
        names: ["a"], means: [[1, 2]], standardDeviations: [[1, 1]], covariances: [[1, 0.5, 0.4, 1]])
    }
    #expect(throws: MixingError.notFinite(what: "Input x", row: 0)) {
      try MixingData(inputNames: ["x"], inputs: [[.nan]], response: [1])
    }
  }

  @Test func differencesStandInForDerivatives() {
    struct Line: PredictiveModel {
      let name = "line"
      let parameterNames = ["slope", "noise"]
      func evaluate(at input: [Double], parameters: [Double]) -> Prediction {
        Prediction(mean: parameters[0] * parameters[0] * input[0], standardDeviation: 3 * parameters[1])
      }
    }
    let found = Line().derivatives(at: [2], parameters: [5, 1])
    #expect(abs(found[0].mean - 20) < 1e-8)
    #expect(found[0].standardDeviation == 0)
    #expect(abs(found[1].standardDeviation - 3) < 1e-9)
  }
}
