import Foundation
import LogDensities
import Testing

@testable import Experts

private func normalLogDensity(_ y: Double, _ mean: Double, _ sd: Double) -> Double {
  -0.5 * pow((y - mean) / sd, 2) - log(sd) - 0.5 * log(2 * .pi)
}

@Suite struct PosteriorPredictiveTests {
  @Test(arguments: Combination.allCases) func `one expert, one draw: a Gaussian`(combination: Combination) throws {
    let rows = syntheticRows(7, seed: 31)
    let shape = ExpertArchitecture(combination: combination, experts: 1, expertFeatures: 1, gateFeatures: 2)
    var q = [Double](repeating: 0.4, count: shape.dimension)
    (q[0], q[1]) = (0.5, -1.5)
    q[shape.logSigmas.lowerBound] = log(0.7)
    let predictive = try PosteriorPredictive(shape, positions: q, rows: rows)
    let summaries = predictive.summaries(probabilities: [0.025, 0.5, 0.975, 1e-6])
    for (index, summary) in summaries.enumerated() {
      let mean = 0.5 - 1.5 * rows.expertRow(index)[0]
      #expect(abs(summary.mean - mean) < 1e-12 && abs(summary.standardDeviation - 0.7) < 1e-12)
      #expect(abs(summary.logDensity - normalLogDensity(rows.response[index], mean, 0.7)) < 1e-11)
      // Normal quantiles: scipy.stats.norm.ppf.
      for (found, z) in zip(summary.quantiles, [-1.959963984540054, 0, 1.959963984540054, -4.753424308822899]) {
        #expect(abs(found - mean - 0.7 * z) < 1e-8)
      }
      #expect(summary.allocation == [.init(mean: 1, lower: 1, upper: 1)])
    }
  }

  @Test func `one expert, many draws: the mean of Gaussians`() throws {
    let rows = syntheticRows(3, seed: 32)
    let shape = ExpertArchitecture(combination: .moe, experts: 1, expertFeatures: 1, gateFeatures: 2)
    var stream = RandomStream(seed: 33, purpose: .test)
    let draws = 500
    let positions = (0..<draws * 3).map { _ in 0.3 * stream.normal() }
    let logWeights = (0..<draws).map { _ in stream.normal() - 1000 }
    let predictive = try PosteriorPredictive(shape, positions: positions, logWeights: logWeights, rows: rows)
    let total = logWeights.reduce(0) { $0 + exp($1 + 1000) }
    for (row, summary) in predictive.summaries(probabilities: [0.1]).enumerated() {
      let x = rows.expertRow(row)[0]
      let w = logWeights.map { exp($0 + 1000) / total }
      let means = (0..<draws).map { positions[3 * $0] + positions[3 * $0 + 1] * x }
      let sds = (0..<draws).map { exp(positions[3 * $0 + 2]) }
      let mean = zip(w, means).reduce(0) { $0 + $1.0 * $1.1 }
      let second = w.indices.reduce(0) { $0 + w[$1] * (sds[$1] * sds[$1] + means[$1] * means[$1]) }
      #expect(abs(summary.mean - mean) < 1e-12)
      #expect(abs(summary.standardDeviation - (second - mean * mean).squareRoot()) < 1e-10)
      let density = w.indices.reduce(0) { $0 + w[$1] * exp(normalLogDensity(rows.response[row], means[$1], sds[$1])) }
      #expect(abs(summary.logDensity - log(density)) < 1e-11)
      let below = w.indices.reduce(0) {
        $0 + w[$1] * 0.5 * erfc(-(summary.quantiles[0] - means[$1]) / sds[$1] / 2.0.squareRoot())
      }
      #expect(abs(below - 0.1) < 1e-9)
    }
  }

  @Test(arguments: Combination.allCases) func `the density is the likelihood's, averaged over draws`(
    combination: Combination
  ) throws {
    let rows = syntheticRows(150, seed: 34)
    let model = try ExpertModel(combination, experts: 3, data: rows)
    var stream = RandomStream(seed: 35, purpose: .test)
    let draws = 20
    let positions = (0..<draws * model.dimension).map { _ in 0.8 * stream.normal() }
    let predictive = try PosteriorPredictive(model.architecture, positions: positions, rows: rows)
    var pointwise: [[Double]] = []
    for draw in 0..<draws {
      var values = [Double](repeating: 0, count: rows.count)
      var span = values.mutableSpan
      let position = Array(positions[draw * model.dimension..<(draw + 1) * model.dimension])
      model.pointwiseLogLikelihood(at: position.span, into: &span)
      pointwise.append(values)
    }
    let found = predictive.logPredictiveDensity
    #expect(found.count == rows.count)
    for row in 0..<rows.count {
      let expected = logSumExp(pointwise.map { $0[row] }) - log(Double(draws))
      #expect(abs(found[row] - expected) < 1e-10 * max(1, abs(expected)))
    }
    for summary in predictive.summaries() {
      #expect(abs(summary.allocation.reduce(0) { $0 + $1.mean } - 1) < 1e-12)
      #expect(summary.allocation.allSatisfy { $0.lower <= $0.mean && $0.mean <= $0.upper })
      #expect(summary.quantiles == summary.quantiles.sorted())
      switch combination {
      case .moe: #expect(summary.collaboration == .init(mean: 0, lower: 0, upper: 0))
      case .boe: #expect(abs(summary.collaboration.mean - 1) < 1e-12)
      case .cocoafuse: #expect(summary.collaboration.lower > 0 && summary.collaboration.upper < 1)
      }
    }
  }

  /// Example 1 of the paper: N(−2, 0.4) and N(3, 0.7) with weights (0.4, 0.6) blend to mean 1 and variance 179/500.
  @Test func `Example 1 blends to its closed form`() throws {
    let rows = ExpertRows(expertNames: [], expertFeatures: [], gateNames: ["bias"], gateFeatures: [1], response: [0])
    let shape = ExpertArchitecture(combination: .boe, experts: 2, expertFeatures: 0, gateFeatures: 1)
    let q = [-2, 3, log(0.4 / 0.6), log(0.4), log(0.7)]
    let blend = try PosteriorPredictive(shape, positions: q, rows: rows).summaries()[0]
    #expect(abs(blend.mean - 1) < 1e-14)
    #expect(abs(blend.standardDeviation - (179.0 / 500).squareRoot()) < 1e-14)
    let mixture = ExpertArchitecture(combination: .moe, experts: 2, expertFeatures: 0, gateFeatures: 1)
    let mix = try PosteriorPredictive(mixture, positions: q, rows: rows).summaries(probabilities: [0.4])[0]
    #expect(abs(mix.mean - 1) < 1e-14)
    // Between the two modes the distribution function is flat at 0.4; any point of the gap will do.
    #expect(mix.quantiles[0] > -1 && mix.quantiles[0] < 1.5)
  }

  @Test func `predictive draws follow the mixture`() throws {
    // 20,000 draws of 2 rows; mean and sd at 5 standard errors: false alarms in 1 of 400,000 runs.
    let rows = syntheticRows(2, seed: 36)
    let model = try ExpertModel(.cocoafuse, experts: 2, data: rows)
    var stream = RandomStream(seed: 37, purpose: .test)
    let one = (0..<model.dimension).map { _ in 0.5 * stream.normal() }
    let draws = 20_000
    let positions = (0..<draws).flatMap { _ in one }
    let predictive = try PosteriorPredictive(model.architecture, positions: positions, rows: rows)
    var mixtures: [PredictiveMixture] = []
    try PosteriorPredictive(model.architecture, positions: one, rows: rows).forEachMixture { mixtures.append($1) }
    var prediction = RandomStream(seed: 38, purpose: .prediction)
    for (values, mixture) in zip(predictive.predictiveDraws(from: &prediction), mixtures) {
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let sd = mixture.standardDeviation
      #expect(abs(mean - mixture.mean) < 5 * sd / n.squareRoot())
      let median = mixture.quantile(0.5)
      let below = Double(values.filter { $0 < median }.count) / n
      #expect(abs(below - 0.5) < 5 * 0.5 / n.squareRoot())
    }
    var again = RandomStream(seed: 38, purpose: .prediction)
    #expect(predictive.predictiveDraws(from: &again)[1][7].isFinite && again == prediction)
  }

  @Test func `what does not fit is refused`() throws {
    let rows = syntheticRows(4, seed: 39)
    let shape = ExpertArchitecture(combination: .moe, experts: 2, expertFeatures: 1, gateFeatures: 2)
    let q = [Double](repeating: 0, count: shape.dimension)
    let other = ExpertArchitecture(combination: .moe, experts: 2, expertFeatures: 2, gateFeatures: 2)
    #expect(throws: ModelError.self) { try PosteriorPredictive(other, positions: q, rows: rows) }
    #expect(throws: ModelError.self) { try PosteriorPredictive(shape, positions: [], rows: rows) }
    #expect(throws: ModelError.self) { try PosteriorPredictive(shape, positions: q + [1], rows: rows) }
    #expect(throws: ModelError.self) {
      try PosteriorPredictive(shape, positions: q, logWeights: [-.infinity], rows: rows)
    }
  }
}
