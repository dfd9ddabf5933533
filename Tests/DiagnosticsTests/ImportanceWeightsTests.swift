import Diagnostics
import Foundation
import LogDensities
import Testing

@Suite struct ImportanceWeightsTests {
  @Test func weightsByHand() {
    let weights = ImportanceWeights(logWeights: [1000, 1000 + log(3), -.infinity])
    #expect(zip(weights.values, [0.25, 0.75, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(abs(weights.effectiveSampleSize - 1.6) < 1e-12)
    #expect(abs(weights.mean([[2, 6, .infinity]]) - 5) < 1e-12)
  }

  @Test func noPositiveWeightIsEqualWeights() {
    #expect(ImportanceWeights(logWeights: [-.infinity, -.infinity]).values == [0.5, 0.5])
  }

  @Test func equalWeightsGiveThePlainError() {
    var random = RandomStream(seed: 3, purpose: .test)
    let chains = (0..<4).map { _ in (0..<100).map { _ in random.normal() } }
    let weights = [Double](repeating: 1.0 / 400, count: 400)
    let plain = MonteCarloError.mean(chains)
    #expect(abs(MonteCarloError.weightedMean(chains, weights: weights) - plain) < 1e-12)
  }

  /// Self-normalised importance sampling of E[x] under N(0.5, 1) from N(0, 1): z-scores of 400 repetitions have standard
  /// deviation 1; its standard error is 0.036, so 1 ± 0.15 fails by chance once in 30,000.
  @Test func weightedErrorIsCalibrated() {
    let scores = (0..<400).map { repetition in
      var random = RandomStream(seed: 71, iteration: UInt32(repetition), purpose: .test)
      let chains = (0..<4).map { _ in (0..<100).map { _ in random.normal() } }
      let weights = ImportanceWeights(logWeights: chains.flatMap { $0 }.map { 0.5 * $0 })
      return (weights.mean(chains) - 0.5) / MonteCarloError.weightedMean(chains, weights: weights.values)
    }
    let spread = (scores.reduce(0) { $0 + $1 * $1 } / 400).squareRoot()
    #expect(abs(spread - 1) < 0.15, "\(spread)")
  }
}
