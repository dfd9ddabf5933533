import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@Suite struct EvidenceDifferenceTests {
  private let model = GaussianHierarchy.simulated(groups: 10, location: 0.5, scale: 1.2, noise: 0.8, seed: 4)

  private func batch(_ free: [Double], seed: Int, correlation: Double) async throws -> (
    draws: WeightedSample, lambda: Hyperparameters
  ) {
    let lambda = model.hyperparameters.moved(to: free)
    let sampler = NormalSampler(seed: UInt64(seed), correlation: correlation)
    let (sample, _) = try await sampler.sample(
      model.posterior(given: lambda), from: nil, plan: plan(draws: 60), iteration: UInt32(abs(free[0] * 100)))
    return (WeightedSample(sample), lambda)
  }

  /// Three λ, 100 repetitions of autocorrelated chains against exact differences: sd of 200 z-scores within 0.8 and 1.2, where for
  /// true z-scores (two a repetition, correlated) it lies in all but one of 2000 runs.
  @Test(arguments: [0.0, 0.5])
  func errorsAreCalibrated(correlation: Double) async throws {
    var z: [Double] = []
    for seed in 1...100 {
      let batches = try await [
        batch([0, 0], seed: seed, correlation: correlation), batch([0.3, 0.3], seed: seed, correlation: correlation),
        batch([0.5, -0.3], seed: seed, correlation: correlation),
      ]
      let result = try EvidenceDifference.estimate(batches: batches, of: model)
      #expect(result.logEvidence[0] == Estimate(value: 0, standardError: 0))
      #expect(result.overlap > 10)
      for index in 1...2 {
        let exact = model.logEvidence(at: batches[index].lambda) - model.logEvidence(at: batches[0].lambda)
        z.append((result.logEvidence[index].value - exact) / result.logEvidence[index].standardError)
      }
    }
    let deviation = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count)).squareRoot()
    #expect(deviation > 0.8 && deviation < 1.2, "\(deviation)")
  }

  /// Priors that have nothing in common: the difference rests on no draws, and that is said.
  @Test func farApart() async throws {
    let batches = try await [
      batch([0, -4], seed: 1, correlation: 0), batch([6, -4], seed: 1, correlation: 0),
    ]
    let result = try? EvidenceDifference.estimate(batches: batches, of: model)
    #expect((result?.overlap ?? 0) < 1e-6)
  }

  @Test func nothingToCompare() {
    #expect(throws: EvidenceError.self) { try EvidenceDifference.estimate(batches: [], of: model) }
  }
}
