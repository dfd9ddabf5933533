import Foundation
import LogDensities
import NeuralNetworks
import Testing

@Suite struct NeuralNetworkPredictiveTests {
  private let network = NeuralNetworkArchitecture(features: 2, hiddenUnits: 3)

  private func positions(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .test)
    return (0..<count * network.dimension).map { _ in 0.6 * stream.normal() }
  }

  @Test(arguments: [nil, [-1, 2, -.infinity, 0.5, 0, 1, 700]] as [[Double]?])
  func `mixtures are those of plain Swift, draw by draw`(logWeights: [Double]?) throws {
    let rows = syntheticRows(70, seed: 1)
    let positions = positions(7, seed: 2)
    let predictive = try NeuralNetworkPredictive(network, positions: positions, logWeights: logWeights, rows: rows)
    #expect(predictive.draws == 7)
    let raw = (logWeights ?? [Double](repeating: 0, count: 7)).map { exp($0 - 700) * 1e300 }
    let weights = (logWeights == nil ? [Double](repeating: 1, count: 7) : raw)
    let total = weights.reduce(0, +)
    for (a, b) in zip(predictive.weights, weights) { #expect(abs(a - b / total) < 1e-14) }
    var visited: [Int] = []
    var seen: [[Double]] = []
    predictive.forEachRow {
      visited.append($0)
      seen.append(Array($1))
    }
    #expect(visited == Array(0..<70))
    let summaries = predictive.summaries
    #expect(predictive.logPredictiveDensity == summaries.map(\.logDensity))
    for row in 0..<70 {
      let means = predictive.componentMeans(row)
      #expect(means == seen[row])
      var (mean, square, density) = (0.0, 0.0, 0.0)
      for draw in 0..<7 {
        let q = Array(positions[draw * network.dimension..<(draw + 1) * network.dimension])
        let plain = plainMean(rows, row, network, q)
        let sigma = exp(q[network.logSigma])
        #expect(abs(means[draw] - plain) < 1e-13)
        #expect(predictive.standardDeviations[draw] == sigma)
        let weight = weights[draw] / total
        mean += weight * plain
        square += weight * (plain * plain + sigma * sigma)
        density += weight * exp(logNormalDensity(rows.response[row], plain, q[network.logSigma]))
      }
      #expect(abs(summaries[row].mean - mean) < 1e-13)
      #expect(abs(summaries[row].standardDeviation - (square - mean * mean).squareRoot()) < 1e-11)
      #expect(abs(summaries[row].logDensity - log(density)) < 1e-11)
    }
  }

  /// Each check is on 20,000 draws with limits of five standard errors: a false alarm in two million seeds, and the seed is
  /// fixed.
  @Test func `predictive draws have the mixture's mean and variance`() throws {
    let rows = syntheticRows(3, seed: 3)
    let predictive = try NeuralNetworkPredictive(network, positions: positions(20_000, seed: 4), rows: rows)
    var stream = RandomStream(seed: 5, purpose: .prediction)
    let draws = predictive.predictiveDraws(from: &stream)
    for (row, summary) in predictive.summaries.enumerated() {
      let means = predictive.componentMeans(row)
      let noise = zip(draws[row], means).map { $0 - $1 }
      let standardised = zip(noise, predictive.standardDeviations).map { $0 / $1 }
      let n = Double(standardised.count)
      #expect(abs(standardised.reduce(0, +) / n) < 5 / n.squareRoot())
      #expect(abs(standardised.reduce(0) { $0 + $1 * $1 } / n - 1) < 5 * (2 / n).squareRoot())
      #expect(abs(draws[row].reduce(0, +) / n - summary.mean) < 5 * summary.standardDeviation / n.squareRoot())
    }
  }

  @Test func `an outlier's log density does not underflow`() throws {
    var rows = syntheticRows(1, seed: 6)
    rows.response = [1e6]
    let predictive = try NeuralNetworkPredictive(network, positions: positions(5, seed: 7), rows: rows)
    #expect(predictive.logPredictiveDensity[0] < -1e9 && predictive.logPredictiveDensity[0].isFinite)
  }

  @Test func `mistakes are named`() throws {
    let rows = syntheticRows(4, seed: 8)
    let positions = positions(3, seed: 9)
    #expect(throws: ModelError.self) { try NeuralNetworkPredictive(network, positions: [], rows: rows) }
    #expect(throws: ModelError.self) {
      try NeuralNetworkPredictive(network, positions: Array(positions.dropLast()), rows: rows)
    }
    for weights in [[0, 0], [-.infinity, -.infinity, -.infinity], [0, .nan, 0], [0, .infinity, 0]] as [[Double]] {
      #expect(throws: ModelError.self) {
        try NeuralNetworkPredictive(network, positions: positions, logWeights: weights, rows: rows)
      }
    }
    let narrow = syntheticRows(4, features: 1, seed: 8)
    #expect(throws: ModelError.self) { try NeuralNetworkPredictive(network, positions: positions, rows: narrow) }
  }
}
