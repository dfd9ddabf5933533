import Foundation
import LogDensities
import Testing

@testable import Experts

private func mixture(_ components: [(weight: Double, mean: Double, deviation: Double)]) -> PredictiveMixture {
  PredictiveMixture(
    weights: components.map(\.weight), means: components.map(\.mean),
    standardDeviations: components.map(\.deviation))
}

@Suite struct PredictiveMixtureTests {
  @Test(arguments: InstructionSet.available) func `the normal distribution function to a few units`(
    set: InstructionSet
  ) {
    let normal = PredictiveMixture(
      weights: [1], means: [0], standardDeviations: [1], instructionSet: set)
    for z in stride(from: -37.0, through: 37, by: 0.0173) {
      let expected = 0.5 * erfc(-z * 0.5.squareRoot())
      // z²/2 has a rounding error of its own, which the exponential makes relative.
      let tolerance = 1e-15 + 2.3e-16 * z * z
      let value = normal.distributions(at: [z])[0]
      #expect(abs(value.below / expected - 1) < tolerance)
      #expect(abs(value.above / (0.5 * erfc(z * 0.5.squareRoot())) - 1) < tolerance)
      #expect(abs(value.slope + z * value.density) <= 1e-15 * value.density * abs(z))
    }
  }

  @Test(arguments: InstructionSet.available) func `every quantity is the scalar oracle's`(set: InstructionSet) {
    for (draws, experts) in [(1, 1), (1, 3), (3, 1), (7, 2), (333, 3), (1500, 2), (1100, 1)] {
      let mixture = randomMixture(draws: draws, experts: experts, seed: UInt64(draws), instructions: set)
      let oracle = ScalarMixture(mixture)
      let spread = oracle.standardDeviation
      #expect(abs(mixture.mean - oracle.mean) < 1e-14 * (1 + spread))
      #expect(abs(mixture.standardDeviation / spread - 1) < 1e-13)
      for y in [-40, -3, -0.7, 0, 0.2, 1.5, 6, 100].map({ oracle.mean + $0 * spread }) {
        let expected = oracle.logDensity(at: y)
        #expect(abs(mixture.logDensity(at: y) - expected) < 1e-12 * max(1, abs(expected)))
        let (below, density) = oracle.distribution(at: y)
        let found = mixture.distribution(at: y)
        #expect(abs(found.probability - below) < 1e-14 && abs(found.density - density) < 1e-12 * (density + 1e-290))
        let terms = mixture.densityByDraw(at: y)
        #expect(terms.count == draws && abs(terms.reduce(0, +) - density) < 1e-12 * (density + 1e-290))
      }
      let probabilities = [1e-6, 0.025, 0.3, 0.5, 0.975, 0.9999]
      for (p, found) in zip(probabilities, mixture.quantiles(probabilities)) {
        #expect(abs(found - oracle.quantile(p)) < 1e-9 * spread)
      }
    }
  }

  @Test func `the CRPS is the closed form over pairs, by quadrature too`() {
    // (1300, 3) has 3900 components, more than the quadrature has nodes; (2, 3) takes the pairs.
    for (draws, experts, jitter) in [(2, 3, 0.1), (1300, 3, 0.1), (1300, 1, 2.0), (900, 2, 0.0)] {
      let mixture = randomMixture(draws: draws, experts: experts, seed: 5, jitter: jitter)
      let oracle = ScalarMixture(mixture)
      let half = oracle.halfMeanDifference
      for z in [-3, -0.4, 0, 1.0, 8] {
        let y = oracle.mean + z * oracle.standardDeviation
        #expect(abs(mixture.crps(at: y) / (oracle.meanDistance(to: y) - half) - 1) < 1e-7)
      }
    }
  }

  @Test func `the CRPS of one Gaussian is known`() {
    // Gneiting and Raftery 2007, equation 5 with the sign changed.
    let many = PredictiveMixture(
      weights: [Double](repeating: 1e-3, count: 1000), means: [Double](repeating: 2, count: 1000),
      standardDeviations: [Double](repeating: 0.3, count: 1000))
    for z in [-4, -1, 0, 0.5, 3.0] {
      let bell = exp(-0.5 * z * z) / (2 * .pi).squareRoot()
      let expected = 0.3 * (z * erf(z * 0.5.squareRoot()) + 2 * bell - 1 / Double.pi.squareRoot())
      #expect(abs(mixture([(1, 2, 0.3)]).crps(at: 2 + 0.3 * z) - expected) < 1e-14)
      #expect(abs(many.crps(at: 2 + 0.3 * z) / expected - 1) < 1e-7)
    }
  }

  @Test func `narrow beside wide components cost no accuracy`() {
    // The narrow ones have a ten-thousandth of the width: the quadrature gives way to the pairs, and steps stay safe.
    var parts: [(weight: Double, mean: Double, deviation: Double)] = []
    for i in 0..<600 { parts.append((1e-3, -1 + 1e-3 * Double(i), 1)) }
    for i in 0..<400 { parts.append((1e-3, 0.5 + 1e-6 * Double(i), 1e-4)) }
    let mixture = mixture(parts)
    let oracle = ScalarMixture(mixture)
    let half = oracle.halfMeanDifference
    for y in [-1, 0.5, 0.5002, 2] {
      #expect(abs(mixture.crps(at: y) / (oracle.meanDistance(to: y) - half) - 1) < 1e-7)
    }
    for p in [0.01, 0.5, 0.6, 0.7, 0.9] {
      #expect(abs(oracle.distribution(at: mixture.quantile(p)).below - p) < 1e-11)
    }
  }

  @Test func `spikes far narrower than the whole do not stop a search`() {
    // At the spike's mean, where the search starts, Newton's step is far below 1e-10 of the spread; the answer is not there.
    let mixture = mixture([(0.45, -1, 0.3), (0.1, 0, 1e-13), (0.45, 1, 0.3)])
    for p in [0.1, 0.3, 0.7, 0.9] {
      let y = mixture.quantile(p)
      #expect(abs(ScalarMixture(mixture).distribution(at: y).below - p) < 1e-12)
    }
    #expect(abs(mixture.quantile(0.5)) < 1e-12)
  }

  @Test func `a flat valley at the quantile`() {
    let gap = mixture([(0.4, -2, 0.01), (0.6, 3, 0.01)])
    let y = gap.quantile(0.4)
    #expect(y > -1.95 && y < 2.95)
    #expect(abs(gap.quantile(0.4 - 1e-9) - (-2 + 0.01 * 5.9)) < 0.003 && gap.quantile(0.4 + 1e-9) > 2.9)
    #expect(abs(gap.quantile(0.2) + 2) < 1e-12)
    let far = mixture([(0.5, -1e6, 1e-6), (0.5, 1e6, 1e-6)])
    #expect(abs(far.quantile(0.25) + 1e6) < 1e-9 && abs(far.quantile(0.75) - 1e6) < 1e-9)
  }

  @Test func `extremes are finite or exact`() {
    let point = mixture([(1, 3, 1e-200)])
    #expect(point.quantiles([0.025, 0.975]) == [3, 3] && abs(point.crps(at: 5) - 2) < 1e-14)
    #expect(point.distribution(at: 2.9).probability == 0 && point.distribution(at: 3.1).probability == 1)
    #expect(abs(point.logDensity(at: 3) - (200 * log(10) - 0.5 * log(2 * .pi))) < 1e-9)
    #expect(point.logDensity(at: 4) == -.infinity)
    let wide = mixture([(0.5, 0, 1e-3), (0.5, 0, 1e3)])
    #expect(abs(wide.logDensity(at: 1e8) / -5e9 - 1) < 1e-7)
    #expect(wide.logDensity(at: 1e200) == -.infinity && wide.logDensity(at: .infinity) == -.infinity)
    #expect(wide.logDensity(at: .nan).isNaN && wide.crps(at: .nan).isNaN && wide.crps(at: .infinity) == .infinity)
    #expect(wide.distribution(at: .infinity).probability == 1 && wide.distribution(at: -.infinity).probability == 0)
    let one = mixture([(0, 1e9, 1e-9), (1, 2, 0.5), (0, -7, 100)])
    #expect(abs(one.quantile(0.975) - (2 + 0.5 * 1.959963984540054)) < 1e-12)
    #expect(abs(one.crps(at: 2.3) - mixture([(1, 2, 0.5)]).crps(at: 2.3)) < 1e-14)
    #expect(abs(one.logDensity(at: 2.3) - mixture([(1, 2, 0.5)]).logDensity(at: 2.3)) < 1e-14)
    let huge = mixture([(1, 1e15, 1e-3)])
    #expect(abs(huge.quantile(0.975) - 1e15) <= 0.25)
  }
}

@Suite struct WeightedSelectionTests {
  @Test func `selection is sorting`() {
    var stream = RandomStream(seed: 71, purpose: .test)
    var selection = WeightedSelection()
    for count in [1, 2, 3, 10, 257, 1000] {
      // Ties and weights of zero occur.
      let values = (0..<count).map { _ in (stream.normal() * 20).rounded() }
      let raw = (0..<count).map { $0 % 7 == 3 ? 0 : stream.openUniform() }
      let weights = raw.map { $0 / raw.reduce(0, +) }
      for p in [0.001, 0.025, 0.31, 0.5, 0.975, 0.999] {
        var sum = 0.0
        let order = values.indices.sorted { values[$0] < values[$1] }
        let expected = order.first {
          sum += weights[$0]; return sum >= p
        }.map { values[$0] }
        #expect(selection.quantile(p, of: values, weights: weights) == expected)
      }
    }
    let equal = [Double](repeating: 1.0 / 4000, count: 4000)
    let ranks = (0..<4000).map { Double(($0 * 1237) % 4000 + 1) }
    #expect(selection.quantile(0.025, of: ranks, weights: equal) == 100)
    #expect(selection.quantile(0.975, of: ranks, weights: equal) == 3900)
  }
}
