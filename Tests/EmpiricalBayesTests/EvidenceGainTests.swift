import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@Suite struct EvidenceGainTests {
  private let model = GaussianHierarchy.simulated(groups: 10, location: 0.5, scale: 1.2, noise: 0.8, seed: 4)

  private func gain(
    from start: [Double], to end: [Double], seed: Int, correlation: Double
  ) async throws -> (gain: EvidenceGain?, exact: Double) {
    let loop = try TuningLoop(
      model: model, sampler: NormalSampler(seed: UInt64(seed), correlation: correlation), objective: Objective(),
      schedule: CatalogueSchedule(.pooledNewton), stopping: ExpectedRegret(iterations: 1))
    let (here, there) = (model.hyperparameters.moved(to: start), model.hyperparameters.moved(to: end))
    let posterior = try await loop.posterior(at: here, by: loop.sampler, plan: plan(draws: 100))
    return (
      try await loop.evidenceGain(at: here, over: there, from: posterior),
      model.logEvidence(at: here) - model.logEvidence(at: there)
    )
  }

  /// 100 repetitions of chains that persist, over a way of several stages: sd of the z-scores within 0.75 and 1.25, where for 100
  /// true z-scores it lies in all but one of 2000 runs.
  @Test(arguments: [0.0, 0.5])
  func errorsAreCalibrated(correlation: Double) async throws {
    var (z, stages): ([Double], Set<Int>) = ([], [])
    for seed in 1...100 {
      let (found, exact) = try await gain(from: [0.5, 0.2], to: [2, -1], seed: seed, correlation: correlation)
      let gain = try #require(found)
      #expect(gain.isCertain)
      stages.insert(gain.stages)
      z.append((gain.estimate.value - exact) / gain.estimate.standardError)
    }
    let deviation = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count)).squareRoot()
    #expect(deviation > 0.75 && deviation < 1.25, "\(deviation)")
    #expect(stages.allSatisfy { $0 > 2 }, "\(stages)")
  }

  /// There and back again are the same way.
  @Test func bothDirections() async throws {
    let there = try #require(try await gain(from: [0.5, 0.2], to: [2, -1], seed: 1, correlation: 0).gain)
    let back = try #require(try await gain(from: [2, -1], to: [0.5, 0.2], seed: 2, correlation: 0).gain)
    let error = (pow(there.estimate.standardError, 2) + pow(back.estimate.standardError, 2)).squareRoot()
    #expect(abs(there.estimate.value + back.estimate.value) < 4.5 * error)
  }

  /// No way at all is no gain, and one that is too long is none that is known.
  @Test func theEnds() async throws {
    let none = try #require(try await gain(from: [1, 0], to: [1, 0], seed: 1, correlation: 0).gain)
    #expect(none.estimate == Estimate(value: 0, standardError: 0) && none.gradientEvaluations == 0)
    #expect(try await gain(from: [0, -6], to: [400, -6], seed: 1, correlation: 0).gain == nil)
  }
}
