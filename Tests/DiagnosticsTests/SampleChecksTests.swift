import Diagnostics
import LogDensities
import Sampling
import Testing

@Suite struct SampleChecksTests {
  private func sample(divergent: Int = 0, depth: Int = 3, slowEnergy: Bool = false) -> PosteriorSample {
    var random = RandomStream(seed: 9, purpose: .test)
    let statistics = (0..<1000).map { index in
      DrawStatistics(
        logDensity: 0, acceptance: 0.8, stepSize: 0.1, treeDepth: depth, leapfrogSteps: 7,
        isDivergent: index < divergent, energy: slowEnergy ? Double(index) : random.normal())
    }
    return PosteriorSample(
      dimension: 1, chains: 4, drawsPerChain: 250, positions: statistics.indices.map { _ in random.normal() },
      statistics: statistics, gradientEvaluations: 7000)
  }

  private func quantity(_ sample: PosteriorSample, shift: Double = 0) -> SampleChecks.Quantity {
    var draws = sample.map { $0[0] }
    draws[0] = draws[0].map { $0 + shift }
    return SampleChecks.Quantity(name: "x", draws: draws)
  }

  @Test func aGoodSamplePasses() {
    let good = sample()
    let checks = SampleChecks(good, quantities: [quantity(good)])
    #expect(checks.passes, "\(checks.warnings)")
    #expect(checks.checks.map(\.name) == ["R-hat", "bulk ESS", "tail ESS", "divergences", "tree depth", "E-BFMI"])
    let others = SampleChecks(good, quantities: [quantity(good)], hasTrajectories: false).checks
    #expect(others == Array(checks.checks.prefix(3)), "of a sampler without trajectories")
  }

  @Test func eachSymptomHasItsSentence() {
    let cases: [(PosteriorSample, Double, String)] = [
      (sample(), 3, "R-hat"), (sample(divergent: 3), 0, "3 of 1000 transitions diverged"),
      (sample(depth: 10), 0, "cut off at tree depth 10"), (sample(slowEnergy: true), 0, "E-BFMI"),
    ]
    for (sample, shift, words) in cases {
      let checks = SampleChecks(sample, quantities: [quantity(sample, shift: shift)])
      #expect(checks.warnings.contains { $0.contains(words) }, "\(words): \(checks.warnings)")
    }
  }

  @Test func numbersForSentences() {
    #expect(decimalText(1.005, places: 3) == "1.005")
    #expect(decimalText(-0.5) == "−0.50")
    #expect(decimalText(0) == "0.00")
    #expect(decimalText(12.6, places: 0) == "13")
    #expect(decimalText(0.00012) == "1.2e-4")
    #expect(decimalText(.infinity) == "∞")
  }
}
