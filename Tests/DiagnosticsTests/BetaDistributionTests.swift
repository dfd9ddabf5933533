import Testing

@testable import Diagnostics

@Test func betaQuantilesAgreeWithSciPy() throws {
  for reference in try DiagnosticsFixture.read().betaQuantiles {
    let beta = BetaDistribution(alpha: reference.alpha, beta: reference.beta)
    #expect(agrees(beta.quantile(reference.p), reference.value, tolerance: 1e-11))
    #expect(agrees(beta.cumulative(reference.value), reference.p, tolerance: 1e-11))
  }
}
