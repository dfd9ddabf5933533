import Foundation
import LogDensities
import Testing

@testable import ModelMixing

/// Moves of leaves of several trees together.
@Suite struct JointMoveTests {
  /// Two trees, five leaves of two entries, on the rows of the tiny design.
  private func trees() -> [RegressionTree] {
    let first: Shape = .node(SplitRule(variable: 0, cut: 0), .leaf, .leaf)
    let second: Shape = .node(
      SplitRule(variable: 1, cut: 0), .leaf, .node(SplitRule(variable: 1, cut: 1), .leaf, .leaf))
    return [first, second].map { $0.tree(models: 2) }
  }

  /// Mean and covariance of joint draws against the Gaussian from its definition: the residuals of the normal equations
  /// Λ v = b have mean 0 and covariance Λ. 10 means and 55 covariances within 5 standard errors: false-alarm rate 4e-5.
  @Test func jointDrawsAreOfThePosterior() throws {
    let mixing = try TinyTrees().mixing
    let (problem, prior) = (mixing.problem, mixing.prior.leaves)
    var trees = trees()
    let partitions = trees.map { TreePartition($0, problem) }
    let places = trees.indices.flatMap { tree in
      trees[tree].nodes.indices.filter { trees[tree].nodes[$0].isLeaf }.flatMap { node in
        (0..<2).map { (tree: tree, node: node, model: $0) }
      }
    }
    let q = places.count
    let design = (0..<problem.rows).map { row in
      places.map { place in
        Int(partitions[place.tree].leafOfRow[row]) == place.node ? problem.predictions[row * 2 + place.model] : 0
      }
    }
    let sigma = 0.4
    var precision = [[Double]](repeating: [Double](repeating: 0, count: q), count: q)
    var right = [Double](repeating: 0, count: q)
    for (i, place) in places.enumerated() {
      let own = 1 / pow(prior.scales[place.model], 2)
      precision[i][i] += own
      right[i] += own * prior.means[place.model]
      for row in 0..<problem.rows {
        let weight = problem.precisions[row] / (sigma * sigma) * design[row][i]
        right[i] += weight * problem.response[row]
        for j in 0..<q { precision[i][j] += weight * design[row][j] }
      }
    }
    let joint = JointLeafDraw(problem, prior)
    var stream = RandomStream(seed: 61, purpose: .test)
    let count = 20_000
    var means = [Double](repeating: 0, count: q)
    var products = precision.map { $0.map { _ in 0.0 } }
    for _ in 0..<count {
      let isDrawn = joint.draw(&trees, partitions, sigma: sigma, problem, &stream)
      try #require(isDrawn)
      let v = places.map { trees[$0.tree].values[$0.node * 2 + $0.model] }
      let residual = (0..<q).map { i in (0..<q).reduce(-right[i]) { $0 + precision[i][$1] * v[$1] } }
      for i in 0..<q {
        means[i] += residual[i] / Double(count)
        for j in 0..<q { products[i][j] += residual[i] * residual[j] / Double(count) }
      }
    }
    let n = Double(count).squareRoot()
    for i in 0..<q {
      #expect(abs(means[i]) < 5 * precision[i][i].squareRoot() / n)
      for j in 0...i {
        let error = (precision[i][i] * precision[j][j] + precision[i][j] * precision[i][j]).squareRoot() / n
        #expect(abs(products[i][j] - precision[i][j]) < 5 * error, "\(i) \(j)")
      }
    }
  }

  /// Leaves of the prior stay leaves of the prior, and the sum of the trees stays. Means and squares of 10 entries within 5
  /// standard errors: false-alarm rate 1e-5.
  @Test func exchangedLevelsKeepPriorAndSum() throws {
    let prior = try TinyTrees().mixing.prior.leaves
    var stream = RandomStream(seed: 62, purpose: .test)
    let count = 20_000
    var trees = trees()
    let leaves = trees.map { tree in tree.nodes.indices.filter { tree.nodes[$0].isLeaf } }
    var (sums, squares) = ([Double](repeating: 0, count: 10), [Double](repeating: 0, count: 10))
    for _ in 0..<count {
      for (tree, nodes) in leaves.enumerated() {
        for node in nodes {
          for model in 0..<2 {
            trees[tree].values[node * 2 + model] = prior.means[model] + prior.scales[model] * stream.normal()
          }
        }
      }
      let before = trees
      LevelExchange.run(&trees, prior, &stream)
      var index = 0
      for (tree, nodes) in leaves.enumerated() {
        for node in nodes {
          for model in 0..<2 {
            let z = (trees[tree].values[node * 2 + model] - prior.means[model]) / prior.scales[model]
            sums[index] += z
            squares[index] += z * z - 1
            index += 1
          }
        }
      }
      for one in leaves[0] {
        for other in leaves[1] {
          for model in 0..<2 {
            let (a, b) = (one * 2 + model, other * 2 + model)
            let change = trees[0].values[a] + trees[1].values[b] - before[0].values[a] - before[1].values[b]
            if abs(change) > 1e-12 { Issue.record("the sum of trees changed by \(change)") }
          }
        }
      }
      #expect(trees[0].values != before[0].values)
    }
    let n = Double(count)
    for index in 0..<10 {
      #expect(abs(sums[index]) < 5 * n.squareRoot())
      #expect(abs(squares[index]) < 5 * (2 * n).squareRoot())
    }
  }
}
