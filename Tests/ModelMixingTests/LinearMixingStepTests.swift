import Foundation
import LogDensities
import Priors
import Testing

@testable import ModelMixing

/// A step in [0, 9] between two known models: the likelihood is constant between inputs, so that all is a finite sum.
@Suite struct LinearMixingStepTests {
  static func model() throws -> LinearMixingModel {
    let data = try colemanData()
    let x = data.inputs[0]
    return try LinearMixingModel(
      LinearMixture(
        data: data,
        predictions: ModelPredictions(
          names: ["rising", "falling"],
          means: [x.map { 0.5 * ($0 + 4.75) - 2 }, x.map { -0.5 * ($0 - 1.25) + 3.7 }],
          standardDeviations: [x.map { _ in 0.3 }, x.map { _ in 0.3 }]),
        weights: StepWeights()),
      priors: LinearMixingPriors(weights: .uniform(lower: 0, upper: 9)))
  }

  /// The pieces between inputs with their likelihoods, written out.
  static func pieces(_ data: MixingData) -> [(lower: Double, upper: Double, likelihood: Double)] {
    let (x, y) = (data.inputs[0], data.response)
    return x.indices.dropLast().map { place in
      let likelihood = x.indices.reduce(1.0) { product, row in
        let rising = normalDensity(y[row], 0.5 * (x[row] + 4.75) - 2, 0.18)
        let falling = normalDensity(y[row], -0.5 * (x[row] - 1.25) + 3.7, 0.18)
        return product * (row <= place ? rising + 1e-15 * falling : falling + 1e-15 * rising)
      }
      return (x[place], x[place + 1], likelihood)
    }
  }

  /// The density of positions, Jacobian included, has the mass of the finite sum in each piece.
  @Test func theDensityIsThatOfTheFiniteSum() throws {
    let model = try Self.model()
    let posterior = try model.posterior(given: model.hyperparameters)
    let support = model.layout.supports[0]
    for piece in Self.pieces(model.mixture.data) {
      let (low, high) = (piece.lower + 0.01, piece.upper - 0.01)
      let mass = legendreNodes(40, support.coordinate(of: low), support.coordinate(of: high)).reduce(0.0) {
        $0 + $1.weight * exp(posterior.logDensity(at: [$1.x].span))
      }
      let expected = piece.likelihood * (high - low) / 9
      #expect(abs(mass / expected - 1) < 1e-9)
    }
  }
}
