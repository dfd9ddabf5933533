import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@Suite struct EntropyPenaltyTests {
  @Test func entropyByHand() {
    #expect(EntropyPenalty.normalisedEntropy([0.25, 0.25, 0.25, 0.25]) == 1)
    #expect(abs(EntropyPenalty.normalisedEntropy([0.5, 0.25, 0.25]) - 1.5 / log2(3)) < 1e-15)
    #expect(EntropyPenalty.normalisedEntropy([1, 0]) == 0)
    #expect(EntropyPenalty.normalisedEntropy([1 + 2 * Double.ulpOfOne, 0]) == 0)
    #expect(EntropyPenalty.normalisedEntropy([1]) == 0)
  }

  /// Logits of 800 leave one expert with a share of exactly 0: estimates stay finite, and the collapse is counted.
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
    #expect(entropy.value < -177 && entropy.value > -178)
    #expect(
      (found.gradient + [found.surrogate, entropy]).allSatisfy { $0.value.isFinite && $0.standardError.isFinite })
  }
}
