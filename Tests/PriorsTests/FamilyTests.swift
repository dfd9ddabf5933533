import Foundation
import LogDensities
import Testing

@testable import Priors

/// Members of every family, ordinary and extreme.
let members: [ScalarPrior] = [
  .laplace(location: 0.3, scale: 1.7), .laplace(location: -50, scale: 0.01),
  .normal(location: -1.2, scale: 0.4), .normal(location: 3, scale: 200),
  .studentT(StudentT(location: 0.5, scale: 2, degreesOfFreedom: 3.5)),
  .studentT(StudentT(location: 0.5, scale: 0.1, degreesOfFreedom: 0.9)),
  .studentT(StudentT(location: 0, scale: 1, degreesOfFreedom: 99)),
  .studentT(StudentT(location: 0, scale: 1, degreesOfFreedom: 101)),
  .studentT(StudentT(location: 0, scale: 1, degreesOfFreedom: 4e3)),
  .logNormal(location: -0.6, scale: 0.8), .logNormal(location: -5, scale: 0.02),
  .halfNormal(HalfNormal(scale: 0.9)), .halfNormal(HalfNormal(scale: 1e-4)),
  .halfCauchy(HalfCauchy(scale: 2.2)), .halfCauchy(HalfCauchy(scale: 1e3)),
  .gamma(Gamma(shape: 0.4, rate: 3)), .gamma(Gamma(shape: 7.5, rate: 0.5)), .gamma(Gamma(shape: 300, rate: 1e-3)),
  .exponential(Exponential(rate: 1.6)), .exponential(Exponential(rate: 1e-5)),
  .uniform(lower: -1, upper: 3), .uniform(lower: 0, upper: 1e-3),
  .truncatedNormal(location: 0.4, scale: 1.2, lower: 0, upper: 2),
  .truncatedNormal(location: 0.5, scale: 1e-3, lower: 0, upper: 1),
  .truncatedNormal(location: 0, scale: 1e3, lower: 0.1, upper: 0.2),
  .truncatedNormal(location: -50, scale: 1, lower: 0, upper: 3),
  .truncatedNormal(location: 5, scale: 0.01, lower: -2, upper: 4),
  .truncatedNormal(location: -1e6, scale: 1, lower: 0, upper: 1),
]

extension ScalarPrior {
  /// The lanes of hyperparameters that can be tuned.
  var movable: [Int] { family.hyperparameters.indices.filter { !family.hyperparameters[$0].isBound } }

  /// What a location moves by: between bounds u is in units of its own.
  var locationUnit: Double { family.support == nil ? naturalValues[1] : extent.scale }
}

@Suite struct FamilyTests {
  /// scipy.stats' logpdf of laplace, norm, t, lognorm, halfnorm, halfcauchy, gamma and expon (scipy 1.17.1).
  static let fixtures: [(ScalarPrior, Double, Double)] = [
    (.laplace(location: 0.3, scale: 1.7), -40.0, -24.92965778456329),
    (.laplace(location: 0.3, scale: 1.7), 0.3, -1.2237754316221157),
    (.laplace(location: 0.3, scale: 1.7), 2.5, -2.5178930786809395),
    (.normal(location: -1.2, scale: 0.4), -9.0, -190.12764780133054),
    (.normal(location: -1.2, scale: 0.4), 0.7, -11.283897801330514),
    (.studentT(StudentT(location: 0.5, scale: 2.0, degreesOfFreedom: 3.5)), -10000.0, -37.19149876342161),
    (.studentT(StudentT(location: 0.5, scale: 2.0, degreesOfFreedom: 3.5)), 0.5, -1.682620771819447),
    (.studentT(StudentT(location: 0.5, scale: 2.0, degreesOfFreedom: 3.5)), 3.0, -2.5130900656783486),
    (.studentT(StudentT(location: 0.5, scale: 2.0, degreesOfFreedom: 0.7)), -30.0, -6.852674229061968),
    (.studentT(StudentT(location: 0.5, scale: 2.0, degreesOfFreedom: 0.7)), 3.0, -2.912334301634469),
    (.studentT(StudentT(location: 0.5, scale: 2.0, degreesOfFreedom: 250)), -3.0, -3.1411204903298064),
    (.studentT(StudentT(location: 0.5, scale: 2.0, degreesOfFreedom: 250)), 8.0, -8.4810606220985),
    (.logNormal(location: -0.6, scale: 0.8), 1e-06, -123.32537763303962),
    (.logNormal(location: -0.6, scale: 0.8), 0.4, 0.14233963508565417),
    (.logNormal(location: -0.6, scale: 0.8), 30.0, -16.604477119037057),
    (.halfNormal(HalfNormal(scale: 0.9)), 1e-09, -0.12043083698690113),
    (.halfNormal(HalfNormal(scale: 0.9)), 0.5, -0.2747518246412221),
    (.halfNormal(HalfNormal(scale: 0.9)), 6.0, -22.34265305920912),
    (.halfCauchy(HalfCauchy(scale: 2.2)), 1e-09, -1.2400400656537252),
    (.halfCauchy(HalfCauchy(scale: 2.2)), 0.5, -1.290403175487616),
    (.halfCauchy(HalfCauchy(scale: 2.2)), 100000.0, -22.68897627534964),
    (.gamma(Gamma(shape: 0.4, rate: 3.0)), 1e-08, 10.695175514136878),
    (.gamma(Gamma(shape: 0.4, rate: 3.0)), 0.2, 0.008429845225920163),
    (.gamma(Gamma(shape: 0.4, rate: 3.0)), 5.0, -16.322895649695),
    (.gamma(Gamma(shape: 7.5, rate: 0.5)), 0.1, -27.74977119541962),
    (.gamma(Gamma(shape: 7.5, rate: 0.5)), 14.0, -2.5790954484591424),
    (.gamma(Gamma(shape: 7.5, rate: 0.5)), 90.0, -28.4842052338116),
    (.exponential(Exponential(rate: 1.6)), 1e-09, 0.47000362764573556),
    (.exponential(Exponential(rate: 1.6)), 0.5, -0.32999637075426447),
    (.exponential(Exponential(rate: 1.6)), 12.0, -18.729996370754264),
  ]

  @Test func `log densities are scipy's`() {
    for (prior, theta, expected) in Self.fixtures {
      let value = prior.univariate.logDensity(ofValue: theta)
      #expect(abs(value - expected) <= 1e-13 * max(1, abs(expected)), "\(prior) at \(theta)")
    }
  }

  @Test(arguments: members) func `a density integrates to 1, its score to 0, its squared score to the information`(
    prior: ScalarPrior
  ) {
    // A Laplace score jumps at the kink: the trapezoid rule is then of second order.
    let isLaplace = prior.family == .laplace
    let tolerance = isLaplace ? 1e-5 : 1e-9
    #expect(abs(expectation(prior) { _ in 1 } - 1) < tolerance)
    for lane in prior.movable {
      let information = prior.information[lane]
      let mean = expectation(prior) { prior.score(at: $0)[lane] }
      let square = expectation(prior) { u in
        let s = prior.score(at: u)[lane]
        return s * s
      }
      #expect(abs(mean) < tolerance * information.squareRoot())
      // The middle node of a Laplace location score counts as 0 and not 1: step · density = 1/512 · 1/2.
      #expect(abs(square / information - 1) < (isLaplace ? 2e-3 : 1e-8), "lane \(lane) of \(prior)")
      #expect(information > 0)
    }
  }

  @Test(arguments: members) func `derivatives are finite differences, far out too`(prior: ScalarPrior) {
    var stream = RandomStream(seed: 1, purpose: .test)
    let (centre, scale, _) = prior.extent
    for trial in 0..<60 {
      let spread = trial < 40 ? 2.0 : (prior.support == .real ? 1e6 : 8)
      let u = centre + scale * spread * stream.normal()
      let lambda = prior.tuningValues
      if case .laplace(let laplace) = prior, abs(u - laplace.location) < 0.01 * laplace.scale { continue }
      let step = 1e-4 * max(1, abs(u - centre) / scale)
      func check(_ analytic: Double, _ step: Double, _ f: (Double) -> Double) {
        let numeric = derivative(step, f)
        let rounding = 1e-15 * abs(f(0)) / step
        #expect(abs(analytic - numeric) <= 1e-7 * abs(analytic) + 100 * rounding + 1e-9, "\(prior) at \(u)")
      }
      check(prior.derivative(at: u) * scale, prior.support == .real ? step : 1e-4) {
        prior.logDensity(at: u + scale * $0)
      }
      for lane in prior.movable {
        let isLocation = prior.family.hyperparameters[lane] == .location
        let unit = isLocation ? prior.locationUnit : 1
        check(prior.score(at: u)[lane] * unit, isLocation && prior.family.support != nil ? step : 1e-4) {
          var moved = lambda
          moved[lane] += unit * $0
          return ScalarPrior(prior.family, tuningValues: moved).logDensity(at: u)
        }
      }
    }
  }

  @Test(arguments: members) func `extreme positions give no NaN`(prior: ScalarPrior) {
    for u in [-1e300, -1e6, -800, -1e-300, 0, 1e-300, 800, 1e6, 1e300] {
      #expect(!prior.logDensity(at: u).isNaN)
      #expect(!prior.derivative(at: u).isNaN)
      for lane in 0..<4 { #expect(!prior.score(at: u)[lane].isNaN, "lane \(lane) at \(u) of \(prior)") }
    }
  }

  @Test(arguments: members) func `tuning values, natural values and coding round-trip`(prior: ScalarPrior) throws {
    let again = ScalarPrior(prior.family, tuningValues: prior.tuningValues)
    for lane in 0..<4 {
      #expect(abs(again.naturalValues[lane] - prior.naturalValues[lane]) <= 1e-14 * abs(prior.naturalValues[lane]))
    }
    let data = try JSONEncoder().encode(prior)
    #expect(try JSONDecoder().decode(ScalarPrior.self, from: data) == prior)
    #expect(prior.univariate.logDensity(ofValue: -1).isFinite == prior.support.contains(-1))
    #expect(prior.univariate.logDensity(ofValue: .infinity) == -.infinity)
  }

  @Test func `scales that are not positive and finite are refused by name`() {
    for scale in [0, -1, Double.nan, .infinity] {
      for prior: ScalarPrior in [
        .laplace(location: 0, scale: scale), .normal(location: 0, scale: scale),
        .logNormal(location: 0, scale: scale), .halfNormal(HalfNormal(scale: scale)),
        .halfCauchy(HalfCauchy(scale: scale)), .gamma(Gamma(shape: scale, rate: 1)),
        .gamma(Gamma(shape: 1, rate: scale)), .exponential(Exponential(rate: scale)),
        .studentT(StudentT(location: 0, scale: 1, degreesOfFreedom: scale)),
      ] {
        #expect(throws: ModelError.self) { try prior.validate(name: "a") }
      }
    }
    #expect(throws: ModelError.hyperparameter(name: "a.location", value: .infinity, allowed: "a finite number")) {
      try ScalarPrior.normal(location: .infinity, scale: 1).validate(name: "a")
    }
  }

}

@Suite struct GammaFunctionTests {
  /// scipy.special's gammaln, digamma and polygamma(1) (scipy 1.17.1).
  @Test func `gamma functions are scipy's`() {
    let fixtures: [(Double, Double, Double, Double)] = [
      (1e-08, 18.42068073818021, -100000000.57721564, 1e+16),
      (0.03, 3.489971043442412, -33.86225442061877, 1112.68673602648),
      (0.5, 0.5723649429247, -1.9635100260214235, 4.93480220054468),
      (1, 0.0, -0.5772156649015329, 1.6449340668482266),
      (1.4616321449683622, -0.1214862905358497, -9.241265521729427e-17, 0.9676722454476214),
      (2.5, 0.2846828704729192, 0.7031566406452432, 0.4903577561002349),
      (9.99, 12.779315214350195, 2.250700372831201, 0.10527695014824176),
      (10.01, 12.824350262448247, 2.2528037003181356, 0.10505595320551511),
      (137.0, 535.4969431801695, 4.916326850869984, 0.007325974560820998),
      (1000000.0, 12815504.569147611, 13.81551005796419, 1.0000005000001667e-06),
    ]
    for (x, log, first, second) in fixtures {
      #expect(abs(logGamma(x) - log) <= 1e-14 * max(1, abs(log)), "ln Γ(\(x))")
      #expect(abs(digamma(x) - first) <= 3e-15 * max(1, abs(first)), "ψ(\(x))")
      #expect(abs(trigamma(x) - second) <= 1e-14 * second, "ψ'(\(x))")
    }
  }
}
