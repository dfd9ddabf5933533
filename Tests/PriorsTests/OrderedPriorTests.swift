import Foundation
import LogDensities
import Testing

@testable import Priors

@Suite struct OrderedPriorTests {
  static let unequal: [[ScalarPrior]] = [
    [.laplace(location: 0.5, scale: 1), .laplace(location: -0.3, scale: 0.6), .laplace(location: 0.2, scale: 1.7)],
    [.normal(location: 0.5, scale: 1), .normal(location: -0.3, scale: 0.6), .normal(location: 0.2, scale: 1.7)],
    [.logNormal(location: -1, scale: 0.2), .logNormal(location: -3, scale: 0.2), .logNormal(location: -5, scale: 0.2)],
    [
      .studentT(StudentT(location: 0, scale: 1, degreesOfFreedom: 3)), .laplace(location: 0.4, scale: 0.5),
      .normal(location: -0.2, scale: 2),
    ],
    [.gamma(Gamma(shape: 2, rate: 1)), .halfNormal(HalfNormal(scale: 1.5))],
  ]

  /// The middle density times the outer distribution functions, by mpmath's quad with 25 digits.
  @Test func `ln Z is the nested integral's`() {
    let expected = [
      -1.983159654545082747635069, -2.048154695561211784732834, -107.008703898105299403424, -1.524782668746439245684012,
      -1.146884384404725340899937,
    ]
    for (priors, value) in zip(Self.unequal, expected) {
      let found = OrderingNormaliser(priors).logProbability
      #expect(abs(found - value) < 1e-8 * max(1, abs(value)), "\(priors): \(found)")
    }
  }

  @Test func `two priors have closed forms`() {
    // Normal: Φ((m₂ − m₁) / √(s₁² + s₂²)).
    let normal = OrderingNormaliser([.normal(location: 1, scale: 2), .normal(location: 0.5, scale: 0.7)])
    let z = (0.5 - 1) / (4 + 0.49).squareRoot()
    #expect(abs(normal.logProbability - log(0.5 * erfc(-z / 2.0.squareRoot()))) < 1e-10)
    // Laplace at distance d = m₂ − m₁ ≥ 0: 1 − (b₁² e^{−d/b₁} − b₂² e^{−d/b₂}) / 2(b₁² − b₂²).
    let (b1, b2, d) = (1.3, 0.4, 0.9)
    let laplace = OrderingNormaliser([.laplace(location: 0, scale: b1), .laplace(location: d, scale: b2)])
    let tail = (b1 * b1 * exp(-d / b1) - b2 * b2 * exp(-d / b2)) / (2 * (b1 * b1 - b2 * b2))
    #expect(abs(laplace.logProbability - log(1 - tail)) < 1e-10)
    // Cauchy: the difference is Cauchy with the scales' sum.
    let cauchy = OrderingNormaliser([
      .studentT(StudentT(location: 0, scale: 1, degreesOfFreedom: 1)),
      .studentT(StudentT(location: 2, scale: 3, degreesOfFreedom: 1)),
    ])
    #expect(abs(cauchy.logProbability - log(0.5 + atan(2.0 / 4) / .pi)) < 1e-9)
    // Half-Cauchy of equal scales, but given apart by one part in a million.
    let half = OrderingNormaliser([.halfCauchy(HalfCauchy(scale: 1)), .halfCauchy(HalfCauchy(scale: 1.000001))])
    #expect(abs(half.logProbability + log(2.0)) < 1e-6)
    // Exponential: rate₁ / (rate₁ + rate₂).
    let exponential = OrderingNormaliser([.exponential(Exponential(rate: 3)), .exponential(Exponential(rate: 0.2))])
    #expect(abs(exponential.logProbability - log(3 / 3.2)) < 1e-10)
  }

  @Test(arguments: 0..<5) func `the gradient is a finite difference to seven digits`(set: Int) {
    let priors = Self.unequal[set]
    let normaliser = OrderingNormaliser(priors)
    for (k, prior) in priors.enumerated() {
      for lane in prior.family.hyperparameters.indices {
        let numeric = derivative(1e-3) { step in
          var moved = priors
          var values = prior.tuningValues
          values[lane] += step
          moved[k] = ScalarPrior(prior.family, tuningValues: values)
          return OrderingNormaliser(moved).logProbability
        }
        let analytic = normaliser.gradient[k][lane]
        #expect(
          abs(analytic - numeric) < 2e-7 * max(1, abs(analytic)), "\(prior), lane \(lane): \(analytic) \(numeric)")
      }
    }
  }

  @Test func `equal priors: Z is 1 over M factorial and what a tied hyperparameter owes is 0`() {
    for prior in members {
      for count in [1, 2, 3, 5] {
        let normaliser = OrderingNormaliser(Array(repeating: prior, count: count))
        #expect(abs(normaliser.logProbability + (1...count).reduce(0) { $0 + log(Double($1)) }) < 1e-13)
        #expect(normaliser.gradient.reduce(.zero, +) == .zero)
        // A sum over all members does not see their order: that of independent members, as if there were none.
        for lane in prior.movable {
          let together = normaliser.information(along: Array(repeating: unit(lane), count: count))
          #expect(abs(together / Double(count) / prior.information[lane] - 1) < 1e-6, "\(prior), \(count)")
          for member in 0..<count { #expect(normaliser.information(along: single(member, lane, of: count)) > 0) }
        }
      }
    }
  }

  @Test func `unequal by a hair is continuous with equal`() {
    for prior in members where prior.movable.contains(0) {
      var values = prior.tuningValues
      values[0] += 1e-9 * max(1, abs(values[0])) * prior.extent.scale
      let near = OrderingNormaliser([prior, prior, ScalarPrior(prior.family, tuningValues: values)])
      let equal = OrderingNormaliser([prior, prior, prior])
      #expect(abs(near.logProbability - equal.logProbability) < 1e-6, "\(prior)")
      for k in 0..<3 {
        for lane in prior.movable {
          let unit = equal.gradient[k][lane]
          #expect(abs(near.gradient[k][lane] - unit) < 1e-5 * max(1, abs(unit)), "\(prior)")
        }
      }
    }
  }

  @Test func `moments under the ordering agree with sampling`() {
    // 400,000 draws; 18 comparisons at 5 standard errors: false alarms in 1 of 97,000 runs.
    var stream = RandomStream(seed: 4, purpose: .test)
    let priors = Self.unequal[0]
    let normaliser = OrderingNormaliser(priors)
    var scores: [[HyperparameterVector]] = []
    let total = 400_000
    for _ in 0..<total {
      let draw = priors.map { prior in
        let p = stream.openUniform() - 0.5
        return prior.naturalValues[0] - prior.naturalValues[1] * (p < 0 ? -1 : 1) * log(1 - 2 * abs(p))
      }
      if draw[0] <= draw[1] && draw[1] <= draw[2] { scores.append(zip(priors, draw).map { $0.score(at: $1) }) }
    }
    let n = Double(scores.count)
    let z = exp(normaliser.logProbability)
    #expect(abs(n / Double(total) - z) < 5 * (z * (1 - z) / Double(total)).squareRoot())
    for k in 0..<3 {
      for lane in 0..<2 {
        let mean = scores.reduce(0) { $0 + $1[k][lane] } / n
        let square = scores.reduce(0) { $0 + ($1[k][lane] - mean) * ($1[k][lane] - mean) }
        let fourth = scores.reduce(0) { sum, score in sum + pow(score[k][lane] - mean, 4) } / n
        let variance = square / n
        #expect(abs(mean - normaliser.gradient[k][lane]) < 5 * (variance / n).squareRoot())
        let error = (max(0, fourth - variance * variance) / n).squareRoot()
        let information = normaliser.information(along: single(k, lane, of: 3))
        #expect(abs(variance - information) < 5 * error + 1e-3 * variance)
      }
    }
  }

  @Test func `wildly different scales keep their digits`() {
    // θ₁ is a point at 0.3 for θ₂: Z = P(θ₂ ≥ 0.3) up to terms of order 1e-8.
    let normaliser = OrderingNormaliser([.normal(location: 0.3, scale: 1e-4), .laplace(location: 0, scale: 1)])
    #expect(abs(normaliser.logProbability - (log(0.5) - 0.3)) < 2e-8)
    // 100 scales apart in the wrong order: ∫ f₁ (1 − F₂) = e^{−d}(d/2 + 1)/2 for equal unit scales.
    let far = OrderingNormaliser([.laplace(location: 100, scale: 1), .laplace(location: 0, scale: 1)])
    #expect(abs(far.logProbability - (-100 + log(51.0 / 2))) < 1e-8)
  }

  @Test func `an ordered prior is the product prior over Z, on its support`() throws {
    let layout = PriorLayout(
      families: [.laplace, .normal, .laplace, .laplace], entries: [[0, 1], [2, 3], [4, 5], [6, 7]],
      names: ["a", "x", "b", "c"])
    let lambda = [0.5, 0, 1, 1, -0.3, log(0.6), 0.2, log(1.7)]
    let prior = try OrderedPrior(layout, ordered: [0, 2, 3], at: lambda)
    let q = [-1.0, 5, 0.4, 2]
    #expect(abs(prior.normaliser.logProbability + 1.983159654545082) < 1e-8)
    #expect(prior.logDensity(at: q.span) == prior.base.logDensity(at: q.span) - prior.normaliser.logProbability)
    #expect(prior.logDensity(at: [3.0, 5, 0.4, 2].span) == -.infinity)
    var score = [Double](repeating: 0, count: 8)
    var target = score.mutableSpan
    prior.hyperparameterScore(at: q.span, into: &target)
    for entry in 0..<8 {
      let numeric = derivative(1e-3) { step in
        var moved = lambda
        moved[entry] += step
        return (try? OrderedPrior(layout, ordered: [0, 2, 3], at: moved))?.logDensity(at: q.span) ?? .nan
      }
      #expect(abs(score[entry] - numeric) < 1e-6, "entry \(entry)")
    }
    // x's location alone, a's location alone, the scales of a and c tied with that of x.
    var roles = Hyperparameters(
      entries: (0..<8).map { .init(name: "\($0)", kind: $0 % 2 == 0 ? .location : .logScale, block: "b") },
      values: lambda)
    roles.tune([2], name: "x")
    roles.tune([0], name: "a")
    roles.tune([1, 3, 7], name: "scales")
    let information = prior.information(for: roles)
    #expect(information[0] == prior.base.information[2])
    #expect(information[1] < prior.base.information[0])
    let scales = prior.normaliser.information(along: [unit(1), .zero, unit(1)])
    #expect(abs(information[2] - scales - prior.base.information[3]) < 1e-12)
  }

  /// 400,000 draws; 3 comparisons at 5 standard errors: false alarms in 1 of 600,000 runs.
  @Test func `information of tied parameters under the ordering is the variance of their summed scores`() {
    var stream = RandomStream(seed: 5, purpose: .test)
    let priors = Self.unequal[0]
    let normaliser = OrderingNormaliser(priors)
    let ties: [[HyperparameterVector]] = [
      [unit(1), unit(1), unit(1)], [unit(0), unit(0), unit(0)], [unit(1), .zero, unit(1)],
    ]
    var sums: [[Double]] = [[], [], []]
    for _ in 0..<400_000 {
      let draw = priors.map { prior in
        let p = stream.openUniform() - 0.5
        return prior.naturalValues[0] - prior.naturalValues[1] * (p < 0 ? -1 : 1) * log(1 - 2 * abs(p))
      }
      guard draw[0] <= draw[1] && draw[1] <= draw[2] else { continue }
      for (tie, directions) in ties.enumerated() {
        sums[tie].append(priors.indices.reduce(0) { $0 + (directions[$1] * priors[$1].score(at: draw[$1])).sum() })
      }
    }
    for (directions, values) in zip(ties, sums) {
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      let fourth = values.reduce(0) { $0 + pow($1 - mean, 4) } / n
      let error = (max(0, fourth - variance * variance) / n).squareRoot()
      let found = normaliser.information(along: directions)
      #expect(abs(variance - found) < 5 * error, "\(found) \(variance) ± \(error)")
      // The sum of the members' own information is far off: their scores are correlated.
      let separate = directions.indices.reduce(0.0) { sum, member in
        var alone = directions.map { _ in HyperparameterVector.zero }
        alone[member] = directions[member]
        return sum + normaliser.information(along: alone)
      }
      #expect(abs(variance - separate) > 6 * error)
    }
  }
}

/// The direction of one hyperparameter.
private func unit(_ lane: Int) -> HyperparameterVector {
  var direction = HyperparameterVector.zero
  direction[lane] = 1
  return direction
}

/// The direction of one hyperparameter of one member.
private func single(_ member: Int, _ lane: Int, of count: Int) -> [HyperparameterVector] {
  (0..<count).map { $0 == member ? unit(lane) : .zero }
}
