import Foundation
import LogDensities
import Testing

@testable import Experts

private struct Case {
  let predictive: PosteriorPredictive
  let rows: ExpertRows
  let positions: [Double]
  let weights: [Double]

  init(_ combination: Combination, experts: Int = 3, draws: Int, rows count: Int, seed: UInt64) throws {
    rows = syntheticRows(count, seed: seed)
    let shape = ExpertArchitecture(combination: combination, experts: experts, expertFeatures: 1, gateFeatures: 2)
    var stream = RandomStream(seed: seed, purpose: .test)
    positions = (0..<draws * shape.dimension).map { _ in 0.6 * stream.normal() }
    let logs = (0..<draws).map { _ in stream.normal() - 300 }
    let total = logSumExp(logs)
    weights = logs.map { exp($0 - total) }
    predictive = try PosteriorPredictive(shape, positions: positions, logWeights: logs, rows: rows)
  }
}

@Suite struct PosteriorPredictiveRowTests {
  @Test(arguments: Combination.allCases) func `row summaries are the scalar oracle's`(combination: Combination) throws {
    let example = try Case(combination, draws: 400, rows: 40, seed: 51)
    let found = example.predictive.rowSummaries()
    #expect(found.observed == example.rows.response)
    example.predictive.forEachMixture { row, mixture in
      let y = example.rows.response[row]
      let oracle = ScalarMixture(mixture)
      let spread = oracle.standardDeviation
      #expect(abs(found.logDensity[row] - oracle.logDensity(at: y)) < 1e-12 * max(1, abs(found.logDensity[row])))
      #expect(abs(found.mean[row] - oracle.mean) < 1e-12)
      #expect(abs(found.probability[row] - oracle.distribution(at: y).below) < 1e-13)
      #expect(abs(found.lower[row] - oracle.quantile(0.025)) < 1e-9 * spread)
      #expect(abs(found.upper[row] - oracle.quantile(0.975)) < 1e-9 * spread)
      let error = (y - oracle.mean) * (y - oracle.mean) + spread * spread
      #expect(abs(found.squaredError[row] / error - 1) < 1e-12)
      if row < 3 { #expect(abs(found.crps[row] / oracle.crps(at: y) - 1) < 1e-7) }
    }
  }

  @Test func `any number of threads gives the same bits`() async throws {
    let example = try Case(.cocoafuse, draws: 300, rows: 150, seed: 52)
    #expect(example.predictive.chunks.count > 3)
    let alone = example.predictive.rowSummaries()
    let summaries = example.predictive.summaries()
    let curves = example.predictive.densities(on: [-1, 0, 2])
    for threads in [1, 2, 3, 50] {
      #expect(await example.predictive.rowSummaries(threads: threads) == alone)
      #expect(await example.predictive.summaries(threads: threads) == summaries)
      #expect(await example.predictive.densities(on: [-1, 0, 2], threads: threads) == curves)
    }
  }

  @Test(arguments: Combination.allCases) func `predictive draws have the row summaries`(combination: Combination) throws
  {
    // One position repeated 40,000 times, 3 rows, 5 statistics a row at 5 standard errors, 3 models: false alarms in fewer
    // than 1 of 30,000 runs.
    let rows = syntheticRows(3, seed: 53)
    let model = try ExpertModel(combination, experts: 3, data: rows)
    var stream = RandomStream(seed: 54, purpose: .test)
    let one = (0..<model.dimension).map { _ in 0.6 * stream.normal() }
    let exact = try PosteriorPredictive(model.architecture, positions: one, rows: rows).rowSummaries()
    let count = 40_000
    let many = try PosteriorPredictive(
      model.architecture, positions: (0..<count).flatMap { _ in one }, rows: rows)
    for (row, draws) in many.predictiveDraws(from: &stream).enumerated() {
      let y = rows.response[row]
      func agrees(_ values: [Double], _ expected: Double) -> Bool {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        return abs(mean - expected) < 5 * (variance / n).squareRoot()
      }
      #expect(agrees(draws.map { $0 <= y ? 1 : 0 }, exact.probability[row]))
      #expect(agrees(draws.map { $0 < exact.lower[row] ? 1 : 0 }, 0.025))
      #expect(agrees(draws.map { $0 > exact.upper[row] ? 1 : 0 }, 0.025))
      #expect(agrees(draws.map { ($0 - y) * ($0 - y) }, exact.squaredError[row]))
      // Pairs that share no draw are independent.
      let scores = (0..<count / 2).map {
        abs(draws[2 * $0] - y) / 2 + abs(draws[2 * $0 + 1] - y) / 2 - abs(draws[2 * $0] - draws[2 * $0 + 1]) / 2
      }
      #expect(agrees(scores, exact.crps[row]))
    }
  }

  @Test(arguments: Combination.allCases) func `the density curve integrates to 1 and is the draws' mean`(
    combination: Combination
  ) throws {
    let example = try Case(combination, draws: 60, rows: 4, seed: 55)
    let step = 0.01
    let grid = (-2500...2500).map { Double($0) * step }
    let curves = example.predictive.densities(on: grid)
    let dimension = example.predictive.architecture.dimension
    var singles: [[PosteriorPredictive.DensityCurve]] = []
    for draw in 0..<60 {
      let position = Array(example.positions[draw * dimension..<(draw + 1) * dimension])
      let one = try PosteriorPredictive(example.predictive.architecture, positions: position, rows: example.rows)
      singles.append(one.densities(on: [-0.5, 1]))
    }
    for (row, curve) in curves.enumerated() {
      // The trapezoidal rule on an analytic density, standard deviations well above the step.
      #expect(abs(curve.density.reduce(0, +) * step - 1) < 1e-6)
      #expect(zip(curve.lower, curve.upper).allSatisfy { $0 <= $1 })
      for (index, y) in [-0.5, 1].enumerated() {
        let values = singles.map { $0[row].density[index] }
        let at = 2500 + Int((y / step).rounded())
        let mean = zip(values, example.weights).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(curve.density[at] - mean) < 1e-12)
        #expect(values.contains { abs($0 - curve.lower[at]) < 1e-12 })
        let below = values.indices.filter { values[$0] < curve.lower[at] - 1e-12 }.reduce(0) {
          $0 + example.weights[$1]
        }
        let above = values.indices.filter { values[$0] > curve.upper[at] + 1e-12 }.reduce(0) {
          $0 + example.weights[$1]
        }
        #expect(below < 0.025 && above <= 0.025 + 1e-9)
      }
    }
  }

  @Test(arguments: Combination.allCases) func `the mean function's interval`(combination: Combination) throws {
    let example = try Case(combination, draws: 200, rows: 5, seed: 56)
    let dimension = example.predictive.architecture.dimension
    for (row, summary) in example.predictive.summaries(probabilities: [0.5]).enumerated() {
      let means = try (0..<200).map { draw in
        let position = Array(example.positions[draw * dimension..<(draw + 1) * dimension])
        return try PosteriorPredictive(
          example.predictive.architecture, positions: position, rows: example.rows.selected([row])
        ).rowSummaries().mean[0]
      }
      #expect(abs(summary.meanInterval.mean - summary.mean) < 1e-12)
      var sum = 0.0
      let order = means.indices.sorted { means[$0] < means[$1] }
      let lower = order.first {
        sum += example.weights[$0]; return sum >= 0.025
      }.map { means[$0] }
      #expect(lower.map { abs($0 - summary.meanInterval.lower) < 1e-12 } == true)
    }
  }

  @Test(arguments: Combination.allCases) func `extreme positions give no NaN`(combination: Combination) throws {
    let rows = syntheticRows(20, seed: 57)
    let shape = ExpertArchitecture(combination: combination, experts: 3, expertFeatures: 1, gateFeatures: 2)
    var stream = RandomStream(seed: 58, purpose: .test)
    for scale in [1.0, 1e3, 1e8] {
      for noise in [-700.0, -300, -30, 0, 100, 300] {
        var positions: [Double] = []
        for _ in 0..<5 {
          for index in 0..<shape.dimension {
            let isNoise = shape.logSigmas.contains(index)
            let isGate = shape.gate.contains(index) || shape.behaviour.contains(index)
            positions.append(isNoise ? noise + stream.normal() : (isGate ? scale : 1) * stream.normal())
          }
        }
        let predictive = try PosteriorPredictive(shape, positions: positions, rows: rows)
        let found = predictive.rowSummaries()
        for values in [found.mean, found.lower, found.upper, found.probability, found.squaredError, found.crps] {
          #expect(values.allSatisfy { $0.isFinite })
        }
        #expect(found.logDensity.allSatisfy { $0.isFinite || $0 == -.infinity })
        #expect(zip(found.lower, found.upper).allSatisfy { $0 <= $1 })
        #expect(found.probability.allSatisfy { $0 >= 0 && $0 <= 1 + 1e-12 })
        #expect(predictive.densities(on: [0]).allSatisfy { !$0.density[0].isNaN })
      }
    }
  }

  @Test(arguments: Combination.allCases) func `all weight on one draw is that draw`(combination: Combination) throws {
    let example = try Case(combination, draws: 1200, rows: 3, seed: 59)
    let shape = example.predictive.architecture
    let d = shape.dimension
    var logs = [Double](repeating: -.infinity, count: 1200)
    logs[701] = 5
    let weighted = try PosteriorPredictive(
      shape, positions: example.positions, logWeights: logs, rows: example.rows
    ).rowSummaries()
    let alone = try PosteriorPredictive(
      shape, positions: Array(example.positions[701 * d..<702 * d]), rows: example.rows
    ).rowSummaries()
    for row in 0..<3 {
      #expect(abs(weighted.logDensity[row] - alone.logDensity[row]) < 1e-12)
      #expect(abs(weighted.lower[row] - alone.lower[row]) < 1e-11)
      #expect(abs(weighted.upper[row] - alone.upper[row]) < 1e-11)
      #expect(abs(weighted.crps[row] / alone.crps[row] - 1) < 1e-7)
      #expect(abs(weighted.squaredError[row] / alone.squaredError[row] - 1) < 1e-12)
    }
  }
}
