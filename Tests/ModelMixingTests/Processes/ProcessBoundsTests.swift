import Foundation
import GaussianProcesses
import LogDensities
import ModelMixing
import Priors
import Testing

/// Bounds of kernel parameters are those of the search of the mode: neither data in large units nor draws far out meet them.
@Suite struct ProcessBoundsTests {
  private static func data(unit: Double, models: Int = 2, deviation: Double = 0.1) throws -> ProcessMixingData {
    let x = [0.0, 0.4, 0.9, 1.5]
    return try ProcessMixingData(
      inputNames: ["x"],
      models: (0..<models).map { k in
        try CorrelatedPredictions(
          name: "m\(k)", inputs: [x], means: x.map { unit * (sin(3 * $0) + 0.01 * Double(k)) },
          standardDeviations: x.map { _ in unit * deviation })
      })
  }

  /// In units of 10⁹ the variance, 10¹⁸, is far outside the standard bounds: all is as in units of 1, scaled.
  @Test func unitsDoNotMatter() throws {
    let unit = 1e9
    let small = try ProcessMixingModel(data: Self.data(unit: 1), kernel: .constant(0.7) * .rbf(0.5))
    let large = try ProcessMixingModel(
      data: Self.data(unit: unit), kernel: .constant(KernelParameter(0.7 * unit * unit)) * .rbf(0.5))
    let (q, moved) = ([0.3, -0.4], [0.3 + 2 * log(unit), -0.4])
    let rows = Double(small.rows)
    #expect(
      abs(large.logLikelihood(at: moved.span) - small.logLikelihood(at: q.span) + rows * log(unit)) < 1e-6)
    let first = try small.predict(at: [[0.2, 1.2]], kernel: small.kernel(at: q.span))
    let second = try large.predict(at: [[0.2, 1.2]], kernel: large.kernel(at: moved.span))
    for row in 0..<2 {
      #expect(abs(second.mean[row] / unit - first.mean[row]) < 1e-8)
      #expect(abs(second.standardDeviation[row] / unit - first.standardDeviation[row]) < 1e-8)
    }
  }

  /// Draws beyond 1e±5, the standard bounds, predict: a length scale of 10¹¹ makes a constant of all rows, whose mean is known
  /// with variance σ²/n (a prior of variance 1 beside it).
  @Test func drawsBeyondBoundsPredict() async throws {
    let model = try ProcessMixingModel(data: Self.data(unit: 1), kernel: .constant(1) * .rbf(0.5))
    let position = [0.0, 25.0]
    let found = try await model.predict(at: [[0.7]], positions: position)
    let mean = model.data.training.response.reduce(0, +) / 8
    #expect(abs(found.mean[0] - mean * 8 / (8 + 0.01)) < 1e-6)
    #expect(abs(found.standardDeviation[0] - (1 / (1 + 8 / 0.01)).squareRoot()) < 1e-6)
    _ = try model.sourceWeights(at: [[0.7]], kernel: model.kernel(at: position.span))
  }

  /// The mode is that of the posterior with the model's own jitter, which is as large as the models' errors here: the gradient of
  /// `logPosterior` vanishes there, and without jitter it would not.
  @Test func theModeKnowsTheJitter() async throws {
    let model = try ProcessMixingModel(
      data: Self.data(unit: 1, deviation: 0.05), kernel: .constant(1) * .rbf(0.5), jitter: 0.04)
    let fit = try await model.mode()
    #expect(fit.process.jitter == 0.04)
    let best = fit.process.kernel.freeParameters.map(\.value)
    for index in best.indices {
      var (up, down) = (best, best)
      up[index] *= 1.0001
      down[index] /= 1.0001
      let slope =
        try
        (model.logPosterior(of: up, given: model.hyperparameters)
        - model.logPosterior(of: down, given: model.hyperparameters)) / 2e-4
      #expect(abs(slope) < 1e-3, "\(index): \(slope)")
    }
  }

  /// One model, ten that agree exactly and are sure, one row: a density and a prediction.
  @Test func edges() async throws {
    for (models, deviation) in [(1, 0.1), (10, 0.1), (10, 0)] {
      let same = try ProcessMixingData(
        inputNames: ["x"],
        models: (0..<models).map { k in
          try CorrelatedPredictions(
            name: "m\(k)", inputs: [[0, 1]], means: [1, 2], standardDeviations: [deviation, deviation])
        })
      let model = try ProcessMixingModel(data: same, kernel: .constant(1) * .rbf(0.5))
      let found = try await model.predict(at: [[0, 50]], positions: [0.0, 0])
      #expect(abs(found.mean[0] - 1) < 0.05 && abs(found.mean[1]) < 1e-9, "far away there is the prior mean")
    }
    let row = try ProcessMixingData(
      inputNames: ["x"],
      models: [CorrelatedPredictions(name: "a", inputs: [[3]], means: [0], standardDeviations: [0.1])])
    let model = try ProcessMixingModel(data: row, kernel: .constant(1) * .rbf(1))
    #expect(model.logLikelihood(at: [0.0, 0].span).isFinite)
  }
}
