import Foundation
import LogDensities
import Testing

@testable import ModelMixing

/// Simulation-based calibration (Talts et al. 2018): with trees, leaves and σ from the prior and y from the model, the rank of
/// any function of them among posterior draws is uniform. The prior is simulated by code of this file.
///
/// Each of 8 quantities is tested by χ² over 20 bins (limit: the 99.95 % point with 19 degrees of freedom) and by its mean rank
/// (3.5 standard errors): a false alarm in at most 0.8 % of seeds, and the seed is fixed.
@Suite struct TreeCalibrationTests {
  private static let replications = 400
  private static let bins = 20
  private static let draws = 99

  private let inputs = [
    [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 0.4, 0.6], [0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4, 0.5],
  ]
  private let predictions = [
    [1, 0.8, 0.9, 1.2, 0.7, 1.1, 0.4, 1, 0.9], [0.3, 1, -0.2, 0.8, 1.3, 0.1, 1, 0.6, -0.5],
  ]
  private let prior: TreeMixingPrior
  private let grid: CutGrid

  init() throws {
    prior = try TreeMixingPrior(
      trees: 2, tree: TreePrior(base: 0.7, power: 1, minimumLeafRows: 2),
      leaves: LeafPrior(means: [0.3, 0.2], scales: [0.5, 0.4]), noise: .scaledInverseChiSquare(degrees: 6, scale: 0.1))
    grid = try CutGrid([[0.3, 0.55, 0.75], [0.45]])
  }

  /// A tree of the prior: branching from the root, thrown away as long as a leaf has too few rows.
  private func tree(_ stream: inout RandomStream) -> RegressionTree {
    while true {
      let shape = branch(depth: 0, grid.cuts.map { 0..<$0.count }, &stream)
      let groups = rows(of: shape, Array(inputs[0].indices))
      guard shape == .leaf || groups.allSatisfy({ $0.count >= prior.tree.minimumLeafRows }) else { continue }
      var tree = shape.tree(models: 2)
      for node in tree.nodes.indices where tree.nodes[node].isLeaf {
        for model in 0..<2 {
          tree.values[node * 2 + model] = prior.leaves.means[model] + prior.leaves.scales[model] * stream.normal()
        }
      }
      return tree
    }
  }

  private func branch(depth: Int, _ ranges: [Range<Int>], _ stream: inout RandomStream) -> Shape {
    let available = ranges.indices.filter { !ranges[$0].isEmpty }
    guard !available.isEmpty, stream.uniform() < prior.tree.base / pow(Double(1 + depth), prior.tree.power) else {
      return .leaf
    }
    let variable = available[stream.integer(below: available.count)]
    let cut = ranges[variable].lowerBound + stream.integer(below: ranges[variable].count)
    var (left, right) = (ranges, ranges)
    left[variable] = ranges[variable].lowerBound..<cut
    right[variable] = cut + 1..<ranges[variable].upperBound
    return .node(
      SplitRule(variable: variable, cut: cut), branch(depth: depth + 1, left, &stream),
      branch(depth: depth + 1, right, &stream))
  }

  private func rows(of shape: Shape, _ rows: [Int]) -> [[Int]] {
    guard case .node(let rule, let left, let right) = shape else { return [rows] }
    let cut = grid.cuts[rule.variable][rule.cut]
    return self.rows(of: left, rows.filter { inputs[rule.variable][$0] < cut })
      + self.rows(of: right, rows.filter { inputs[rule.variable][$0] >= cut })
  }

  /// w_k at a row, by walking down the trees.
  private func weights(_ ensemble: TreeEnsemble, row: Int) -> [Double] {
    var weights = [0.0, 0.0]
    for tree in ensemble.trees {
      var node = 0
      while !tree.nodes[node].isLeaf {
        let rule = tree.nodes[node].rule
        let isBelow = inputs[rule.variable][row] < grid.cuts[rule.variable][rule.cut]
        node = tree.nodes[node].children + (isBelow ? 0 : 1)
      }
      for model in 0..<2 { weights[model] += tree.values[2 * node + model] }
    }
    return weights
  }

  private func mean(_ ensemble: TreeEnsemble, row: Int) -> Double {
    zip(weights(ensemble, row: row), predictions).reduce(0) { $0 + $1.0 * $1.1[row] }
  }

  private func quantities(_ ensemble: TreeEnsemble, _ response: [Double]) -> [Double] {
    let likelihood = response.indices.reduce(0.0) {
      $0 - log(ensemble.sigma) - 0.5 * pow((response[$1] - mean(ensemble, row: $1)) / ensemble.sigma, 2)
    }
    let statistics = ensemble.leafStatistics(models: 2)
    return [
      ensemble.sigma, likelihood, mean(ensemble, row: 0), mean(ensemble, row: 6), weights(ensemble, row: 0)[0],
      weights(ensemble, row: 4)[1], Double(statistics.leaves), statistics.squares(about: 0.3, model: 0),
    ]
  }

  @Test func ranksAreUniform() throws {
    var stream = RandomStream(seed: 2024, purpose: .simulation)
    var ranks = [[Int]](repeating: [], count: 8)
    for replication in 0..<Self.replications {
      let truth = TreeEnsemble(
        trees: [tree(&stream), tree(&stream)], sigma: (0.6 / stream.chiSquare(6)).squareRoot())
      let response = inputs[0].indices.map { mean(truth, row: $0) + truth.sigma * stream.normal() }
      let mixing = try TreeMixing(
        TreeMixingData(rows: MixingRows(inputs: inputs, predictions: predictions), response: response), prior: prior,
        grid: grid, moves: TreeMoveSettings(reach: 1, steps: 2))
      let expected = quantities(truth, response)
      var sampling = RandomStream(seed: 99, chain: UInt32(replication), purpose: .sampling)
      var sampler = try TreeSampler(mixing, at: mixing.start(&sampling))
      var below = [Int](repeating: 0, count: expected.count)
      var ties = below
      for sweep in 0..<100 + Self.draws * 8 {
        try sampler.sweep(&sampling)
        guard sweep >= 100, sweep % 8 == 0 else { continue }
        for (index, value) in quantities(sampler.ensemble, response).enumerated() {
          if value < expected[index] { below[index] += 1 }
          if value == expected[index] { ties[index] += 1 }
        }
      }
      // Among ties, of numbers of leaves, every rank is equally likely.
      for index in below.indices { ranks[index].append(below[index] + stream.integer(below: ties[index] + 1)) }
    }
    for (index, ranks) in ranks.enumerated() { expectUniform(ranks, "quantity \(index)") }
  }

  private func expectUniform(_ ranks: [Int], _ name: String) {
    let n = Double(ranks.count)
    var counts = [Double](repeating: 0, count: Self.bins)
    for rank in ranks { counts[rank * Self.bins / (Self.draws + 1)] += 1 }
    let expected = n / Double(Self.bins)
    let chiSquare = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    #expect(chiSquare < 45.97, "\(name): \(counts)")
    let levels = Double(Self.draws + 1)
    let mean = Double(ranks.reduce(0, +)) / n
    let error = ((levels * levels - 1) / 12 / n).squareRoot()
    #expect(abs(mean - Double(Self.draws) / 2) < 3.5 * error, "\(name): mean rank \(mean)")
  }
}
