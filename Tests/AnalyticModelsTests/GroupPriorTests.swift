import AnalyticModels
import Foundation
import LogDensities
import Testing

@Suite struct GroupPriorTests {
  private static func models() -> [LaplaceRegression] {
    var fixed = LaplaceRegression.simulated(rows: 10, features: 5, seed: 20)
    fixed.hyperparameters = fixed.prior.hyperparameters(location: 0.3, tunesLocation: false)
    var free = fixed
    free.hyperparameters = fixed.prior.hyperparameters(location: 0.3, tunesLocation: true)
    return [fixed, free]
  }

  /// The table says for draws what density and score say for each, and the curvature is the derivative of the weighted
  /// score; for a Laplace location minus the expected information stands.
  private func check<Model: AnalyticModel>(_ model: Model, at free: [Double]) {
    let lambda = model.hyperparameters.moved(to: free)
    var stream = RandomStream(seed: 21, purpose: .test)
    let draws = (0..<7).map { _ in (0..<model.dimension).map { _ in 0.5 + 2 * stream.normal() } }
    let weights = draws.map { _ in stream.uniform() - 0.2 }
    let statistics = draws.flatMap { model.priorStatistics(at: $0.span, for: model.hyperparameters) }
    let table = model.priorTable(of: statistics, draws: draws.count, given: lambda)
    for (index, draw) in draws.enumerated() {
      #expect(abs(table.logPrior[index] - model.logPrior(at: draw.span, given: lambda)) < 1e-9)
      var entries = [0.0, 0]
      var span = entries.mutableSpan
      model.score(at: draw.span, given: lambda, into: &span)
      #expect(distance(table.scores.map { $0[index] }, lambda.pulledBack(entries)) < 1e-10)
      let slope = derivative(at: lambda) { model.logPrior(at: draw.span, given: $0) }
      #expect(distance(lambda.pulledBack(entries), slope) < 1e-6)
    }
    let q = lambda.coordinates.count
    let curvature = model.priorCurvature(of: statistics, draws: draws.count, weights: weights, given: lambda)
    #expect(curvature.count == q * q)
    let continuous = model.scoreIsContinuous(for: lambda)
    for row in 0..<q {
      let numeric = derivative(at: lambda) { at in
        let scores = model.priorTable(of: statistics, draws: draws.count, given: at).scores[row]
        return zip(scores, weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for column in 0..<q where continuous[row] || row != column {
        #expect(abs(curvature[row * q + column] - numeric[column]) < 1e-5 * (1 + abs(numeric[column])))
      }
      if !continuous[row] {
        let information = model.priorInformation(at: lambda)[row]
        #expect(abs(curvature[row * q + row] + information * weights.reduce(0, +)) < 1e-9)
      }
    }
  }

  @Test(arguments: [-1.2, 0, 0.9]) func tablesAndCurvatures(_ s: Double) throws {
    check(GaussianHierarchy.simulated(groups: 6, seed: 22), at: [1.1, s])
    check(try GaussianRegression.simulated(rows: 10, features: 4, seed: 23), at: [s])
    check(LogisticHierarchy.simulated(groups: 5, seed: 24), at: [-0.4, s])
    let (fixed, free) = (Self.models()[0], Self.models()[1])
    check(fixed, at: [s])
    check(free, at: [0.2, s])
    #expect(fixed.scoreIsContinuous(for: fixed.hyperparameters) == [true])
    #expect(free.scoreIsContinuous(for: free.hyperparameters) == [false, true])
  }

  /// The mean of a normal far from 0 with a scale of 10⁻³: sums of squares about 0 would have lost seven digits.
  @Test func statisticsDoNotCancel() {
    let model = GaussianHierarchy(measurements: [1e4, 1e4], errors: [1, 1])
    let lambda = model.hyperparameters.moved(to: [1e4, log(1e-3)])
    let draw = [1e4 + 1e-3, 1e4 - 2e-3]
    let statistics = model.priorStatistics(at: draw.span, for: lambda)
    let table = model.priorTable(of: statistics, draws: 1, given: lambda)
    #expect(abs(table.logPrior[0] - model.logPrior(at: draw.span, given: lambda)) < 1e-7)
  }

  /// E[z²] = 1 gives information (k/s², 2k) and (k/s², k): the variance of the score of 20,000 prior draws, each within 6 %
  /// (four standard errors of a variance of a normal are 4 %).
  @Test func informationIsTheVarianceOfTheScore() {
    func check<Model: AnalyticModel>(_ model: Model) {
      var lambda = model.prior.hyperparameters(location: 0.5, scale: 0.7, tunesLocation: true)
      lambda = lambda.moved(to: lambda.free)
      var stream = RandomStream(seed: 25, purpose: .test)
      var squares = [0.0, 0]
      for _ in 0..<20_000 {
        let draw = (0..<model.dimension).map { _ in
          0.5 + 0.7
            * (model.prior.family == .normal
              ? stream.normal() : -log(stream.openUniform()) * (stream.uniform() < 0.5 ? 1 : -1))
        }
        var score = [0.0, 0]
        var span = score.mutableSpan
        model.score(at: draw.span, given: lambda, into: &span)
        for index in 0..<2 { squares[index] += score[index] * score[index] / 20_000 }
      }
      let information = model.priorInformation(at: lambda)
      for (found, expected) in zip(squares, information) { #expect(abs(found / expected - 1) < 0.06) }
    }
    check(GaussianHierarchy.simulated(groups: 10, seed: 26))
    check(LaplaceRegression.simulated(rows: 12, features: 10, seed: 27))
  }
}
