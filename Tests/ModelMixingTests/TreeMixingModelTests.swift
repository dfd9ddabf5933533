import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@testable import ModelMixing

@Suite struct TreeMixingModelTests {
  private func sample(_ mixing: TreeMixing, draws: Int = 30) async throws -> PosteriorSample {
    let sampler = try TreePosteriorSampler(TreeSamplingSettings(chains: 2, warmup: 50, thinning: 1))
    return try await sampler.sample(
      mixing, from: nil, plan: InnerSampling(.settled(discarded: 0), draws: draws), iteration: 0
    )
    .sample
  }

  /// Score and curvature against differences of `logPrior`, table against draw by draw, on records of split trees with every
  /// entry a coordinate of its own and with blocks tied.
  @Test(arguments: [true, false]) func priorMembersAgree(tied: Bool) async throws {
    let model = try TreeMixingModel(SmallProblem.mixing())
    var lambda = Hyperparameters(entries: model.hyperparameters.entries, values: model.hyperparameters.values)
    #expect(lambda.entries.map(\.block) == ["leaves", "leaves", "leaves", "leaves", "noise"])
    if tied {
      lambda.tune([1, 3], name: "leaves")
      lambda.tune([4], name: "noise")
    } else {
      for entry in 0..<lambda.count { lambda.tune([entry], name: lambda.entries[entry].name, bounds: -30...30) }
    }
    let sample = try await sample(model.mixing)
    let q = lambda.coordinates.count
    let statistics = (0..<sample.count).flatMap { draw in
      sample.withPosition(draw) { model.priorStatistics(at: $0, for: lambda) }
    }
    let weights = (0..<sample.count).map { 1 + Double($0 % 3) }
    let table = model.priorTable(of: statistics, draws: sample.count, given: lambda)
    let step = 1e-5
    var curvature = [Double](repeating: 0, count: q * q)
    for coordinate in 0..<q {
      let moved = [-step, step].map { shift -> Hyperparameters in
        var free = lambda.free
        free[coordinate] += shift
        return lambda.moved(to: free)
      }
      for draw in 0..<sample.count {
        sample.withPosition(draw) { position in
          #expect(table.logPrior[draw] == model.logPrior(at: position, given: lambda))
          let slope =
            (model.logPrior(at: position, given: moved[1]) - model.logPrior(at: position, given: moved[0])) / (2 * step)
          #expect(abs(slope - table.scores[coordinate][draw]) < 1e-6 * (1 + abs(slope)))
          var score = [Double](repeating: 0, count: lambda.count)
          var span = score.mutableSpan
          model.score(at: position, given: lambda, into: &span)
          #expect(lambda.pulledBack(score)[coordinate] == table.scores[coordinate][draw])
        }
      }
      let tables = moved.map { model.priorTable(of: statistics, draws: sample.count, given: $0).scores }
      for other in 0..<q {
        for draw in 0..<sample.count {
          curvature[coordinate * q + other] +=
            weights[draw] * (tables[1][other][draw] - tables[0][other][draw]) / (2 * step)
        }
      }
    }
    let found = model.priorCurvature(of: statistics, draws: sample.count, weights: weights, given: lambda)
    for (one, other) in zip(found, curvature) { #expect(abs(one - other) < 1e-5 * (1 + abs(other))) }
  }

  /// What a record says against the ensemble at the chain's end, computed from the trees row by row.
  @Test func recordsAreThoseOfTheTrees() async throws {
    let mixing = try SmallProblem.mixing()
    let model = TreeMixingModel(mixing)
    let sampler = try TreePosteriorSampler(TreeSamplingSettings(chains: 2, warmup: 60, thinning: 2), keepingTrees: true)
    let (sample, chains) = try await sampler.sample(
      mixing, from: nil, plan: InnerSampling(.settled(discarded: 1), draws: 3), iteration: 4)
    #expect(model.parameterNames.count == model.dimension && Set(model.parameterNames).count == model.dimension)
    #expect(sample.dimension == model.dimension && sample.gradientEvaluations == 2 * (60 + 6))
    let trees = try #require(chains.sample)
    #expect(trees.chains == 2 && trees.drawsPerChain == 3 && trees.states == chains.states)
    let kept = try await trees.draws(at: mixing.data.inputs, predictions: mixing.predictions).mixture
    for (chain, ensemble) in chains.states.enumerated() {
      let weights = (0..<mixing.data.count).map { row in
        (0..<2).map { model in
          ensemble.trees.reduce(0) { sum, tree in
            let leaf = tree.leaf(of: row, bins: mixing.problem.bins.span, stride: mixing.data.count)
            return sum + tree.values[leaf * 2 + model]
          }
        }
      }
      let predictions = mixing.predictions.means
      let mixture = weights.indices.map { weights[$0][0] * predictions[0][$0] + weights[$0][1] * predictions[1][$0] }
      let rows = Double(weights.count)
      let share = (0.5 + weights.reduce(0) { $0 + SimplexProjection.project($1)[0] }) / (rows + 1)
      sample.withPosition(chain * 3 + 2) { position in
        let values = Dictionary(uniqueKeysWithValues: zip(model.parameterNames, model.constrained(position)))
        #expect(values["leaves"] == Double(ensemble.leaves))
        #expect(abs((values["sigma"] ?? 0) - ensemble.sigma) < 1e-14)
        for row in mixture.indices {
          #expect(abs((values["mixture[\(row + 1)]"] ?? 0) - mixture[row]) < 1e-12)
          #expect(abs(kept[row][chain][2] - mixture[row]) < 1e-12)
        }
        #expect(abs((values["weight[1]"] ?? 0) - weights.reduce(0) { $0 + $1[0] } / rows) < 1e-12)
        #expect(abs((values["share[1]"] ?? 0) - share) < 1e-12)
        let entropy = -(share * log(share) + (1 - share) * log(1 - share)) / log(2)
        #expect(abs((model.logAllocationEntropy(at: position) ?? 0) - log(entropy)) < 1e-12)
        let likelihood = mixture.indices.reduce(0.0) { sum, row in
          let z = (mixing.data.response[row] - mixture[row]) / ensemble.sigma
          return sum - 0.5 * z * z - log(ensemble.sigma) - 0.5 * log(2 * Double.pi)
        }
        #expect(abs(model.logLikelihood(at: position) - likelihood) < 1e-9)
        var pointwise = [Double](repeating: 0, count: mixture.count)
        var span = pointwise.mutableSpan
        model.pointwiseLogLikelihood(at: position, into: &span)
        #expect(abs(pointwise.reduce(0, +) - likelihood) < 1e-9)
        let prior = model.logPrior(at: position, given: model.hyperparameters)
        #expect(abs(sample.statistics[chain * 3 + 2].logDensity - likelihood - prior) < 1e-8)
        #expect(model.convergenceQuantities(at: position).count == model.convergenceQuantityNames.count)
      }
    }
  }

  /// The simulated mean number of leaves against the list of all trees with their prior; the limit is five standard errors.
  @Test func expectedLeavesAreThoseOfThePrior() throws {
    for minimum in [1, 2] {
      let tiny = try TinyTrees(minimumLeafRows: minimum)
      var (total, leaves, squares) = (0.0, 0.0, 0.0)
      for (shape, logPrior) in tiny.logPrior {
        let count = Double(shape.tree(models: 2).leaves)
        total += exp(logPrior)
        leaves += exp(logPrior) * count
        squares += exp(logPrior) * count * count
      }
      let mean = leaves / total
      let deviation = (squares / total - mean * mean).squareRoot()
      let found = PriorTrees(tiny.mixing).expectedLeaves(trees: 4000)
      #expect(abs(found - mean) < 5 * deviation / 4000.0.squareRoot(), "\(found) \(mean)")
    }
  }

  @Test func scalesWithoutAPriorAreRefused() throws {
    let model = try TreeMixingModel(SmallProblem.mixing())
    let lambda = model.hyperparameters
    for value in [-1e4, 1e4, .nan] {
      var values = lambda.values
      values[1] = value
      let broken = Hyperparameters(entries: lambda.entries, values: values)
      #expect(throws: ModelError.self) { try model.posterior(given: broken) }
      let position = [Double](repeating: 1, count: model.dimension)
      #expect(model.logPrior(at: position.span, given: broken) == -.infinity)
    }
  }
}
