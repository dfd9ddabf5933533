import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import Priors
import Sampling
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
      let mass = try legendreNodes(40, support.coordinate(of: low), support.coordinate(of: high)).reduce(0.0) {
        try $0 + $1.weight * exp(posterior.logDensity(at: [$1.x].span))
      }
      let expected = piece.likelihood * (high - low) / 9
      #expect(abs(mass / expected - 1) < 1e-9)
    }
  }

  /// Slices jump over the steps: every piece is visited as often as its mass says. 4.5 standard errors from the draws'
  /// autocorrelation: a false alarm in 7e-6 of the nine comparisons each; pieces that no draw is expected in are left out.
  @Test func slicesVisitThePiecesByTheirMass() async throws {
    let model = try Self.model()
    let posterior = try model.posterior(given: model.hyperparameters)
    let sampler = try SlicePosteriorSampler<LinearMixingPosterior>(chains: 4, seed: 1, threads: 2)
    let (sample, _) = try await sampler.sample(
      posterior, from: nil, plan: InnerSampling(.fresh(warmup: 500), draws: 5000), iteration: 0)
    let support = model.layout.supports[0]
    let pieces = Self.pieces(model.mixture.data)
    let total = pieces.reduce(0) { $0 + $1.likelihood }
    var compared = 0
    for piece in pieces where piece.likelihood > 1e-3 * total {
      let visits = sample.map { q in
        let place = support.value(at: q[0])
        return place > piece.lower && place < piece.upper ? 1.0 : 0.0
      }
      let share = visits.joined().reduce(0, +) / Double(sample.count)
      let error = MonteCarloError.mean(visits)
      #expect(abs(share - piece.likelihood / total) < 4.5 * error + 1e-3, "\(piece), \(share) ± \(error)")
      compared += 1
    }
    #expect(compared >= 1)
  }
}
