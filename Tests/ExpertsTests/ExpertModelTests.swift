import Foundation
import LogDensities
import Priors
import Testing

@testable import Experts

@Suite struct ExpertModelTests {
  @Test func `names, blocks and hyperparameters follow the position's layout`() throws {
    let model = try ExpertModel(.cocoafuse, experts: 3, data: syntheticRows(12, seed: 1))
    #expect(
      model.parameterNames == [
        "intercept[1]", "intercept[2]", "intercept[3]", "slope[1,x]", "slope[2,x]", "slope[3,x]", "gate[1,bias]",
        "gate[1,z]", "gate[2,bias]", "gate[2,z]", "behaviour[bias]", "behaviour[z]", "sigma[1]", "sigma[2]", "sigma[3]",
      ])
    #expect(model.hyperparameters.entries.count == 30)
    #expect(model.hyperparameters.entries[8] == .init(name: "slope[2,x].location", kind: .location, block: "slopes"))
    #expect(model.hyperparameters.entries[9] == .init(name: "slope[2,x].scale", kind: .logScale, block: "slopes"))
    #expect(
      model.hyperparameters.coordinates.map(\.name) == [
        "intercepts: scale", "slopes: scale", "gate: scale", "behaviour: scale", "noise: scale",
      ])
    #expect(model.hyperparameters.coordinates.allSatisfy { $0.hyperprior == .halfCauchyScale(1) })
    #expect(model.constrained([Double](repeating: 0, count: 15).span) == Array(repeating: 0, count: 12) + [1, 1, 1])
  }

  @Test func `roles tie, free or fix, and rates are scales upside down`() throws {
    var priors = ExpertPriors()
    priors.noise = .exponential(Exponential(rate: 2))
    priors.slopes = .studentT(StudentT(location: 0, scale: 0.5, degreesOfFreedom: 4))
    let model = try ExpertModel(.moe, experts: 2, data: syntheticRows(12, seed: 1), priors: priors)
    let tied = model.hyperparameters.assigned(.blockScales, hyperprior: .halfCauchyScale(4))
    #expect(tied.coordinates.map(\.name) == ["intercepts: scale", "slopes: scale", "gate: scale", "noise: rate"])
    // In units of the start: a slope's scale starts at 0.5, the noise's rate at 2.
    for (coordinate, expected) in zip(tied.coordinates, [4, 2, 4, 0.5]) {
      guard case .halfCauchyScale(let scale)? = coordinate.hyperprior else {
        Issue.record("\(coordinate.name) has no half-Cauchy hyperprior")
        continue
      }
      #expect(abs(scale - expected) < 1e-14)
    }
    #expect(tied.coordinates[1].value == log(0.5))
    #expect(tied.coordinates[1].bounds.contains(log(0.5) + 6.9) && !tied.coordinates[1].bounds.contains(log(0.5) + 7))
    let all = model.hyperparameters.assigned(.all, hyperprior: nil)
    #expect(all.coordinates.count == model.hyperparameters.count)
    #expect(all.coordinates.map(\.name) == model.hyperparameters.entries.map(\.name))
    #expect(model.hyperparameters.assigned(.none).coordinates.isEmpty)
    #expect(model.hyperparameters.assigned(.all).coordinates.filter { $0.hyperprior != nil }.count == 8)
  }

  @Test func `overrides reach single parameters, and mistakes are named`() throws {
    let rows = syntheticRows(12, seed: 1)
    var priors = ExpertPriors()
    priors.overrides["sigma[2]"] = .logNormal(location: -3, scale: 0.2)
    priors.overrides["gate[1,z]"] = .normal(location: 50, scale: 0.1)
    let model = try ExpertModel(.moe, experts: 2, data: rows, priors: priors)
    let index = try #require(model.parameterNames.firstIndex(of: "gate[1,z]"))
    #expect(model.layout.prior(index, at: model.hyperparameters.values).naturalValues[0] == 50)
    priors.overrides = ["slope[7,x]": .laplace(location: 0, scale: 1)]
    #expect(throws: ModelError.self) { try ExpertModel(.moe, experts: 2, data: rows, priors: priors) }
    priors.overrides = ["slope[1,x]": .halfNormal(HalfNormal(scale: 1))]
    #expect(throws: ModelError.self) { try ExpertModel(.moe, experts: 2, data: rows, priors: priors) }
    priors.overrides = ["slope[1,x]": .laplace(location: 0, scale: 0)]
    #expect(throws: ModelError.hyperparameter(name: "slope[1,x].scale", value: 0, allowed: "a finite positive number"))
    {
      try ExpertModel(.moe, experts: 2, data: rows, priors: priors)
    }
    #expect(throws: ModelError.self) { try ExpertModel(.moe, experts: 0, data: rows) }
    #expect(throws: ModelError.self) { try ExpertModel(.moe, experts: 13, data: rows, ordering: .intercepts) }
    var broken = rows
    broken.response[3] = .nan
    #expect(throws: ModelError.self) { try ExpertModel(.moe, experts: 2, data: broken) }
    broken = rows
    broken.gateFeatures.removeLast()
    #expect(throws: ModelError.self) { try ExpertModel(.moe, experts: 2, data: broken) }
    let far = model.hyperparameters.assigned(.all).moved(to: [Double](repeating: 1000, count: 16))
    #expect(throws: Never.self) { try model.posterior(given: far) }
    var entries = model.hyperparameters.values
    entries[1] = 1000
    let outside = Hyperparameters(entries: model.hyperparameters.entries, values: entries)
    #expect(throws: ModelError.self) { try model.posterior(given: outside) }
  }

  @Test(arguments: Combination.allCases) func `the posterior's gradient is a finite difference`(
    combination: Combination
  ) throws {
    var priors = ExpertPriors()
    priors.slopes = .studentT(StudentT(location: 0.2, scale: 0.7, degreesOfFreedom: 3))
    priors.noise = .gamma(Gamma(shape: 2, rate: 3))
    let model = try ExpertModel(combination, experts: 3, data: syntheticRows(40, seed: 2), priors: priors)
    let lambda = model.hyperparameters
    var stream = RandomStream(seed: 3, purpose: .test)
    for posterior in [try model.posterior(given: lambda), try model.smoothedPosterior(given: lambda)] {
      for _ in 0..<20 {
        let q = (0..<model.dimension).map { _ in 0.7 * stream.normal() }
        let (value, gradient) = try posterior.evaluate(at: q)
        #expect(value.isFinite)
        for index in q.indices where abs(q[index]) > 0.01 {
          let numeric = numericDerivative(1e-4) { step in
            var moved = q
            moved[index] += step
            return (try? posterior.evaluate(at: moved))?.value ?? .nan
          }
          #expect(abs(gradient[index] - numeric) < 1e-6 * max(1, abs(numeric)), "\(model.parameterNames[index])")
        }
      }
    }
    let q = (0..<model.dimension).map { _ in 0.7 * stream.normal() }
    let jacobian = model.architecture.logSigmas.reduce(0) { $0 + q[$1] }
    let (value, _) = try model.posterior(given: lambda).evaluate(at: q)
    let parts = model.logLikelihood(at: q.span) + model.logPrior(at: q.span, given: lambda) + jacobian
    #expect(abs(value - parts) < 1e-10 * abs(value))
  }

  @Test(arguments: Ordering.allCases) func `scores are finite differences of the log prior, Z included`(
    ordering: Ordering
  ) throws {
    var priors = ExpertPriors()
    priors.overrides["intercept[1]"] = .laplace(location: 0.5, scale: 2)
    priors.overrides["intercept[3]"] = .normal(location: -0.2, scale: 0.6)
    priors.overrides["sigma[2]"] = .logNormal(location: -1, scale: 0.4)
    priors.overrides["sigma[3]"] = .halfCauchy(HalfCauchy(scale: 0.8))
    let model = try ExpertModel(
      .cocoafuse, experts: 3, data: syntheticRows(20, seed: 4), priors: priors, ordering: ordering)
    let lambda = model.hyperparameters.assigned(.all, hyperprior: nil)
    var stream = RandomStream(seed: 5, purpose: .test)
    for _ in 0..<5 {
      let (q, _) = model.canonical((0..<model.dimension).map { _ in stream.normal() }, given: lambda)
      let score = model.scores(q, given: lambda)
      for entry in 0..<lambda.count {
        let numeric = numericDerivative(1e-3) { step in
          var free = lambda.free
          free[entry] += step
          return model.logPrior(at: q.span, given: lambda.moved(to: free))
        }
        #expect(abs(score[entry] - numeric) < 1e-6 * max(1, abs(numeric)), "\(lambda.entries[entry].name)")
      }
    }
    let information = model.priorInformation(at: lambda)
    #expect(information.count == lambda.count && information.allSatisfy { $0 > 0 && $0.isFinite })
  }

  @Test func `positions far out give minus infinity or a number, never NaN`() throws {
    let model = try ExpertModel(.cocoafuse, experts: 2, data: syntheticRows(20, seed: 6))
    let posterior = try model.posterior(given: model.hyperparameters)
    for magnitude in [1e2, 1e5, 1e200, 1e308, .infinity, .nan] {
      let q = (0..<model.dimension).map { $0 % 2 == 0 ? magnitude : -magnitude }
      #expect(try !posterior.evaluate(at: q).value.isNaN)
    }
    #expect(throws: LogDensityError.dimensionMismatch(expected: model.dimension, found: 1)) {
      try posterior.evaluate(at: [0])
    }
  }

  @Test func `label invariants do not see the numbering`() throws {
    let model = try ExpertModel(.cocoafuse, experts: 3, data: syntheticRows(30, seed: 7))
    var stream = RandomStream(seed: 8, purpose: .test)
    let q = (0..<model.dimension).map { _ in stream.normal() }
    let expected = model.convergenceQuantities(at: q.span)
    #expect(expected.count == 1 + 1 + 3 + 20)
    for permutation in allPermutations(3) {
      var moved = q
      var span = moved.mutableSpan
      model.architecture.permute(&span, by: permutation)
      for (a, b) in zip(model.convergenceQuantities(at: moved.span), expected) {
        #expect(abs(a - b) < 1e-10 * max(1, abs(b)))
      }
    }
  }
}
