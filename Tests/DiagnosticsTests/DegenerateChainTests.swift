import Diagnostics
import LogDensities
import Testing

/// Chains on which the formulas divide by zero: every diagnostic still has a value, and never NaN.
@Suite struct DegenerateChainTests {
  let constant = [[Double]](repeating: [Double](repeating: 2.5, count: 20), count: 4)
  let stuck = (0..<4).map { [Double](repeating: Double($0), count: 20) }

  @Test func constantChainsAgreeAndCountInFull() {
    #expect(RHat.rankNormalised(constant) == 1)
    #expect(EffectiveSampleSize.bulk(constant) == 80)
    #expect(EffectiveSampleSize.tail(constant) == 80)
    #expect(MonteCarloError.mean(constant) == 0)
    #expect(MonteCarloError.standardDeviation(constant) == 0)
    #expect(MonteCarloError.quantile(constant, 0.5) == 0)
    #expect(EBFMI.perChain(energies: constant) == [0, 0, 0, 0])
  }

  @Test func chainsStuckApartNeverAgree() {
    #expect(RHat.bulk(stuck) == .infinity)
    #expect(EffectiveSampleSize.bulk(stuck) < 8)
    #expect(MonteCarloError.mean(stuck) > 0.3)
  }

  @Test func tooFewDrawsCannotBeJudged() {
    let three = [[1.0, 2, 3], [2.0, 3, 1]]
    #expect(RHat.rankNormalised(three) == .infinity)
    #expect(EffectiveSampleSize.bulk(three) == 2)
    #expect(MonteCarloError.mean(three).isFinite)
    #expect(EffectiveSampleSize.mean([[], []]) == 0)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func drawsThatAreNotFiniteAreNoDraws(_ bad: Double) {
    var chains = constant
    chains[1][3] = bad
    #expect(RHat.rankNormalised(chains) == .infinity)
    #expect(EffectiveSampleSize.bulk(chains) == 0)
    #expect(EffectiveSampleSize.quantile(chains, 0.1) == 0)
    #expect(MonteCarloError.mean(chains) == .infinity)
    #expect(MonteCarloError.quantile(chains, 0.1) == .infinity)
  }

  @Test func twoValuedChainsWithoutSpreadDifferences() {
    // Distances from the median are all equal: the folded R-hat has nothing to judge.
    var random = RandomStream(seed: 5, purpose: .test)
    let coins = (0..<4).map { _ in (0..<50).map { _ in random.uniform() < 0.5 ? -1.0 : 1.0 } }
    let balanced = coins.map { chain in
      chain.enumerated().map { $0.offset % 2 == 0 ? $0.element : -chain[$0.offset - 1] }
    }
    #expect(RHat.folded(balanced) == 1)
    #expect(RHat.bulk(balanced).isFinite)
  }
}
