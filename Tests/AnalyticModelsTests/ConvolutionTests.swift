import Foundation
import Testing

@testable import AnalyticModels

@Suite struct ConvolutionTests {
  /// Values of erfcx to 15 digits (mpmath).
  @Test(arguments: [
    (0.0, 1.0), (1, 0.427583576155807), (5, 0.110704637733069), (11.9, 0.0472452324840877),
    (12.1, 0.046469607339835), (30, 0.0187958888614168), (1e5, 5.64189583519547e-6),
  ]) func scaledErrorFunction(_ x: Double, _ expected: Double) {
    #expect(abs(scaledComplementaryError(x) / expected - 1) < 1e-12)
  }

  /// Far out one factor is all: the narrow prior leaves the normal, ln N(u); the wide one leaves 1 / 2b at the estimate.
  @Test func limits() {
    let logRoot = 0.5 * log(2 * Double.pi)
    for u in [0.0, 3, 30] {
      // b → 0 with σ = 1: ∫ → N(u; 0, 1) (1 + O(b²)).
      let narrow = logNormalLaplace(u, 1e7, scale: 1e-7)
      #expect(abs(narrow - (-0.5 * u * u - logRoot)) < 1e-9 * (1 + u * u))
      let wide = logNormalLaplace(u, 1e-9, scale: 1e9)
      #expect(abs(wide + log(2e9)) < 1e-6)
    }
    #expect(logNormalLaplace(1e3, 1e3, scale: 1e-3).isFinite)
    #expect(logNormalLaplace(-1e4, 2, scale: 0.5) == logNormalLaplace(1e4, 2, scale: 0.5))
  }

  /// All successes or none at wide priors: half of the prior's mass is left, ln ½, less what the slope region takes.
  @Test func logisticEvidenceAtWidePriors() {
    let none = LogisticLikelihood(0, of: 10)
    let all = LogisticLikelihood(10, of: 10)
    for scale in [1e3, 1e4, 2e4] {
      let value = none.logEvidence(location: 0, scale: scale)
      #expect(abs(value - all.logEvidence(location: 0, scale: scale)) < 1e-9)
      #expect(abs(value - log(0.5)) < 6 / scale)
    }
    let narrow = none.logEvidence(location: 1, scale: 1e-6)
    #expect(abs(narrow - none.evaluate(at: 1).value) < 1e-9)
  }
}
