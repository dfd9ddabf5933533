import Foundation
import LogDensities
import Priors
import Testing

@testable import Experts

@Suite struct SymmetrisedExpertPosteriorTests {
  private static let cases: [(experts: Int, alike: Bool)] = [(2, false), (3, true), (3, false), (5, true), (5, false)]

  private func model(_ experts: Int, alike: Bool) throws -> ExpertModel {
    var priors = ExpertPriors()
    if !alike {
      for expert in 1...experts {
        let e = Double(expert)
        priors.overrides["intercept[\(expert)]"] = .laplace(location: 0.3 * e, scale: 0.5 + 0.4 * e)
        priors.overrides["sigma[\(expert)]"] = .gamma(Gamma(shape: 1 + e, rate: 2))
        priors.overrides["slope[\(expert),x]"] = .studentT(StudentT(location: 0, scale: e, degreesOfFreedom: 4))
        if expert < experts { priors.overrides["gate[\(expert),z]"] = .normal(location: 0.5 * e - 1, scale: 0.7) }
      }
    }
    return try ExpertModel(.cocoafuse, experts: experts, data: syntheticRows(25, seed: 31), priors: priors)
  }

  @Test(arguments: cases) func `the sum over numberings, with its gradient`(experts: Int, alike: Bool) throws {
    let model = try model(experts, alike: alike)
    let posterior = try model.posterior(given: model.hyperparameters)
    let symmetrised = try #require(posterior.symmetrised as? SymmetrisedExpertPosterior)
    let numberings = symmetrised.symmetry.numberings
    let isFactorial = !alike && experts <= 4
    #expect(numberings.count == (isFactorial ? (1...experts).reduce(1, *) : experts))
    #expect(Set(numberings.map { $0.permutation.last }).count == experts)
    var stream = RandomStream(seed: 32, purpose: .test)
    for _ in 0..<5 {
      let q = (0..<model.dimension).map { _ in stream.normal() }
      let terms = try numberings.map { numbering in
        var moved = q
        var span = moved.mutableSpan
        model.architecture.permute(&span, by: numbering.permutation)
        for index in q.indices { #expect(moved[index] == numbering.value(index, at: q.span)) }
        return try posterior.evaluate(at: moved).value
      }
      let found = try symmetrised.evaluate(at: q)
      #expect(abs(found.value - logSumExp(terms)) < 1e-10 * abs(found.value))
      for index in q.indices {
        let slope = numericDerivative(1e-4) { step in
          var moved = q
          moved[index] += step
          return (try? symmetrised.evaluate(at: moved).value) ?? .nan
        }
        #expect(abs(found.gradient[index] - slope) < 1e-6 * (1 + abs(slope)))
      }
    }
    let findings = StressTest().run(symmetrised, stream: &stream)
    #expect(findings.isEmpty, "\(findings.prefix(3))")
  }

  /// A restored draw has the value and the gradient of the posterior where it went; the ratio of two draws' shares is that
  /// of their densities, which is what leaves the posterior invariant.
  @Test(arguments: cases) func `restored draws are of the posterior`(experts: Int, alike: Bool) throws {
    let model = try model(experts, alike: alike)
    let posterior = try model.posterior(given: model.hyperparameters)
    let symmetrised = try #require(posterior.symmetrised)
    var stream = RandomStream(seed: 34, purpose: .test)
    var maps = Set<Int>()
    for _ in 0..<60 {
      var q = (0..<model.dimension).map { _ in 0.5 * stream.normal() }
      var (value, gradient) = try symmetrised.evaluate(at: q)
      var position = q.mutableSpan
      var slope = gradient.mutableSpan
      let restored = symmetrised.restore(position: &position, gradient: &slope, stream: &stream)
      value += restored.logShare
      maps.insert(restored.map)
      let exact = try posterior.evaluate(at: q)
      #expect(abs(value - exact.value) < 1e-10 * max(1, abs(value)))
      for (a, b) in zip(gradient, exact.gradient) { #expect(abs(a - b) < 1e-9 * max(1, abs(b))) }
    }
    #expect(maps.count >= 2)
  }

  /// 20,000 restorations of one position: chi-square of M − 1 = 2 degrees of freedom, above 23.0 in 1 of 100,000 runs.
  @Test func `numberings are drawn in proportion to their densities`() throws {
    let model = try model(3, alike: true)
    let posterior = try model.posterior(given: model.hyperparameters)
    let symmetrised = try #require(posterior.symmetrised as? SymmetrisedExpertPosterior)
    var stream = RandomStream(seed: 35, purpose: .test)
    let q = (0..<model.dimension).map { _ in 0.2 * stream.normal() }
    var shares = [0.0, 0, 0]
    var span = shares.mutableSpan
    _ = symmetrised.symmetry.shares(at: q.span, into: &span)
    var counts = [0.0, 0, 0]
    for _ in 0..<20_000 {
      var (moved, none) = (q, [Double]())
      var position = moved.mutableSpan
      var gradient = none.mutableSpan
      counts[symmetrised.restore(position: &position, gradient: &gradient, stream: &stream).map] += 1
    }
    let square = zip(counts, shares).reduce(0) { $0 + pow($1.0 - 20_000 * $1.1, 2) / (20_000 * $1.1) }
    #expect(square < 23)
  }

  @Test func `where numberings do not matter nothing is summed`() throws {
    for experts in 1...2 {
      let model = try model(experts, alike: true)
      #expect(try model.posterior(given: model.hyperparameters).symmetrised == nil)
    }
    var priors = ExpertPriors()
    priors.gate = .laplace(location: 0.5, scale: 1)
    let tilted = try ExpertModel(.moe, experts: 2, data: syntheticRows(10, seed: 36), priors: priors)
    #expect(try tilted.posterior(given: tilted.hyperparameters).symmetrised != nil)
  }
}
