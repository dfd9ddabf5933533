import Foundation
import LogDensities
import Testing

@testable import Priors

@Suite struct CurvatureTests {
  @Test(arguments: members) func `the curvature is the score's finite difference, symmetric, far out too`(
    prior: ScalarPrior
  ) {
    let lanes = prior.movable
    for z in [-30, -2.3, -0.4, 0.001, 0.6, 1.9, 12] {
      let u = prior.extent.centre + z * min(1, prior.extent.reach / 40) * prior.extent.scale
      let curvature = prior.curvature(at: u)
      for row in lanes {
        for column in lanes {
          if prior.family == .laplace && row == 0 && column == 0 { continue }
          let unit = prior.family.hyperparameters[row] == .location ? prior.locationUnit : 1
          let numeric = derivative(2e-4 * unit) { step in
            var moved = prior.tuningValues
            moved[row] += step
            return ScalarPrior(prior.family, tuningValues: moved).score(at: u)[column]
          }
          let size = max(abs(numeric), abs(prior.score(at: u)[column]) / unit, prior.information[column] / unit)
          #expect(abs(curvature[row, column] - numeric) < 2e-6 * size, "(\(row), \(column)) at \(z)")
          #expect(curvature[row, column] == curvature[column, row])
        }
      }
    }
  }

  @Test(arguments: members) func `minus the curvature has the expected information for its mean`(prior: ScalarPrior) {
    for lane in prior.movable {
      let mean = -expectation(prior) { prior.curvature(at: $0)[lane, lane] }
      #expect(abs(mean - prior.information[lane]) < 3e-6 * prior.information[lane], "lane \(lane)")
    }
  }

  @Test func `an information that cancels is right where the asymptotic series takes over`() {
    // Around ν = 100 the mean curvature in ln ν is 7/(2ν²) to leading order; both branches keep their digits.
    for nu in [99.9, 100.1] {
      let prior = StudentT(location: 0, scale: 1, degreesOfFreedom: nu)
      let exact = prior.digammaExcessSlope
      let numeric = derivative(1e-2) { step in
        StudentT(location: 0, scale: 1, degreesOfFreedom: nu * exp(step)).digammaExcess
      }
      #expect(abs(exact - numeric) < 1e-7 * abs(exact))
    }
  }

  /// ∫ p(y | u(λ, ξ)) p(ξ) dξ differentiated under the integral: the posterior means of score and pathwise score agree, with
  /// a likelihood that is normal in u.
  @Test(arguments: members) func `pathwise scores have the posterior mean of the score`(prior: ScalarPrior) {
    let (centre, scale, _) = prior.extent
    func likelihood(_ u: Double) -> Double { exp(-0.5 * pow((u - centre) / scale - 0.4, 2)) }
    func slope(_ u: Double) -> Double { -((u - centre) / scale - 0.4) / scale }
    for (lane, kind) in prior.family.hyperparameters.enumerated() {
      let has = kind != .logShape && kind != .logDegreesOfFreedom && prior.family.support != nil
      #expect(prior.pathwiseDerivative(at: centre + 0.3 * scale)[lane].isNaN != has)
      guard has else { continue }
      let score = expectation(prior) { likelihood($0) * prior.score(at: $0)[lane] }
      let pathwise = expectation(prior) { u in
        let value = likelihood(u)
        return value > 0 ? value * slope(u) * prior.pathwiseDerivative(at: u)[lane] : 0
      }
      let size = expectation(prior) { likelihood($0) * abs(prior.score(at: $0)[lane]) }
      #expect(abs(score - pathwise) < 1e-5 * size, "lane \(lane): \(score) \(pathwise)")
    }
  }
}
