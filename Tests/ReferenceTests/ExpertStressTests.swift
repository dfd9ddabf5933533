import Experts
import Foundation
import LogDensities
import Priors
import Testing

/// Sampled posteriors of all architectures keep the contract of a log density: finite or −∞, pure, with the right gradient,
/// at random and at absurd positions.
struct ExpertStressTests {
  private func rows(_ count: Int, expertFeatures: Int, gateFeatures: Int, scale: Double = 1) -> ExpertRows {
    var stream = RandomStream(seed: 41, chain: UInt32(count), purpose: .simulation)
    let x = (0..<count * expertFeatures).map { _ in scale * stream.normal() }
    let z = (0..<count * (gateFeatures - 1)).map { _ in scale * stream.normal() }
    return ExpertRows(
      expertNames: (0..<expertFeatures).map { "x\($0)" }, expertFeatures: x,
      gateNames: (0..<gateFeatures).map { "z\($0)" }, gateFeatures: [Double](repeating: 1, count: count) + z,
      response: (0..<count).map { _ in stream.normal() })
  }

  @Test(arguments: Combination.allCases, [1, 2, 3, 5])
  func posteriorsKeepTheirContract(combination: Combination, experts: Int) throws {
    for (count, n, g) in [(1, 0, 1), (17, 1, 2), (40, 3, 2)] {
      let model = try ExpertModel(combination, experts: experts, data: rows(count, expertFeatures: n, gateFeatures: g))
      var stream = RandomStream(seed: 42, purpose: .test)
      let lambda = model.hyperparameters
      for density in [try model.posterior(given: lambda), try model.smoothedPosterior(given: lambda)] {
        let findings = StressTest().run(density, stream: &stream)
        #expect(findings.isEmpty, "\(findings.prefix(3))")
      }
    }
  }

  /// All other families of priors, and features of size 1000.
  @Test(arguments: Combination.allCases)
  func otherPriorsAndLargeFeatures(combination: Combination) throws {
    for (noise, coefficient) in [
      (ScalarPrior.halfCauchy(HalfCauchy(scale: 1)), ScalarPrior.normal(location: 0.1, scale: 2)),
      (.halfNormal(HalfNormal(scale: 2)), .laplace(location: -1, scale: 0.1)),
      (.gamma(Gamma(shape: 2, rate: 3)), .studentT(StudentT(location: 0, scale: 1, degreesOfFreedom: 4))),
      (.exponential(Exponential(rate: 1)), .normal(location: 0, scale: 1e-3)),
    ] {
      var priors = ExpertPriors()
      for block in ExpertBlock.allCases { priors[block] = block == .noise ? noise : coefficient }
      let model = try ExpertModel(
        combination, experts: 2, data: rows(12, expertFeatures: 2, gateFeatures: 2, scale: 1000), priors: priors)
      var stream = RandomStream(seed: 43, purpose: .test)
      var stress = StressTest()
      stress.scales = [0.01, 0.1, 1]
      let findings = stress.run(try model.posterior(given: model.hyperparameters), stream: &stream)
      #expect(findings.isEmpty, "\(findings.prefix(3))")
    }
  }
}
