import Foundation
import LogDensities

@testable import ModelMixing

/// A tree by value, so that trees can be listed, compared and looked up.
indirect enum Shape: Hashable {
  case leaf
  case node(SplitRule, Shape, Shape)

  /// The shape of a tree, whatever the order of its nodes.
  init(_ tree: RegressionTree, node: Int = 0) {
    let entry = tree.nodes[node]
    self =
      entry.isLeaf
      ? .leaf : .node(entry.rule, Shape(tree, node: entry.children), Shape(tree, node: entry.children + 1))
  }

  /// A tree of that shape.
  func tree(models: Int) -> RegressionTree {
    var tree = RegressionTree(leaf: [Double](repeating: 0, count: models))
    func build(_ shape: Shape, at node: Int) {
      guard case .node(let rule, let left, let right) = shape else { return }
      tree.split(node, by: rule)
      let children = tree.nodes[node].children
      build(left, at: children)
      build(right, at: children + 1)
    }
    build(self, at: 0)
    return tree
  }
}

/// A design so small that all trees over its cut points can be listed with their exact posterior at a known σ. Prior and
/// likelihood are computed here from their definitions, not by the library.
struct TinyTrees {
  static let sigma = 0.4
  let mixing: TreeMixing
  let space: TreeSpace
  /// All trees that the prior allows.
  let shapes: [Shape]
  /// All trees over the grid, whatever rows they leave in their leaves.
  let allShapes: Set<Shape>
  /// ln p(T), not normalised.
  let logPrior: [Shape: Double]
  /// ln p(y | T), leaves integrated out.
  let logLikelihood: [Shape: Double]
  /// p(T | y).
  let posterior: [Shape: Double]

  init(cuts: [[Double]] = [[0.5], [0.35, 0.65]], minimumLeafRows: Int = 1, moves: TreeMoveSettings = TinyTrees.moves)
    throws
  {
    let inputs = [[0.1, 0.9, 0.3, 0.8, 0.2, 0.7, 0.4], [0.2, 0.1, 0.5, 0.6, 0.9, 0.8, 0.4]]
    let predictions = [[1, 0.5, -0.3, 0.8, 0.2, 1.1, 0.6], [0.2, 1, 0.7, -0.5, 0.4, 0.1, 0.9]]
    let data = TreeMixingData(
      rows: MixingRows(inputs: inputs, predictions: predictions), response: [1.1, 0.3, 0.6, -0.4, 0.3, 0.2, 1.2],
      noiseScales: [1, 1.5, 1, 0.7, 1, 1, 1.2])
    let mixing = try TreeMixing(
      data,
      prior: TreeMixingPrior(
        trees: 1, tree: TreePrior(base: 0.8, power: 1.2, minimumLeafRows: minimumLeafRows),
        leaves: LeafPrior(means: [0.5, 0.3], scales: [0.6, 0.8]), noise: .known(Self.sigma)),
      grid: CutGrid(cuts), moves: moves)
    self.mixing = mixing
    space = TreeSpace(prior: mixing.prior.tree, cutCounts: mixing.grid.counts)
    var logPrior: [Shape: Double] = [:]
    var logLikelihood: [Shape: Double] = [:]
    let ranges = cuts.map { 0..<$0.count }
    allShapes = Set(Self.shapes(in: ranges))
    for shape in allShapes {
      let groups = Self.rows(of: shape, mixing)
      guard shape == .leaf || groups.allSatisfy({ $0.count >= minimumLeafRows }) else { continue }
      logPrior[shape] = Self.logPrior(shape, depth: 0, ranges, mixing.prior.tree)
      logLikelihood[shape] = groups.reduce(0) { $0 + Self.logLikelihood($1, mixing) }
    }
    let shapes = Array(logPrior.keys)
    self.shapes = shapes
    var logs: [Double] = []
    for shape in shapes { logs.append((logPrior[shape] ?? 0) + (logLikelihood[shape] ?? 0)) }
    let largest = logs.max() ?? 0
    let total = logs.reduce(0) { $0 + exp($1 - largest) }
    self.logPrior = logPrior
    self.logLikelihood = logLikelihood
    posterior = Dictionary(uniqueKeysWithValues: zip(shapes, logs.map { exp($0 - largest) / total }))
  }

  /// Unequal probabilities, so that a forgotten factor shows; one move a visit, so that a sweep is one transition.
  static let moves = TreeMoveSettings(grow: 0.35, prune: 0.2, change: 0.25, perturb: 0.2, reach: 1, steps: 1)

  static func shapes(in ranges: [Range<Int>]) -> [Shape] {
    var shapes: [Shape] = [.leaf]
    for (variable, range) in ranges.enumerated() {
      for cut in range {
        var left = ranges
        var right = ranges
        left[variable] = range.lowerBound..<cut
        right[variable] = cut + 1..<range.upperBound
        for one in Self.shapes(in: left) {
          for other in Self.shapes(in: right) {
            shapes.append(.node(SplitRule(variable: variable, cut: cut), one, other))
          }
        }
      }
    }
    return shapes
  }

  static func logPrior(_ shape: Shape, depth: Int, _ ranges: [Range<Int>], _ prior: TreePrior) -> Double {
    let available = ranges.filter { !$0.isEmpty }
    let split = prior.base / pow(Double(1 + depth), prior.power)
    guard case .node(let rule, let left, let right) = shape else { return available.isEmpty ? 0 : log(1 - split) }
    var leftRanges = ranges
    var rightRanges = ranges
    leftRanges[rule.variable] = ranges[rule.variable].lowerBound..<rule.cut
    rightRanges[rule.variable] = rule.cut + 1..<ranges[rule.variable].upperBound
    return log(split / Double(available.count) / Double(ranges[rule.variable].count))
      + logPrior(left, depth: depth + 1, leftRanges, prior) + logPrior(right, depth: depth + 1, rightRanges, prior)
  }

  /// The rows in each leaf, from left to right.
  static func rows(of shape: Shape, _ mixing: TreeMixing) -> [[Int]] {
    func divide(_ shape: Shape, _ rows: [Int]) -> [[Int]] {
      guard case .node(let rule, let left, let right) = shape else { return [rows] }
      let cut = mixing.grid.cuts[rule.variable][rule.cut]
      let column = mixing.data.inputs[rule.variable]
      return divide(left, rows.filter { column[$0] < cut }) + divide(right, rows.filter { column[$0] >= cut })
    }
    return divide(shape, Array(0..<mixing.data.count))
  }

  /// ln N(y; Fβ, σ² S + F D Fᵀ) of a leaf's rows, as one dense Gaussian.
  static func logLikelihood(_ rows: [Int], _ mixing: TreeMixing, sigma: Double = TinyTrees.sigma) -> Double {
    let leaves = mixing.prior.leaves
    let f = rows.map { row in mixing.predictions.means.map { $0[row] } }
    let residual = rows.enumerated().map { place, row in
      mixing.data.response[row] - zip(f[place], leaves.means).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var covariance = f.map { one in
      f.map { other in leaves.scales.indices.reduce(0.0) { $0 + one[$1] * other[$1] * pow(leaves.scales[$1], 2) } }
    }
    for (place, row) in rows.enumerated() { covariance[place][place] += pow(sigma * mixing.problem.scales[row], 2) }
    return Dense.logNormal(residual, covariance)
  }
}

/// Small dense Gaussians.
enum Dense {
  /// The lower Cholesky factor.
  static func cholesky(_ matrix: [[Double]]) -> [[Double]] {
    var factor = matrix.map { $0.map { _ in 0.0 } }
    for i in matrix.indices {
      for j in 0...i {
        let sum = matrix[i][j] - (0..<j).reduce(0) { $0 + factor[i][$1] * factor[j][$1] }
        factor[i][j] = i == j ? sum.squareRoot() : sum / factor[j][j]
      }
    }
    return factor
  }

  /// ln N(x; 0, covariance).
  static func logNormal(_ x: [Double], _ covariance: [[Double]]) -> Double {
    let factor = cholesky(covariance)
    var value = -0.5 * Double(x.count) * log(2 * Double.pi)
    var z: [Double] = []
    for i in x.indices {
      let solved = (x[i] - (0..<i).reduce(0) { $0 + factor[i][$1] * z[$1] }) / factor[i][i]
      z.append(solved)
      value -= 0.5 * solved * solved + log(factor[i][i])
    }
    return value
  }
}
