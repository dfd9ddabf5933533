import Foundation
import LogDensities
import Testing

@testable import ModelMixing

@Suite struct MixedPredictionTests {
  static func mixture(_ rule: MixingRule, deviations: [[Double]] = [[0.5, 0.5], [0.2, 0.3]]) throws -> LinearMixture {
    try LinearMixture(
      data: MixingData(inputNames: ["x"], inputs: [[0, 1]], response: [0, 1], responseErrors: [0.4, 0.4]),
      predictions: ModelPredictions(names: ["a", "b"], means: [[0, 1], [2, 1.5]], standardDeviations: deviations),
      weights: ProbitWeights(), rule: rule)
  }

  static let draws = [[0.2, -0.5], [1.0, 0.3], [-0.4, 0.8]]

  /// P(Y ≤ y) of the mixture over draws and models at row 0, written out.
  static func distribution(_ y: Double, noise: Double) -> Double {
    draws.reduce(0) { sum, draw in
      let weight = 0.5 * erfc(-draw[0] * 0.5.squareRoot())
      func part(_ mean: Double, _ deviation: Double) -> Double {
        0.5 * erfc(-(y - mean) / (2 * (deviation * deviation + noise * noise)).squareRoot())
      }
      return sum + (weight * part(0, 0.5) + (1 - weight) * part(2, 0.2)) / 3
    }
  }

  @Test func densityMixingHasTheQuantilesOfTheWholeMixture() throws {
    for (target, noise) in [(MixedPrediction.Target.quantity, 0.0), (.observation, 0.4)] {
      let found = try Self.mixture(.densityMixing).prediction(fromParameters: Self.draws, target: target)
      #expect(found.target == target)
      for (probability, quantile) in zip(found.probabilities, found.mixture[0].quantiles) {
        #expect(abs(Self.distribution(quantile, noise: noise) - probability) < 1e-10)
      }
      let weights = Self.draws.map { 0.5 * erfc(-$0[0] * 0.5.squareRoot()) }
      let mean = weights.reduce(0) { $0 + 2 * (1 - $1) } / 3
      let square = weights.reduce(0) { $0 + $1 * 0.25 + (1 - $1) * 4.04 } / 3 + noise * noise
      #expect(abs(found.mixture[0].mean - mean) < 1e-12)
      #expect(abs(found.mixture[0].standardDeviation - (square - mean * mean).squareRoot()) < 1e-12)
      #expect(abs(found.weights[0][0].mean - weights.reduce(0, +) / 3) < 1e-14)
      #expect(abs(found.weights[0][0].quantiles[1] - weights.sorted()[1]) < 1e-14)
      #expect(abs(found.weights[1][0].mean + found.weights[0][0].mean - 1) < 1e-14)
    }
  }

  @Test func meanMixingHasTheErrorsOfItsRule() throws {
    let draw = [0.2, -0.5]
    let weight = 0.5 * erfc(-0.2 * 0.5.squareRoot())
    let expected: [(MixingRule, Double)] = [
      (.mean(.weighted), weight * weight * 0.25 + (1 - weight) * (1 - weight) * 0.04), (.mean(.summed), 0.29),
      (.mean(.observation), 0), (.correlated(), 0),
    ]
    for (rule, variance) in expected {
      let mixture = try Self.mixture(rule)
      for (target, noise) in [
        (MixedPrediction.Target.mean, 0.0), (.quantity, variance), (.observation, variance + 0.16),
      ] {
        let found = try mixture.prediction(fromParameters: [draw], target: target, probabilities: [0.8413447460685429])
        #expect(abs(found.mixture[0].mean - 2 * (1 - weight)) < 1e-12)
        #expect(abs(found.mixture[0].standardDeviation - noise.squareRoot()) < 1e-12, "\(rule) \(target)")
        #expect(abs(found.mixture[0].quantiles[0] - (2 * (1 - weight) + noise.squareRoot())) < 1e-9)
      }
    }
  }

  @Test func aSureModelIsAPointOfTheMixture() throws {
    let mixture = try Self.mixture(.densityMixing, deviations: [[0, 0], [0.2, 0.3]])
    let found = try mixture.prediction(fromParameters: Self.draws, target: .quantity, probabilities: [0.2])
    #expect(abs(found.mixture[0].quantiles[0]) < 1e-4)
  }

  @Test func newInputsMayLieOutsideOfTheData() throws {
    let mixture = try LinearMixture(
      data: colemanData(), models: [ColemanModel(isFirst: true), ColemanModel(isFirst: false)], weights: ProbitWeights()
    )
    let x = (0..<150).map { -40 + Double($0) }
    let found = try mixture.prediction(
      fromParameters: [[4, -1, 3, 2], [4.2, -1.1, 3.1, 2.2]], at: [x], responseErrors: x.map { _ in 0.1 })
    #expect(found.mixture.count == 150 && found.weights.allSatisfy { $0.count == 150 })
    #expect(found.mixture.allSatisfy { $0.mean.isFinite && $0.quantiles.allSatisfy(\.isFinite) })
    #expect(found.weights[0][0].mean == 1 && found.weights[0][149].mean < 1e-300)
    // Row 100 is x = 60, where model 2 alone is left.
    #expect(abs(found.mixture[100].mean - (-0.5 * (60 - 2.1) + 3.7)) < 1e-12)
  }

  @Test func whatCannotBePredictedIsNamed() throws {
    let mixture = try Self.mixture(.densityMixing)
    #expect(throws: MixingError.self) { try mixture.prediction(fromParameters: []) }
    #expect(throws: MixingError.self) { try mixture.prediction(fromParameters: [[1]]) }
    #expect(throws: MixingError.self) { try mixture.prediction(fromParameters: Self.draws, probabilities: [1]) }
    let missing = MixingError.invalid(
      "The model a is known by its predictions alone; give them for these inputs too.")
    #expect(throws: missing) { try mixture.prediction(fromParameters: Self.draws, at: [[3]]) }
    #expect(throws: MixingError.notFinite(what: "Input x", row: 0)) {
      try mixture.prediction(fromParameters: Self.draws, at: [[.nan]])
    }
    let predictions = try ModelPredictions(names: ["a", "b"], means: [[3], [4]], standardDeviations: [[1], [1]])
    let found = try mixture.prediction(fromParameters: Self.draws, at: [[3]], predictions: predictions)
    #expect(found.mixture[0].mean > 3 && found.mixture[0].mean < 4)
  }
}
