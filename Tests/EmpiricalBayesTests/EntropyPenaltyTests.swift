import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@Suite struct EntropyPenaltyTests {
  /// Logits of 800 and 900 leave one expert with a share below the least double: it counts with its own ln Hent, estimates
  /// stay finite, and the collapse is counted.
  @Test func collapsedDrawsAreCountedAndFinite() throws {
    var model = GaussianHierarchy(y: [0.3], noise: [1])
    model.allocates = true
    let record = DrawStatistics(
      logDensity: 0, acceptance: 1, stepSize: 1, treeDepth: 1, leapfrogSteps: 1, isDivergent: false, energy: 0)
    let sample = PosteriorSample(
      dimension: 1, chains: 2, drawsPerChain: 4, positions: [0, 800, 1, -1, 0.5, 2, -2, 900],
      statistics: Array(repeating: record, count: 8), gradientEvaluations: 0)
    let found = try Objective(entropyWeight: 1).estimate(
      WeightedSample(sample), of: model, at: model.hyperparameters)
    #expect(found.collapsedDraws == 2)
    let entropy = try #require(found.entropy)
    let expected = sample.positions.reduce(0) { $0 + logEntropy(ofLogit: $1) } / 8
    #expect(abs(entropy.value - expected) < 1e-10 && expected < -200, "a floor at −708 would give −177")
    #expect(
      (found.gradient + [found.surrogate, entropy]).allSatisfy { $0.value.isFinite && $0.standardError.isFinite })
  }

  /// A position without scale has ln Hent = −∞; one draw of it does not spoil all estimates.
  @Test func infinitelyCollapsedDrawsStayFinite() throws {
    var model = GaussianHierarchy(y: [0.3], noise: [1])
    model.allocates = true
    let record = DrawStatistics(
      logDensity: 0, acceptance: 1, stepSize: 1, treeDepth: 1, leapfrogSteps: 1, isDivergent: false, energy: 0)
    let sample = PosteriorSample(
      dimension: 1, chains: 1, drawsPerChain: 5, positions: [0, 1e20, 1, -1, 0.5],
      statistics: Array(repeating: record, count: 5), gradientEvaluations: 0)
    let found = try Objective(entropyWeight: 1).estimate(WeightedSample(sample), of: model, at: model.hyperparameters)
    #expect(found.collapsedDraws == 1)
    #expect(try #require(found.entropy).value > -2.1e5)
  }
}
