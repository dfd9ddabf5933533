import Foundation
import LogDensities
import Testing

@testable import Priors

/// A layout with every family, coordinates 2 and 3 sharing their hyperparameters, as a λ on the tuning scale.
private func mixedLayout() -> (layout: PriorLayout, lambda: [Double]) {
  let priors: [ScalarPrior] = [
    .laplace(location: 0.3, scale: 1.7), .laplace(location: -1, scale: 0.2), .normal(location: 0.1, scale: 0.8),
    .normal(location: 0.1, scale: 0.8), .studentT(StudentT(location: 0, scale: 2, degreesOfFreedom: 4)),
    .laplace(location: 0, scale: 1), .logNormal(location: -0.4, scale: 0.9), .halfNormal(HalfNormal(scale: 1.1)),
    .halfCauchy(HalfCauchy(scale: 0.7)), .gamma(Gamma(shape: 2.5, rate: 1.5)), .exponential(Exponential(rate: 0.6)),
  ]
  var lambda: [Double] = []
  var entries: [[Int]] = []
  for (index, prior) in priors.enumerated() {
    if index == 3 {
      entries.append(entries[2])
      continue
    }
    let count = prior.family.hyperparameters.count
    entries.append(Array(lambda.count..<lambda.count + count))
    lambda += (0..<count).map { prior.tuningValues[$0] }
  }
  let names = priors.indices.map { "theta[\($0)]" }
  return (PriorLayout(families: priors.map(\.family), entries: entries, names: names), lambda)
}

@Suite struct ProductPriorTests {
  @Test func `value, gradient and score are sums over the scalar priors`() throws {
    let (layout, lambda) = mixedLayout()
    let prior = try ProductPrior(layout, at: lambda)
    var stream = RandomStream(seed: 2, purpose: .test)
    for _ in 0..<50 {
      let q = (0..<layout.families.count).map { _ in 2 * stream.normal() }
      var gradient = [Double](repeating: 10, count: q.count)
      var target = gradient.mutableSpan
      let value = prior.addGradient(at: q.span, to: &target)
      let expected = prior.priors.indices.reduce(0.0) { $0 + prior.priors[$1].logDensity(at: q[$1]) }
      #expect(abs(value - expected) <= 1e-13 * max(1, abs(expected)))
      #expect(abs(prior.logDensity(at: q.span) - expected) <= 1e-13 * max(1, abs(expected)))
      #expect(abs(prior.logDensity(of: 0..<q.count, at: q.span) - expected) <= 1e-13 * max(1, abs(expected)))
      for i in q.indices {
        let slope = prior.priors[i].derivative(at: q[i])
        #expect(abs(gradient[i] - 10 - slope) <= 1e-12 * max(10, abs(slope)))
      }
      var score = [Double](repeating: .nan, count: lambda.count)
      var scoreSpan = score.mutableSpan
      prior.hyperparameterScore(at: q.span, into: &scoreSpan)
      for entry in lambda.indices {
        let numeric = derivative(1e-4) { step in
          var moved = lambda
          moved[entry] += step
          return (try? ProductPrior(layout, at: moved))?.logDensity(at: q.span) ?? .nan
        }
        #expect(abs(score[entry] - numeric) <= 1e-7 * max(1, abs(score[entry])), "entry \(entry)")
      }
    }
    #expect(prior.information[4] == 2 / (0.8 * 0.8), "two coordinates share the entry")
    #expect(prior.information.allSatisfy { $0 > 0 })
  }

  @Test func `a smoothed Laplace prior has the gradient of its value and the kink's neighbours agree`() throws {
    let layout = PriorLayout(families: [.laplace, .laplace], entries: [[0, 1], [2, 3]], names: ["a", "b"])
    let lambda = [0.3, log(2.0), -1, log(0.1)]
    let smooth = try ProductPrior(layout, at: lambda, laplaceSmoothing: 0.05)
    let sharp = try ProductPrior(layout, at: lambda)
    for q in [[0.3, -1.0], [0.31, -0.9999], [40, -7.0]] {
      var gradient = [0.0, 0.0]
      var target = gradient.mutableSpan
      let value = smooth.addGradient(at: q.span, to: &target)
      #expect(value == smooth.logDensity(at: q.span))
      #expect(value <= sharp.logDensity(at: q.span) && value >= sharp.logDensity(at: q.span) - 0.1)
      for i in 0..<2 {
        let numeric = derivative(1e-4 * exp(lambda[2 * i + 1])) { step in
          var moved = q
          moved[i] += step
          return smooth.logDensity(at: moved.span)
        }
        #expect(abs(gradient[i] - numeric) < 1e-6)
      }
    }
  }

  @Test func `a scale that overflows is refused by name`() {
    let layout = PriorLayout(families: [.laplace], entries: [[0, 1]], names: ["slope[1,x]"])
    for value in [800.0, -800, .nan] {
      #expect(throws: ModelError.self) { try ProductPrior(layout, at: [0, value]) }
    }
  }

  @Test func `57 parameters cost far below a microsecond`() throws {
    let families = [PriorFamily](repeating: .laplace, count: 54) + [PriorFamily](repeating: .logNormal, count: 3)
    let layout = PriorLayout(
      families: families, entries: (0..<57).map { [2 * $0, 2 * $0 + 1] }, names: (0..<57).map { "p\($0)" })
    let prior = try ProductPrior(layout, at: [Double](repeating: 0.1, count: 114))
    var stream = RandomStream(seed: 3, purpose: .test)
    let q = (0..<57).map { _ in stream.normal() }
    var gradient = [Double](repeating: 0, count: 57)
    var target = gradient.mutableSpan
    var sum = 0.0
    // The best of several batches, so that a busy machine does not fail the test; the bound is ten times the usual cost.
    let clock = ContinuousClock()
    let best = (0..<20).map { _ in
      clock.measure { for _ in 0..<2000 { sum += prior.addGradient(at: q.span, to: &target) } } / 2000
    }.min()
    #expect(sum.isFinite)
    let cost = try #require(best)
    #expect(cost < .microseconds(1), "a gradient took \(cost)")
  }
}
