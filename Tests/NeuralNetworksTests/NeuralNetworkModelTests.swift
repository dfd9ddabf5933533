import Foundation
import LogDensities
import Priors
import Testing

@testable import NeuralNetworks

/// Two units and two features with priors of several families, unequal within blocks.
private func unequalModel() throws -> NeuralNetworkModel {
  var priors = NeuralNetworkPriors(hiddenUnits: 2)
  priors.hiddenBiases = .studentT(StudentT(location: 0.1, scale: 0.7, degreesOfFreedom: 4))
  priors.overrides["input[1,x2]"] = .laplace(location: 0.2, scale: 2)
  priors.overrides["output[2]"] = .normal(location: -0.2, scale: 0.6)
  priors.noise = .gamma(Gamma(shape: 2, rate: 3))
  return try NeuralNetworkModel(rows: syntheticRows(25, seed: 1), hiddenUnits: 2, priors: priors)
}

@Suite struct NeuralNetworkModelTests {
  @Test func `names, blocks and hyperparameters follow the position's layout`() throws {
    let model = try NeuralNetworkModel(rows: syntheticRows(12, seed: 1), hiddenUnits: 2)
    #expect(
      model.parameterNames == [
        "input[1,x1]", "input[1,x2]", "input[2,x1]", "input[2,x2]", "hidden_bias[1]", "hidden_bias[2]", "output[1]",
        "output[2]", "output_bias", "sigma",
      ])
    #expect(
      model.hyperparameters.coordinates.map(\.name) == [
        "input weights: scale", "hidden biases: scale", "output weights: scale", "output bias: scale", "noise: scale",
      ])
    #expect(model.hyperparameters.entries.last?.name == "sigma.scale")
    #expect(abs(model.hyperparameters.coordinates[2].value + 0.5 * log(2)) < 1e-15)
    #expect(model.constrained([Double](repeating: 0, count: 10).span) == Array(repeating: 0, count: 9) + [1])
    let usual = try NeuralNetworkModel(rows: syntheticRows(12, seed: 1))
    #expect(usual.architecture.hiddenUnits == 5)
    let q = [Double](repeating: 0.3, count: 10)
    #expect(model.priorStatistics(at: q.span, for: model.hyperparameters).count == 5)
    #expect(model.convergenceQuantityNames.count == model.convergenceQuantities(at: q.span).count)
    #expect(model.probes.indices.count == 8 && Set(model.probes.indices).count == 8)
    let responses = model.probes.indices.map { syntheticRows(12, seed: 1).response[$0] }
    #expect(responses == responses.sorted())
  }

  @Test func `mistakes are named`() throws {
    let rows = syntheticRows(12, seed: 1)
    func fails(_ change: (inout NeuralNetworkRows) -> Void) {
      var broken = rows
      change(&broken)
      #expect(throws: ModelError.self) { try NeuralNetworkModel(rows: broken) }
    }
    fails { $0.response[3] = .nan }
    fails { $0.features[3] = .infinity }
    fails { $0.features.removeLast() }
    fails { $0.featureNames = ["x1", "x1"] }
    fails { ($0.features, $0.response) = ([], []) }
    fails { ($0.features, $0.featureNames) = ([], []) }
    for units in [0, -1, 257] {
      #expect(throws: ModelError.self) { try NeuralNetworkModel(rows: rows, hiddenUnits: units) }
    }
    for (name, prior) in [
      ("input[9,x1]", ScalarPrior.normal(location: 0, scale: 1)), ("sigma", .normal(location: 0, scale: 1)),
      ("output_bias", .logNormal(location: 0, scale: 1)), ("output[1]", .normal(location: 0, scale: 0)),
    ] {
      var priors = NeuralNetworkPriors()
      priors.overrides[name] = prior
      #expect(throws: ModelError.self) { try NeuralNetworkModel(rows: rows, priors: priors) }
    }
    let other = NeuralNetworkArchitecture(features: 3, hiddenUnits: 2)
    #expect(throws: ModelError.self) { try NeuralNetworkLikelihood(other, rows: rows) }
  }

  @Test func `the posterior keeps the contract of a log density`() throws {
    var stream = RandomStream(seed: 2, purpose: .test)
    for model in [try unequalModel(), try NeuralNetworkModel(rows: syntheticRows(40, seed: 3))] {
      // Beside the kink of a Laplace prior differences straddle it, on at most one coordinate in a thousand positions.
      let posterior = try model.smoothedPosterior(given: model.hyperparameters)
      #expect(StressTest().run(posterior, stream: &stream) == [])
      #expect(throws: LogDensityError.self) { try posterior.evaluate(at: [0]) }
      let q = (0..<model.dimension).map { _ in 0.5 * stream.normal() }
      let value = try model.posterior(given: model.hyperparameters).evaluate(at: q).value
      let parts =
        model.logLikelihood(at: q.span) + model.logPrior(at: q.span, given: model.hyperparameters)
        + q[model.architecture.logSigma]
      #expect(abs(value - parts) < 1e-11 * max(1, abs(value)))
    }
  }

  @Test func `blocks of the prior add up, and the gradient less the prior's is the likelihood's at any λ`() throws {
    let model = try unequalModel()
    let start = model.hyperparameters.assigned(.all, hyperprior: nil)
    var stream = RandomStream(seed: 4, purpose: .test)
    for shift in [0, 0.4, -0.7] {
      let lambda = start.moved(to: start.free.map { $0 + shift })
      let q = (0..<model.dimension).map { _ in stream.normal() }
      let (logLikelihood, likelihood) = model.likelihood.evaluate(at: q)
      let (value, gradient) = model.priorGradient(q, given: lambda)
      let posterior = try model.posterior(given: lambda).evaluate(at: q)
      #expect(abs(posterior.value - value - logLikelihood) < 1e-10 * abs(posterior.value))
      for index in q.indices {
        let size = max(1, abs(posterior.gradient[index]))
        #expect(abs(posterior.gradient[index] - gradient[index] - likelihood[index]) < 1e-12 * size)
      }
      let sum = NeuralNetworkBlock.allCases.reduce(0) { $0 + model.logPrior(of: $1, at: q.span, given: lambda) }
      #expect(abs(sum - model.logPrior(at: q.span, given: lambda)) < 1e-12 * max(1, abs(sum)))
    }
  }

  @Test(arguments: TuningRoles.allCases)
  func `scores are differences of the log prior, tables are both, curvature is theirs`(roles: TuningRoles) throws {
    let model = try unequalModel()
    let lambda = model.hyperparameters.assigned(roles, hyperprior: nil)
    var stream = RandomStream(seed: 5, purpose: .test)
    let draws = (0..<4).map { _ in (0..<model.dimension).map { _ in stream.normal() } }
    let prepared = model.prepared(for: lambda)
    let statistics = draws.flatMap { prepared.priorStatistics(at: $0.span, for: lambda) }
    #expect(statistics == draws.flatMap { model.priorStatistics(at: $0.span, for: lambda) })
    let table = model.priorTable(of: statistics, draws: 4, given: lambda)
    #expect(prepared.priorTable(of: statistics, draws: 4, given: lambda) == table)
    let weights = [0.4, 0, 1.1, 0.2]
    let curvature = model.priorCurvature(of: statistics, draws: 4, weights: weights, given: lambda)
    let q = lambda.coordinates.count
    func moved(_ coordinate: Int, _ step: Double) -> Hyperparameters {
      var free = lambda.free
      free[coordinate] += step
      return lambda.moved(to: free)
    }
    for coordinate in 0..<q where model.scoreIsContinuous(for: lambda)[coordinate] {
      let name = "\(lambda.coordinates[coordinate].name)"
      for (index, draw) in draws.enumerated() {
        let numeric = numericDerivative(1e-3) { model.logPrior(at: draw.span, given: moved(coordinate, $0)) }
        let score = lambda.pulledBack(model.scores(draw, given: lambda))[coordinate]
        #expect(abs(score - numeric) < 1e-7 * max(1, abs(numeric)), "\(name)")
        #expect(abs(table.scores[coordinate][index] - score) < 1e-11 * max(1, abs(score)), "\(name)")
      }
      for column in 0..<q {
        let numeric = numericDerivative(1e-3) { step in
          let scores = model.priorTable(of: statistics, draws: 4, given: moved(coordinate, step)).scores[column]
          return zip(scores, weights).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(abs(curvature[coordinate * q + column] - numeric) < 1e-6 * max(1, abs(numeric)), "\(name), \(column)")
      }
    }
  }

  @Test func `the pathwise score is the likelihood's derivative along u = m + s ξ`() throws {
    let model = try NeuralNetworkModel(rows: syntheticRows(25, seed: 1), hiddenUnits: 3)
    for roles in [TuningRoles.blockScales, .all] {
      let lambda = model.hyperparameters.assigned(roles, hyperprior: nil)
      var stream = RandomStream(seed: 6, purpose: .test)
      let q = (0..<model.dimension).map { _ in 0.5 * stream.normal() }
      let gradient = model.likelihood.evaluate(at: q).gradient
      let found = try #require(model.paths(q, gradient, given: lambda))
      for coordinate in lambda.coordinates.indices {
        let numeric = numericDerivative(1e-3) { step in
          var free = lambda.free
          free[coordinate] += step
          let moved = lambda.moved(to: free)
          let position = q.indices.map { index in
            let from = model.layout.prior(index, at: lambda.values).naturalValues
            let to = model.layout.prior(index, at: moved.values).naturalValues
            return to[0] + to[1] * (q[index] - from[0]) / from[1]
          }
          return model.logLikelihood(at: position.span)
        }
        #expect(abs(found[coordinate] - numeric) < 1e-6 * max(1, abs(numeric)), "\(coordinate)")
      }
    }
    let gamma = try unequalModel()
    let q = [Double](repeating: 0.1, count: gamma.dimension)
    let all = gamma.hyperparameters.assigned(.all)
    #expect(gamma.paths(q, q, given: all) == nil)
  }

  @Test func `λ without a prior gives minus infinity and zeros`() throws {
    let model = try unequalModel()
    var values = model.hyperparameters.values
    values[1] = 1000
    let lambda = Hyperparameters(entries: model.hyperparameters.entries, values: values).assigned(.blockScales)
    let q = [Double](repeating: 0, count: model.dimension)
    #expect(throws: ModelError.self) { try model.posterior(given: lambda) }
    #expect(model.logPrior(at: q.span, given: lambda) == -.infinity)
    #expect(model.priorGradient(q, given: lambda) == (-.infinity, q))
    #expect(model.scores(q, given: lambda).allSatisfy { $0 == 0 })
    #expect(model.priorInformation(at: lambda).allSatisfy { $0 == 0 })
    let statistics = model.priorStatistics(at: q.span, for: lambda)
    let table = model.prepared(for: lambda).priorTable(of: statistics, draws: 1, given: lambda)
    #expect(table.logPrior == [-.infinity] && table.scores.allSatisfy { $0 == [0] })
    #expect(model.priorCurvature(of: statistics, draws: 1, weights: [1], given: lambda).allSatisfy { $0 == 0 })
    #expect(model.paths(q, q, given: lambda) == nil)
  }
}
