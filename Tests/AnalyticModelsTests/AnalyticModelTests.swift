import AnalyticModels
import Foundation
import LogDensities
import Testing

/// What every analytic model owes: a gradient, an evidence that is the integral of its joint density, and scores of it.
@Suite struct AnalyticModelTests {
  private func check<Model: AnalyticModel>(_ model: Model, at free: [Double]) throws {
    let lambda = model.hyperparameters.moved(to: free)
    var stress = StressTest()
    stress.positions = 12
    var stream = RandomStream(seed: 5, purpose: .test)
    #expect(stress.run(try model.posterior(given: lambda), stream: &stream).isEmpty)
    #expect(stress.run(try model.smoothedPosterior(given: lambda), stream: &stream).isEmpty)

    let position = (0..<model.dimension).map { _ in 0.7 * stream.normal() }
    let joint = try model.posterior(given: lambda).evaluate(at: position)
    let parts = model.logLikelihood(at: position.span) + model.logPrior(at: position.span, given: lambda)
    #expect(abs(joint.value - parts) < 1e-9 * (1 + abs(parts)))
    var rows = [Double](repeating: 0, count: model.rows)
    var span = rows.mutableSpan
    model.pointwiseLogLikelihood(at: position.span, into: &span)
    #expect(abs(rows.reduce(0, +) - model.logLikelihood(at: position.span)) < 1e-8 * (1 + abs(parts)))

    var prior = [Double](repeating: 0, count: model.dimension)
    var likelihood = prior
    var priorSpan = prior.mutableSpan
    var likelihoodSpan = likelihood.mutableSpan
    _ = model.addPriorGradient(at: position.span, given: lambda, to: &priorSpan)
    _ = model.addLikelihoodGradient(at: position.span, to: &likelihoodSpan)
    #expect(distance(zip(prior, likelihood).map { $0 + $1 }, joint.gradient) < 1e-12)
  }

  @Test(arguments: [(0.0, 0.0), (2, 1), (-1, -2)]) func gradientsAndPartsAgree(_ m: Double, _ s: Double) throws {
    try check(GaussianHierarchy.simulated(seed: 1), at: [m, s])
    try check(GaussianRegression.simulated(seed: 2), at: [s])
    try check(LaplaceRegression.simulated(seed: 3), at: [s])
    try check(LogisticHierarchy.simulated(seed: 4), at: [m, s])
  }

  /// ln L, and its gradient both as E[score] and as E[pathwise score], against sums over a grid.
  private func compare<Model: AnalyticModel>(
    _ model: Model, at free: [Double], axis: [Double], tolerance: Double = 1e-7
  ) {
    let lambda = model.hyperparameters.moved(to: free)
    let grid = GridMeans(model, at: lambda, axis: axis)
    #expect(abs(model.logEvidence(at: lambda) - grid.logEvidence) < tolerance)
    let slope = derivative(at: lambda) { model.logEvidence(at: $0) }
    #expect(distance(grid.score, slope) < max(10 * tolerance, 1e-6), "\(grid.score) \(slope)")
    #expect(distance(grid.pathwise, slope) < max(10 * tolerance, 1e-6), "\(grid.pathwise) \(slope)")
  }

  private func axis(_ half: Double, _ points: Int) -> [Double] {
    (-points...points).map { half * Double($0) / Double(points) }
  }

  @Test(arguments: [(0.0, 0.0), (2, 0.5), (-1, -1)]) func evidenceOfHierarchies(_ m: Double, _ s: Double) {
    compare(GaussianHierarchy.simulated(groups: 2, seed: 5), at: [m, s], axis: axis(20, 160))
    compare(LogisticHierarchy.simulated(groups: 2, seed: 6), at: [m, s], axis: axis(20, 160))
  }

  @Test(arguments: [-1.5, 0, 1]) func evidenceOfGaussianRegression(_ s: Double) throws {
    let model = try GaussianRegression.simulated(rows: 12, features: 2, seed: 7)
    compare(model, at: [s], axis: axis(12, 200))
    var moved = model
    moved.hyperparameters = model.prior.hyperparameters(location: 0.7, tunesLocation: true)
    compare(moved, at: [0.7, s], axis: axis(12, 200))
  }

  /// A node at the kink, where the trapezoidal rule has an error of the square of its step; so the tolerance.
  @Test(arguments: [-2.0, 0, 1.5]) func evidenceOfLaplaceRegression(_ s: Double) {
    for seed: UInt64 in 8...10 {
      let single = LaplaceRegression.simulated(rows: 8, features: 1, seed: seed)
      compare(single, at: [s], axis: axis(6, 30_000), tolerance: 2e-6)
    }
    let pair = LaplaceRegression.simulated(rows: 8, features: 2, seed: 8)
    compare(pair, at: [s], axis: axis(4, 300), tolerance: 3e-3)
  }

  /// Groups are independent given λ: the evidence of all is the sum of that of each.
  @Test func evidenceOfManyGroupsIsASum() {
    let model = LogisticHierarchy.simulated(seed: 10)
    let lambda = model.hyperparameters.moved(to: [0.4, 0.8])
    let sum = zip(model.successes, model.trials).reduce(0) { sum, group in
      sum + LogisticHierarchy(successes: [group.0], trials: [group.1]).logEvidence(at: lambda)
    }
    #expect(abs(sum - model.logEvidence(at: lambda)) < 1e-9)
  }

  /// L(λ) = E_prior[p(y | θ)] by 40,000 prior draws, where that is feasible: the z-score exceeds 4 in 1 of 16,000 runs.
  @Test func evidenceIsThePriorMeanOfTheLikelihood() throws {
    func zScore<Model: AnalyticModel>(_ model: Model, at free: [Double]) -> Double {
      let lambda = model.hyperparameters.moved(to: free)
      let (location, scale) = (lambda.values[0], exp(lambda.values[1]))
      var stream = RandomStream(seed: 11, purpose: .test)
      let reference = model.logEvidence(at: lambda)
      let ratios = (0..<40_000).map { _ in
        let position = (0..<model.dimension).map { _ in
          location
            + scale
            * (model.prior.family == .normal
              ? stream.normal() : -log(stream.openUniform()) * (stream.uniform() < 0.5 ? 1 : -1))
        }
        return exp(model.logLikelihood(at: position.span) - reference)
      }
      let mean = ratios.reduce(0, +) / Double(ratios.count)
      let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count - 1)
      return (mean - 1) / (variance / Double(ratios.count)).squareRoot()
    }
    #expect(abs(zScore(GaussianHierarchy.simulated(groups: 3, seed: 12), at: [1, 0.8])) < 4)
    #expect(abs(zScore(try GaussianRegression.simulated(rows: 8, features: 4, seed: 13), at: [-1.2])) < 4)
    #expect(abs(zScore(LaplaceRegression.simulated(rows: 8, features: 3, length: 1, seed: 14), at: [-1])) < 4)
    #expect(abs(zScore(LogisticHierarchy.simulated(groups: 3, seed: 15), at: [1, 0.4])) < 4)
  }

  /// Scales that overflow or vanish have no posterior, and are said.
  @Test func scalesOutOfRangeThrow() {
    let model = GaussianHierarchy.simulated(groups: 2, seed: 16)
    for value in [800.0, -800, .nan] {
      let lambda = Hyperparameters(entries: model.hyperparameters.entries, values: [0, value])
      #expect(throws: ModelError.self) { try model.posterior(given: lambda) }
    }
  }
}
