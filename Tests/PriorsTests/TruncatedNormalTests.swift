import Foundation
import LogDensities
import Testing

@testable import Priors

@Suite struct TruncatedNormalTests {
  /// Location, scale, bounds, the place as a share of the interval, and ln p by make_truncated_normal.py (50 digits).
  static let fixtures: [(Double, Double, Double, Double, Double, Double)] = [
    (0.4, 1.2, 0.0, 2.0, 0.015625, -0.53107885974524746),
    (0.4, 1.2, 0.0, 2.0, 0.5, -0.60886477554385857),
    (0.4, 1.2, 0.0, 2.0, 0.9375, -1.2392901227660808),
    (-50.0, 1.0, 0.0, 3.0, 0.015625, 1.5675739734027285),
    (-50.0, 1.0, 0.0, 3.0, 0.5, -72.212577393784771),
    (-50.0, 1.0, 0.0, 3.0, 0.9375, -140.66765551878477),
    (5.0, 0.05, -2.0, 4.0, 0.015625, -9333.2638633885524),
    (5.0, 0.05, -2.0, 4.0, 0.5, -2994.0060508885531),
    (5.0, 0.05, -2.0, 4.0, 0.9375, -172.1310508885534),
    (0.5, 0.001, 0.0, 1.0, 0.015625, -117303.58149575422),
    (0.5, 0.001, 0.0, 1.0, 0.5, 5.9888167457774643),
    (0.5, 0.001, 0.0, 1.0, 0.9375, -95697.136183254219),
    (0.0, 1000.0, 0.125, 0.25, 0.015625, 2.0794415518504546),
    (0.0, 1000.0, 0.125, 0.25, 0.5, 2.0794415423308776),
    (0.0, 1000.0, 0.125, 0.25, 0.9375, 2.07944153058161),
    (-150.0, 1.0, 0.0, 1.0, 0.015625, 2.666807663291011),
    (-150.0, 1.0, 0.0, 1.0, 0.5, -70.114320266396489),
    (-150.0, 1.0, 0.0, 1.0, 0.9375, -136.05377339139649),
    (3.0, 2.0, -100.0, 2.5, 0.015625, -1285.9044148791293),
    (3.0, 2.0, -100.0, 2.5, 0.5, -335.45683644895348),
    (3.0, 2.0, -100.0, 2.5, 0.9375, -6.661060081765983),
  ]

  @Test func `log densities have all their digits, far out in a tail too`() {
    for (m, s, a, b, share, expected) in Self.fixtures {
      let prior = TruncatedNormal(location: m, scale: s, lower: a, upper: b)
      let value = prior.logDensity(at: log(share / (1 - share)))
      #expect(abs(value - expected) < 4e-14 * max(1, abs(expected)), "\(prior.location) at \(share): \(value)")
    }
  }

  /// Beyond any tail the density is that of an exponential of rate α / s, in which erfc has no digit left; moments, too.
  @Test(arguments: [1e4, 1e8, 1e20, 1e150]) func `far from its interval it is an exponential`(alpha: Double) {
    let prior = TruncatedNormal(location: -alpha, scale: 1, lower: 0, upper: 1)
    for share in [0.3, 1, 4] {
      let u = log(share / (alpha - share))
      #expect(abs(prior.logDensity(at: u) - log(alpha) + share) < 30 / alpha + 1e-13 * log(alpha))
      #expect(abs(prior.score(at: u)[1] - 2 * (share - 1)) < 30 / alpha + 1e-12)
    }
    #expect(abs(prior.information[1] - 4) < 30 / (alpha * alpha) + 1e-12)
    #expect(abs(prior.information[0] * alpha * alpha - 1) < 30 / (alpha * alpha) + 1e-12)
    let mirror = TruncatedNormal(location: alpha, scale: 1, lower: -1, upper: 0)
    let (one, other) = (mirror.logDensity(at: 20), prior.logDensity(at: -20))
    #expect(abs(one - other) <= 1e-14 * abs(other))
    #expect(abs(mirror.score(at: 20)[0] / prior.score(at: -20)[0] + 1) < 1e-13)
  }

  @Test func `wide scales make it uniform, wide intervals normal`() {
    let flat = TruncatedNormal(location: 0.3, scale: 1e9, lower: -2, upper: 6)
    let wide = TruncatedNormal(location: 0.3, scale: 1.4, lower: -60, upper: 100)
    let normal = Normal(location: 0.3, scale: 1.4)
    for u in [-3, -1.1, 0, 0.4, 2] {
      #expect(abs(flat.logDensity(at: u) - Uniform(lower: -2, upper: 6).logDensity(at: u)) < 1e-14)
      let theta = wide.support.value(at: u)
      #expect(abs(wide.logDensity(at: u) - normal.logDensity(at: theta)) < 1e-13 * abs(normal.logDensity(at: theta)))
      let (own, other) = (wide.score(at: u), normal.score(at: theta))
      for lane in 0...1 { #expect(abs(own[lane] - other[lane]) < 1e-12 * max(1, abs(other[lane]))) }
    }
    for lane in 0...1 { #expect(abs(wide.information[lane] / normal.information[lane] - 1) < 1e-13) }
  }

  @Test func `what is no interval, or too far from its location, is refused`() {
    for (lower, upper) in [(1.0, 1.0), (2, 1), (.nan, 1), (0, .infinity), (-1e308, 1e308)] {
      #expect(throws: ModelError.self) { try ScalarPrior.uniform(lower: lower, upper: upper).validate(name: "a") }
      #expect(throws: ModelError.self) {
        try ScalarPrior.truncatedNormal(location: 0, scale: 1, lower: lower, upper: upper).validate(name: "a")
      }
    }
    #expect(throws: ModelError.self) {
      try ScalarPrior.truncatedNormal(location: -1e10, scale: 1e-300, lower: 0, upper: 1).validate(name: "a")
    }
    #expect(throws: ModelError.self) {
      try ScalarPrior.truncatedNormal(location: 0, scale: -1, lower: 0, upper: 1).validate(name: "a")
    }
  }

  /// Two parameters with one prior are in order with probability 1/2; the slope of ln Z is a finite difference.
  @Test func `orderings of bounded parameters have a normaliser`() {
    func priors(_ location: Double) -> [ScalarPrior] {
      [
        .truncatedNormal(location: location, scale: 0.5, lower: 0, upper: 2),
        .truncatedNormal(location: 0.2, scale: 3, lower: 0, upper: 2),
      ]
    }
    let normaliser = OrderingNormaliser(priors(0.7))
    let numeric = derivative(1e-3) { OrderingNormaliser(priors(0.7 + $0)).logProbability }
    #expect(abs(normaliser.gradient[0][0] - numeric) < 1e-8)
    // P(θ₁ < θ₂) by the midpoint rule over both.
    let n = 1000
    func density(_ prior: ScalarPrior, _ i: Int) -> Double {
      exp(prior.univariate.logDensity(ofValue: 2 * (Double(i) + 0.5) / Double(n))) * 2 / Double(n)
    }
    var (below, sum) = (0.0, 0.0)
    for i in 0..<n {
      let first = density(priors(0.7)[0], i)
      sum += density(priors(0.7)[1], i) * (below + 0.5 * first)
      below += first
    }
    #expect(abs(normaliser.logProbability - log(sum)) < 1e-5)
    let uniform = OrderingNormaliser([.uniform(lower: 0, upper: 2), priors(0.7)[0]])
    #expect(uniform.logProbability < 0 && uniform.logProbability.isFinite)
  }
}
