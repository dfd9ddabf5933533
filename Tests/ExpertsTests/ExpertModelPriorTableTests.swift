import Foundation
import LogDensities
import Priors
import Testing

@testable import Experts

/// Three experts with unequal priors of several families.
private func unequalModel(_ ordering: Ordering, instead slopes: ScalarPrior? = nil) throws -> ExpertModel {
  var priors = ExpertPriors()
  priors.overrides["intercept[1]"] = .laplace(location: 0.5, scale: 2)
  priors.overrides["intercept[3]"] = .normal(location: -0.2, scale: 0.6)
  priors.overrides["slope[1,x]"] = .normal(location: 1, scale: 0.3)
  priors.overrides["sigma[2]"] = .logNormal(location: -1, scale: 0.4)
  priors.overrides["sigma[3]"] = .halfCauchy(HalfCauchy(scale: 0.8))
  priors.gate = slopes ?? .studentT(StudentT(location: 0.1, scale: 0.7, degreesOfFreedom: 4))
  return try ExpertModel(.cocoafuse, experts: 3, data: syntheticRows(20, seed: 4), priors: priors, ordering: ordering)
}

private func positions(of model: ExpertModel, _ count: Int, seed: UInt64, given lambda: Hyperparameters) -> [[Double]] {
  var stream = RandomStream(seed: seed, purpose: .test)
  return (0..<count).map { _ in
    model.canonical((0..<model.dimension).map { _ in stream.normal() }, given: lambda).position
  }
}

extension ExpertModel {
  fileprivate func statistics(_ positions: [[Double]], for lambda: Hyperparameters) -> [Double] {
    positions.flatMap { priorStatistics(at: $0.span, for: lambda) }
  }

  fileprivate func paths(_ position: [Double], _ gradient: [Double], given lambda: Hyperparameters) -> [Double]? {
    pathwiseScore(at: position.span, likelihoodGradient: gradient.span, given: lambda)
  }

  fileprivate func priorGradient(_ position: [Double], given lambda: Hyperparameters) -> (Double, [Double]) {
    var gradient = [Double](repeating: 0, count: dimension)
    var span = gradient.mutableSpan
    let value = addPriorGradient(at: position.span, given: lambda, to: &span)
    return (value, gradient)
  }
}

@Suite struct ExpertModelPriorTableTests {
  static let cases = Ordering.allCases.flatMap { ordering in TuningRoles.allCases.map { (ordering, $0) } }

  @Test(arguments: cases) func `tables are the model's own log prior and score, up to a constant a draw`(
    ordering: Ordering, roles: TuningRoles
  ) throws {
    let model = try unequalModel(ordering)
    let start = model.hyperparameters.assigned(roles, hyperprior: nil)
    let draws = positions(of: model, 6, seed: 21, given: start)
    let prepared = model.prepared(for: start)
    let statistics = prepared.statistics(draws, for: start)
    #expect(statistics == model.statistics(draws, for: start))
    var stream = RandomStream(seed: 22, purpose: .test)
    var constants = [Double?](repeating: nil, count: draws.count)
    for _ in 0..<3 {
      let lambda = start.moved(to: start.free.map { $0 + 0.3 * stream.normal() })
      let table = model.priorTable(of: statistics, draws: draws.count, given: lambda)
      #expect(prepared.priorTable(of: statistics, draws: draws.count, given: lambda) == table)
      #expect(model.prepared(for: lambda).priorTable(of: statistics, draws: draws.count, given: lambda) == table)
      #expect(table.scores.count == lambda.coordinates.count)
      for (draw, q) in draws.enumerated() {
        let value = model.logPrior(at: q.span, given: lambda)
        let constant = constants[draw] ?? value - table.logPrior[draw]
        constants[draw] = constant
        #expect(abs(value - table.logPrior[draw] - constant) < 1e-11 * max(1, abs(value)))
        let score = model.scores(q, given: lambda)
        let size = lambda.pulledBack(score.map { abs($0) })
        for (coordinate, expected) in lambda.pulledBack(score).enumerated() {
          #expect(abs(table.scores[coordinate][draw] - expected) < 1e-11 * max(1, size[coordinate]))
        }
      }
    }
  }

  @Test(arguments: cases) func `curvature is the finite difference of the tables' weighted scores`(
    ordering: Ordering, roles: TuningRoles
  ) throws {
    let model = try unequalModel(ordering)
    let lambda = model.hyperparameters.assigned(roles, hyperprior: nil)
    let draws = positions(of: model, 4, seed: 23, given: lambda)
    let statistics = model.statistics(draws, for: lambda)
    let weights = [0.4, 0, 1.1, 0.2]
    let curvature = model.priorCurvature(of: statistics, draws: 4, weights: weights, given: lambda)
    #expect(
      curvature == model.prepared(for: lambda).priorCurvature(of: statistics, draws: 4, weights: weights, given: lambda)
    )
    let q = lambda.coordinates.count
    #expect(curvature.count == q * q)
    let continuous = model.scoreIsContinuous(for: lambda)
    for row in 0..<q where continuous[row] {
      let step = 1e-3
      let sides = [2 * step, step, -step, -2 * step].map { difference in
        var free = lambda.free
        free[row] += difference
        return model.priorTable(of: statistics, draws: 4, given: lambda.moved(to: free)).scores.map { scores in
          zip(scores, weights).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
      for column in 0..<q {
        let coarse = (sides[0][column] - sides[3][column]) / (4 * step)
        let fine = (sides[1][column] - sides[2][column]) / (2 * step)
        let numeric = (4 * fine - coarse) / 3
        let name = "\(lambda.coordinates[row].name), \(lambda.coordinates[column].name)"
        #expect(abs(curvature[row * q + column] - numeric) < 2e-5 * max(1, abs(numeric)), "\(name)")
        #expect(abs(curvature[row * q + column] - curvature[column * q + row]) < 1e-9 * max(1, abs(numeric)))
      }
    }
  }

  @Test func `a Laplace location has minus its expected information for a curvature, and a score that jumps`() throws {
    let model = try ExpertModel(.boe, experts: 2, data: syntheticRows(20, seed: 4))
    let lambda = model.hyperparameters.assigned(.all, hyperprior: nil).moved(
      to: model.hyperparameters.values.map { $0 + 0.3 })
    let draws = positions(of: model, 3, seed: 24, given: lambda)
    let curvature = model.priorCurvature(
      of: model.statistics(draws, for: lambda), draws: 3, weights: [0.2, 0.3, 0.5], given: lambda)
    let q = lambda.coordinates.count
    let information = model.priorInformation(at: lambda)
    let continuous = model.scoreIsContinuous(for: lambda)
    for (entry, role) in lambda.entries.enumerated() {
      #expect(continuous[entry] == !(role.kind == .location && role.block != "noise"))
      if !continuous[entry] { #expect(abs(curvature[entry * q + entry] + information[entry]) < 1e-12) }
    }
    #expect(model.scoreIsContinuous(for: model.hyperparameters) == [true, true, true, true])
  }

  @Test func `λ without a prior gives minus infinity and zeros`() throws {
    let model = try unequalModel(.intercepts)
    var values = model.hyperparameters.values
    values[1] = 1000
    let lambda = Hyperparameters(entries: model.hyperparameters.entries, values: values).assigned(.blockScales)
    let q = [Double](repeating: 0, count: model.dimension)
    let statistics = model.priorStatistics(at: q.span, for: lambda)
    let table = model.prepared(for: lambda).priorTable(of: statistics, draws: 1, given: lambda)
    #expect(table.logPrior == [-.infinity] && table.scores.allSatisfy { $0 == [0] })
    #expect(model.priorCurvature(of: statistics, draws: 1, weights: [1], given: lambda).allSatisfy { $0 == 0 })
    #expect(model.paths(q, q, given: lambda) == nil)
    #expect(model.priorGradient(q, given: lambda) == (-.infinity, q))
  }

  @Test(arguments: Ordering.allCases) func `the posterior's gradient less the prior's is the likelihood's at any λ`(
    ordering: Ordering
  ) throws {
    let model = try unequalModel(ordering)
    let start = model.hyperparameters.assigned(.all, hyperprior: nil)
    var stream = RandomStream(seed: 25, purpose: .test)
    for _ in 0..<5 {
      let q = (0..<model.dimension).map { _ in stream.normal() }
      var likelihood = [Double](repeating: 0, count: q.count)
      var target = likelihood.mutableSpan
      let logLikelihood = model.likelihood.evaluate(at: q.span, gradient: &target)
      for shift in [0, 0.4, -0.7] {
        let lambda = start.moved(to: start.free.map { $0 + shift })
        let (value, gradient) = model.priorGradient(q, given: lambda)
        let posterior = try model.posterior(given: lambda).evaluate(at: q)
        #expect(abs(posterior.value - value - logLikelihood) < 1e-10 * abs(posterior.value))
        for index in q.indices {
          let size = max(1, abs(posterior.gradient[index]), abs(gradient[index]))
          #expect(abs(posterior.gradient[index] - gradient[index] - likelihood[index]) < 1e-12 * size)
          guard abs(q[index] - shift) > 0.02, abs(q[index] - shift - 0.5) > 0.02 else { continue }
          let numeric = numericDerivative(1e-3) { step in
            var moved = q
            moved[index] += step
            return model.priorGradient(moved, given: lambda).0
          }
          #expect(abs(gradient[index] - numeric) < 1e-7 * max(1, abs(numeric)), "\(model.parameterNames[index])")
        }
      }
    }
  }

  @Test(arguments: [TuningRoles.blockScales, .all])
  func `the pathwise score is the likelihood's derivative along u = m + s ξ`(roles: TuningRoles) throws {
    for gate in [ScalarPrior.laplace(location: 0.2, scale: 0.7), .normal(location: -0.3, scale: 2)] {
      let model = try unequalModel(.none, instead: gate)
      let lambda = model.hyperparameters.assigned(roles, hyperprior: nil)
      var stream = RandomStream(seed: 26, purpose: .test)
      let q = (0..<model.dimension).map { _ in stream.normal() }
      var gradient = [Double](repeating: 0, count: q.count)
      var target = gradient.mutableSpan
      _ = model.likelihood.evaluate(at: q.span, gradient: &target)
      let found = try #require(model.paths(q, gradient, given: lambda))
      for coordinate in lambda.coordinates.indices {
        let numeric = numericDerivative(1e-3) { step in
          var free = lambda.free
          free[coordinate] += step
          let moved = lambda.moved(to: free)
          let position = q.indices.map { index in
            let (old, new) = (model.layout.prior(index, at: lambda.values), model.layout.prior(index, at: moved.values))
            let (from, to) = (old.naturalValues, new.naturalValues)
            // A scale family's standardised value is θ / s.
            return old.family == .halfCauchy
              ? q[index] + log(to[0] / from[0]) : to[0] + to[1] * (q[index] - from[0]) / from[1]
          }
          return model.logLikelihood(at: position.span)
        }
        #expect(
          abs(found[coordinate] - numeric) < 1e-6 * max(1, abs(numeric)), "\(lambda.coordinates[coordinate].name)")
      }
    }
  }

  @Test func `there is no pathwise score for shapes, degrees of freedom and an ordering that moves`() throws {
    let model = try unequalModel(.none)
    let q = [Double](repeating: 0.1, count: model.dimension)
    #expect(model.paths(q, q, given: model.hyperparameters.assigned(.blockScales)) != nil)
    #expect(model.paths(q, q, given: model.hyperparameters.assigned(.all)) == nil)
    let ordered = try unequalModel(.intercepts, instead: .laplace(location: 0, scale: 1))
    #expect(ordered.paths(q, q, given: ordered.hyperparameters.assigned(.blockScales)) == nil)
    #expect(ordered.paths(q, q, given: ordered.hyperparameters.assigned(.blockScales, fixing: ["intercepts"])) != nil)
    let equal = try ExpertModel(.cocoafuse, experts: 3, data: syntheticRows(20, seed: 4), ordering: .intercepts)
    #expect(equal.paths(q, q, given: equal.hyperparameters) != nil)
    var priors = ExpertPriors()
    priors.noise = .gamma(Gamma(shape: 2, rate: 3))
    let gamma = try ExpertModel(.boe, experts: 2, data: syntheticRows(20, seed: 4), priors: priors)
    let short = [Double](repeating: 0.1, count: gamma.dimension)
    #expect(gamma.paths(short, short, given: gamma.hyperparameters) != nil)
    #expect(gamma.paths(short, short, given: gamma.hyperparameters.assigned(.all)) == nil)
  }

  @Test func `tied scales of equal priors are one number a block, ordered or not`() throws {
    for ordering in Ordering.allCases {
      let model = try ExpertModel(.cocoafuse, experts: 3, data: syntheticRows(20, seed: 4), ordering: ordering)
      let q = [Double](repeating: 0.3, count: model.dimension)
      #expect(model.priorStatistics(at: q.span, for: model.hyperparameters).count == 5)
    }
  }
}

@Suite struct ExpertModelLabelsTests {
  @Test func `block scales treat all experts alike, single entries do not`() throws {
    let model = try ExpertModel(.cocoafuse, experts: 3, data: syntheticRows(12, seed: 1))
    #expect(model.labelDependentCoordinates(of: model.hyperparameters).isEmpty)
    let all = model.hyperparameters.assigned(.all)
    let alike = all.entries.indices.filter { all.entries[$0].block == "behaviour" }
    #expect(model.labelDependentCoordinates(of: all) == all.entries.indices.filter { !alike.contains($0) })
  }

  @Test func `a coordinate for one feature of all experts is alike, for some experts not`() throws {
    let model = try ExpertModel(.moe, experts: 3, data: syntheticRows(12, seed: 1))
    func entries(_ names: [String]) -> [Int] {
      names.compactMap { name in model.hyperparameters.entries.firstIndex { $0.name == name } }
    }
    var lambda = model.hyperparameters.assigned(.none)
    lambda.tune(entries((1...3).map { "slope[\($0),x].scale" }), name: "x")
    lambda.tune(entries(["gate[1,z].scale", "gate[2,z].scale"]), name: "z")
    lambda.tune(entries((1...3).map { "intercept[\($0)].location" }), name: "intercepts")
    lambda.tune(entries(["sigma[1].scale", "sigma[3].scale"]), name: "two of three")
    lambda.tune(entries(["gate[1,bias].location", "gate[2,bias].location"]), name: "gate's location")
    lambda.tune(entries(["gate[2,bias].scale"]), name: "one column")
    #expect(model.labelDependentCoordinates(of: lambda) == [3, 4, 5])
    let one = try ExpertModel(.moe, experts: 1, data: syntheticRows(12, seed: 1))
    #expect(one.labelDependentCoordinates(of: one.hyperparameters.assigned(.all)).isEmpty)
  }

  @Test func `a scale and a location that change roles between experts are not alike`() throws {
    let model = try ExpertModel(.moe, experts: 2, data: syntheticRows(12, seed: 1))
    var lambda = model.hyperparameters.assigned(.none)
    lambda.tune([0, 3], name: "location of one, scale of the other")
    #expect(model.labelDependentCoordinates(of: lambda) == [0])
  }
}
