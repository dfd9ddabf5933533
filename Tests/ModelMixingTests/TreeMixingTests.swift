import Diagnostics
import Foundation
import LogDensities
import Testing

@testable import ModelMixing

@Suite struct TreeMixingTests {
  private func mix(
    inputs: [[Double]], predictions: [[Double]], response: [Double], trees: Int = 5, minimumLeafRows: Int = 1
  ) async throws -> TreeMixingSample {
    let models = predictions.count
    let mixing = try TreeMixing(
      TreeMixingData(rows: MixingRows(inputs: inputs, predictions: predictions), response: response),
      prior: TreeMixingPrior(
        trees: trees, tree: TreePrior(minimumLeafRows: minimumLeafRows),
        leaves: .nonInformative(models: models, trees: trees), noise: .around(0.1, degrees: 5)))
    return try await mixing.sample(TreeSamplingSettings(chains: 2, warmup: 300, draws: 500))
  }

  @Test func drawsAreTheSameForAnyNumberOfThreads() async throws {
    let mixing = try SmallProblem.mixing()
    let points = try SmallProblem.rows(70, seed: 12)
    var predictions: [TreePredictions] = []
    var draws: [TreePredictionDraws] = []
    var states: [[TreeEnsemble]] = []
    for threads in [1, 3] {
      let sample = try await mixing.sample(TreeSamplingSettings(chains: 3, warmup: 20, draws: 30, threads: threads))
      states.append(sample.states)
      predictions.append(try await sample.predict(at: points, includingNoise: true, threads: threads))
      draws.append(try await sample.draws(at: points, threads: threads))
    }
    #expect(states[0] == states[1] && predictions[0] == predictions[1] && draws[0] == draws[1])
    #expect(states[0][0] != states[0][1])
    let other = try await mixing.sample(TreeSamplingSettings(chains: 3, warmup: 20, draws: 30), iteration: 1)
    #expect(other.states != states[0])
  }

  /// Continuing is the same as not having stopped, but for the random stream's name: the states are those of the last draw.
  @Test func statesGoOn() async throws {
    let mixing = try SmallProblem.mixing()
    let settings = TreeSamplingSettings(chains: 2, warmup: 10, draws: 5)
    let first = try await mixing.sample(settings)
    #expect(first.sigmas.map(\.last) == first.states.map(\.sigma))
    #expect(first.leafStatistics.map(\.last) == first.states.map { $0.leafStatistics(models: 2) })
    let second = try await mixing.sample(settings, from: first.states, iteration: 1)
    #expect(second.chains == 2 && second.drawsPerChain == 5)
    await #expect(throws: MixingError.self) { try await mixing.sample(settings, from: [first.states[0]]) }
    let tuned = try mixing.replacing(leaves: .informative(models: 2, trees: 6), noise: .known(0.2))
    let third = try await tuned.sample(settings, from: first.states, iteration: 2)
    #expect(third.sigmas.allSatisfy { $0.allSatisfy { $0 == 0.2 } })
  }

  @Test func oneModel() async throws {
    let x = (0..<20).map { Double($0) / 20 }
    let sample = try await mix(inputs: [x], predictions: [x.map { _ in 1 }], response: x.map { $0 < 0.5 ? 0.2 : 0.8 })
    let predictions = try await sample.predict(
      at: MixingRows(inputs: [[-50, 0.1, 0.9, 50]], predictions: [[1, 1, 1, 1]]))
    for (found, expected) in zip(predictions.mixture, [0.2, 0.2, 0.8, 0.8]) {
      #expect(abs(found.mean - expected) < 0.15)
    }
    #expect(predictions.weights[0].map(\.mean) == predictions.mixture.map(\.mean))
    // Beyond the range a tree goes on as at its end.
    #expect(abs(predictions.mixture[3].mean - predictions.mixture[2].mean) < 0.1)
  }

  @Test func tenModels() async throws {
    var stream = RandomStream(seed: 8, purpose: .test)
    let x = (0..<30).map { _ in stream.uniform() }
    let predictions = (0..<10).map { _ in x.map { _ in stream.normal() } }
    let sample = try await mix(inputs: [x], predictions: predictions, response: predictions[3])
    let found = try await sample.predict(at: MixingRows(inputs: [x], predictions: predictions), weights: .simplex)
    for point in x.indices {
      let weights = found.weights.map { $0[point].mean }
      #expect(abs(weights.reduce(0, +) - 1) < 1e-9 && weights.allSatisfy { $0 >= 0 })
      #expect(weights.max() == weights[3])
    }
  }

  @Test func oneRow() async throws {
    let sample = try await mix(inputs: [[2]], predictions: [[1], [3]], response: [2])
    let points = MixingRows(inputs: [[2, -7]], predictions: [[1, 1], [3, 3]])
    let found = try await sample.predict(at: points)
    #expect(abs(found.mixture[0].mean - 2) < 0.3)
    // Nothing to split on: weights are the same everywhere.
    #expect(found.weights.allSatisfy { $0[0] == $0[1] })
    #expect(sample.states.allSatisfy { $0.leaves == 5 })
  }

  /// Models that agree exactly make leaf vectors of which the data know the sum only.
  @Test func modelsThatAgree() async throws {
    let x = (0..<25).map { Double($0) }
    let f = x.map { 1 + 0.1 * $0 }
    let sample = try await mix(inputs: [x], predictions: [f, f, f], response: f)
    let found = try await sample.predict(at: MixingRows(inputs: [x], predictions: [f, f, f]))
    for point in x.indices {
      #expect(abs(found.mixture[point].mean - f[point]) < 0.15 * f[point])
      #expect(found.weights.allSatisfy { $0[point].standardDeviation > 0.05 })
    }
  }

  @Test func constantInputs() async throws {
    let f = (0..<12).map { 1 + Double($0 % 3) }
    let sample = try await mix(
      inputs: [[Double](repeating: 3, count: 12)], predictions: [f, f.map { 2 - $0 }], response: f)
    #expect(sample.states.allSatisfy { $0.leaves == 5 })
    let found = try await sample.predict(at: MixingRows(inputs: [[3]], predictions: [[1], [1]]))
    #expect(abs(found.weights[0][0].mean - 1) < 0.2 && abs(found.weights[1][0].mean) < 0.2)
  }

  @Test func bandsSayWhetherTheyHoldNoise() async throws {
    let sample = try await SmallProblem.mixing().sample(TreeSamplingSettings(chains: 2, warmup: 200, draws: 1000))
    let points = try SmallProblem.rows(5, seed: 3)
    let mean = try await sample.predict(at: points, probabilities: [0.1, 0.9])
    let response = try await sample.predict(at: points, probabilities: [0.1, 0.9], includingNoise: true)
    let draws = try await sample.draws(at: points)
    #expect(!mean.includesNoise && response.includesNoise)
    let sigmas = sample.sigmas.flatMap { $0 }
    let variance = sigmas.reduce(0) { $0 + $1 * $1 } / Double(sigmas.count)
    for point in 0..<5 {
      let all = draws.mixture[point].flatMap { $0 }
      #expect(draws.mixture[point].map(\.count) == [1000, 1000])
      #expect(abs(mean.mixture[point].mean - all.reduce(0, +) / 2000) < 1e-12)
      #expect(mean.mixture[point].quantiles[1] == sampleQuantile(ofSorted: all.sorted(), 0.9))
      #expect(mean.mixture[point].mean == response.mixture[point].mean)
      let expected = (pow(mean.mixture[point].standardDeviation, 2) + variance).squareRoot()
      #expect(abs(response.mixture[point].standardDeviation - expected) < 1e-12)
      // For a near normal predictive the 80 % band is 2 · 1.28 standard deviations wide; 2000 draws leave some 3 %.
      let width = response.mixture[point].quantiles[1] - response.mixture[point].quantiles[0]
      #expect(abs(width / expected - 2.563) < 0.4)
      let mixed = (0..<1000).map { draw in
        (0..<2).reduce(0) { $0 + draws.weights[$1][point][1][draw] * points.predictions[$1][point] }
      }
      #expect(zip(mixed, draws.mixture[point][1]).allSatisfy { abs($0 - $1) < 1e-12 })
    }
  }

  /// The variance of a new response is that of the mean plus s² E σ², row by row; quantiles of a tenfold error are wider.
  @Test func newRowsHaveErrorsOfTheirOwn() async throws {
    let sample = try await SmallProblem.mixing().sample(TreeSamplingSettings(chains: 2, warmup: 100, draws: 200))
    let points = try SmallProblem.rows(3, seed: 3)
    func predict(_ errors: [Double]?) async throws -> [PredictionSummary] {
      try await sample.predict(
        at: points.inputs, predictions: points.said, probabilities: [0.1, 0.9], includingNoise: true,
        responseErrors: errors
      ).mixture
    }
    let mean = try await sample.predict(at: points, probabilities: [0.1, 0.9]).mixture
    let (plain, own) = (try await predict(nil), try await predict([0, 1, 10]))
    let sigmas = sample.sigmas.flatMap { $0 }
    let variance = sigmas.reduce(0) { $0 + $1 * $1 } / Double(sigmas.count)
    for (row, scale) in [0.0, 1, 10].enumerated() {
      let expected = (pow(mean[row].standardDeviation, 2) + scale * scale * variance).squareRoot()
      #expect(abs(own[row].standardDeviation - expected) < 1e-12)
    }
    #expect(own[0].quantiles == mean[0].quantiles && own[1] == plain[1])
    #expect(own[2].quantiles[1] - own[2].quantiles[0] > 4 * (plain[2].quantiles[1] - plain[2].quantiles[0]))
    await #expect(throws: MixingError.negative(what: "The response's error", row: 1)) { try await predict([1, -1, 1]) }
    await #expect(throws: MixingError.self) { try await predict([1]) }
  }

  /// The stored trees predict what the last state's trees predict, walked by their inputs.
  @Test func storedTreesAreTheStates() async throws {
    let mixing = try SmallProblem.mixing()
    let sample = try await mixing.sample(TreeSamplingSettings(chains: 1, warmup: 100, draws: 3))
    let points = try SmallProblem.rows(90, seed: 31)
    let draws = try await sample.draws(at: points)
    for point in 0..<90 {
      var weight = 0.0
      for tree in sample.states[0].trees {
        var node = 0
        while !tree.nodes[node].isLeaf {
          let rule = tree.nodes[node].rule
          let isBelow = points.inputs[rule.variable][point] < mixing.grid.cuts[rule.variable][rule.cut]
          node = tree.nodes[node].children + (isBelow ? 0 : 1)
        }
        weight += tree.values[2 * node]
      }
      #expect(abs(weight - draws.weights[0][point][0][2]) < 1e-12)
    }
  }
}
