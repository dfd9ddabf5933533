import Foundation
import LogDensities
import Testing

@testable import Priors

/// A model of one row whose likelihood is constant: the prior is all there is.
private struct PriorOnly: IndependentPriorModel {
  struct Posterior: Sendable {}

  let layout: PriorLayout
  var hyperparameters: Hyperparameters
  var preparedPrior = PreparedPrior()
  var rows: Int { 1 }

  init() {
    let (layout, lambda) = PriorLayout.arranging(
      [
        .uniform(lower: -1, upper: 2), .truncatedNormal(location: 0.5, scale: 1.5, lower: 0, upper: 3),
        .normal(location: 0.2, scale: 1), .logNormal(location: -0.4, scale: 0.9), .laplace(location: 0, scale: 2),
      ], names: ["a", "b", "c", "d", "e"], blocks: ["a", "b", "c", "d", "e"])
    self.layout = layout
    hyperparameters = lambda.assigned(.all)
  }

  func posterior(given lambda: Hyperparameters) throws(ModelError) -> Posterior { Posterior() }
  func logLikelihood(at position: Span<Double>) -> Double { 0 }
  func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) { values[0] = 0 }
}

@Suite struct IndependentPriorModelTests {
  private let position = [0.4, -1.3, 0.8, 0.1, -0.6]

  @Test func `shapes and names come from the layout`() {
    let model = PriorOnly()
    #expect(model.dimension == 5 && model.parameterNames == ["a", "b", "c", "d", "e"])
    let theta = model.constrained(position.span)
    #expect(theta[2] == 0.8 && theta[3] == exp(0.1) && abs(theta[1] - 3 / (1 + exp(1.3))) < 1e-15)
  }

  /// Central differences with Richardson extrapolation: errors of order 1e-11.
  @Test func `gradients and scores are slopes of the log prior, with the Jacobian in the one and not in the other`() {
    let (model, lambda) = (PriorOnly(), PriorOnly().hyperparameters)
    func value(_ q: [Double]) -> Double {
      let jacobian = zip(model.layout.supports, q).reduce(0) { $0 + $1.0.logJacobian(at: $1.1) }
      return model.logPrior(at: q.span, given: lambda) + jacobian
    }
    var gradient = [Double](repeating: 7, count: 5)
    var target = gradient.mutableSpan
    #expect(abs(model.addPriorGradient(at: position.span, given: lambda, to: &target) - value(position)) < 1e-14)
    for index in 0..<5 {
      let numeric = derivative(1e-3) { step in
        var moved = position
        moved[index] += step
        return value(moved)
      }
      #expect(abs(gradient[index] - 7 - numeric) < 1e-9)
    }
    var score = [Double](repeating: 0, count: lambda.count)
    var span = score.mutableSpan
    model.score(at: position.span, given: lambda, into: &span)
    for (index, slope) in lambda.pulledBack(score).enumerated() {
      let numeric = derivative(1e-3) { step in
        var free = lambda.free
        free[index] += step
        return model.logPrior(at: position.span, given: lambda.moved(to: free))
      }
      #expect(abs(slope - numeric) < 1e-9)
    }
  }

  @Test func `tables and curvatures are those of the score`() {
    let (model, lambda) = (PriorOnly(), PriorOnly().hyperparameters)
    let statistics = model.priorStatistics(at: position.span, for: lambda)
    var score = [Double](repeating: 0, count: lambda.count)
    var span = score.mutableSpan
    model.score(at: position.span, given: lambda, into: &span)
    let table = model.priorTable(of: statistics, draws: 1, given: lambda)
    for (found, expected) in zip(table.scores, lambda.pulledBack(score)) { #expect(abs(found[0] - expected) < 1e-12) }
    let curvature = model.priorCurvature(of: statistics, draws: 1, weights: [1], given: lambda)
    let q = lambda.coordinates.count
    #expect(curvature.count == q * q && q == 8)
    // Row and column of b.location: minus a variance over the square of the scale.
    let prior = model.layout.prior(1, at: lambda.values)
    #expect(curvature[0] == prior.curvature(at: position[1])[0, 0])
    #expect(abs(model.priorInformation(at: lambda)[0] - prior.information[0]) < 1e-15)
    #expect(model.scoreIsContinuous(for: lambda) == [true, true, true, true, true, true, false, true])
    #expect(model.pathwiseScore(at: position.span, likelihoodGradient: position.span, given: lambda) == nil)
    let scales = model.hyperparameters.assigned(.all, fixing: ["b"])
    #expect(model.pathwiseScore(at: position.span, likelihoodGradient: position.span, given: scales) != nil)
  }

  @Test func `a prepared model gives the same bits, at other hyperparameters too`() {
    let (model, lambda) = (PriorOnly(), PriorOnly().hyperparameters)
    let prepared = model.prepared(for: lambda)
    for other in [lambda, lambda.moved(to: lambda.free.map { $0 + 0.2 }), lambda.assigned(.blockScales)] {
      #expect(
        prepared.logPrior(at: position.span, given: other) == model.logPrior(at: position.span, given: other))
      let statistics = model.priorStatistics(at: position.span, for: other)
      #expect(prepared.priorStatistics(at: position.span, for: other) == statistics)
      #expect(
        prepared.priorTable(of: statistics, draws: 1, given: other)
          == model.priorTable(of: statistics, draws: 1, given: other))
    }
  }

  @Test func `a λ without a prior is no prior`() {
    let model = PriorOnly()
    var values = model.hyperparameters.values
    values[0] = -2
    let lambda = Hyperparameters(entries: model.hyperparameters.entries, values: values)
    #expect(model.logPrior(at: position.span, given: lambda) == -.infinity)
    #expect(throws: ModelError.self) { try model.prior(at: lambda) }
    #expect(model.priorTable(of: [], draws: 1, given: lambda).logPrior == [-.infinity])
  }
}
