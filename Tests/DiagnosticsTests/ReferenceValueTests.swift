import Diagnostics
import Testing

/// Every diagnostic against ArviZ, on every kind of chain.
@Suite struct ReferenceValueTests {
  @Test func rHatAgreesWithArviZ() throws {
    for chain in try DiagnosticsFixture.read().chains {
      #expect(agrees(RHat.bulk(chain.draws), chain.rhatBulk), "\(chain.name)")
      #expect(agrees(RHat.folded(chain.draws), chain.rhatFolded), "\(chain.name)")
      #expect(RHat.rankNormalised(chain.draws) == max(RHat.bulk(chain.draws), RHat.folded(chain.draws)))
    }
  }

  @Test func effectiveSampleSizeAgreesWithArviZ() throws {
    let fixture = try DiagnosticsFixture.read()
    for chain in fixture.chains {
      #expect(agrees(EffectiveSampleSize.bulk(chain.draws), chain.essBulk), "\(chain.name)")
      #expect(agrees(EffectiveSampleSize.tail(chain.draws), chain.essTail), "\(chain.name)")
      #expect(agrees(EffectiveSampleSize.mean(chain.draws), chain.essMean), "\(chain.name)")
      for (p, expected) in zip(fixture.probabilities, chain.essQuantile) {
        #expect(agrees(EffectiveSampleSize.quantile(chain.draws, p), expected), "\(chain.name) at \(p)")
      }
    }
  }

  @Test func monteCarloErrorAgreesWithArviZ() throws {
    let fixture = try DiagnosticsFixture.read()
    for chain in fixture.chains {
      #expect(agrees(MonteCarloError.mean(chain.draws), chain.mcseMean), "\(chain.name)")
      #expect(agrees(MonteCarloError.standardDeviation(chain.draws), chain.mcseSD), "\(chain.name)")
      for (p, expected) in zip(fixture.probabilities, chain.mcseQuantile) {
        #expect(agrees(MonteCarloError.quantile(chain.draws, p), expected), "\(chain.name) at \(p)")
      }
    }
  }

  @Test func energyFractionAgreesWithArviZ() throws {
    for chain in try DiagnosticsFixture.read().chains {
      for (found, expected) in zip(EBFMI.perChain(energies: chain.draws), chain.bfmi) {
        #expect(agrees(found, expected), "\(chain.name)")
      }
    }
  }

  @Test func paretoSmoothingAgreesWithArviZ() throws {
    for reference in try DiagnosticsFixture.read().pareto {
      let smoothed = ParetoSmoothing(
        logWeights: reference.logRatios, relativeEfficiency: reference.relativeEfficiency)
      #expect(agrees(smoothed.khat, reference.khat), "\(reference.name)")
      for (found, expected) in zip(smoothed.logWeights, reference.logWeights) {
        #expect(agrees(found, expected), "\(reference.name)")
      }
    }
  }

  @Test func quantilesAgreeWithSciPy() throws {
    let fixture = try DiagnosticsFixture.read()
    for reference in fixture.normalQuantiles {
      #expect(abs(standardNormalQuantile(reference.p) - reference.value) <= 1e-14 * max(1, abs(reference.value)))
    }
  }
}
