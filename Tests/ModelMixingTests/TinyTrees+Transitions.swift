import Foundation

@testable import ModelMixing

extension TinyTrees {
  /// A proposal of one move with the probability that the move makes it, counted from the move's definition.
  struct Step {
    let target: Shape
    let edit: TreeEdit
    let probability: Double
    /// The library's ln [p(T′) q(T′→T) / p(T) q(T→T′)].
    let logRatio: Double
  }

  /// All proposals of a move from a tree, those that rows rule out included.
  func steps(_ move: TreeMove, from shape: Shape) -> [Step] {
    let tree = shape.tree(models: 2)
    switch move {
    case .grow: return growSteps(tree)
    case .prune: return pruneSteps(tree)
    case .change, .perturb: return replaceSteps(move, tree)
    }
  }

  /// The number of rows at every node, as the moves take it.
  func leafRows(_ tree: RegressionTree) -> [Int] { TreePartition(tree, mixing.problem).table.rows }

  private func growSteps(_ tree: RegressionTree) -> [Step] {
    let rows = leafRows(tree)
    let growable = tree.nodes.indices.filter {
      tree.nodes[$0].isLeaf && rows[$0] >= 2 * mixing.prior.tree.minimumLeafRows && !rules(at: $0, of: tree).isEmpty
    }
    return growable.flatMap { leaf in
      rules(at: leaf, of: tree).map { rule, probability in
        var successor = tree
        successor.split(leaf, by: rule)
        return Step(
          target: Shape(successor), edit: .split(leaf: leaf, rule), probability: probability / Double(growable.count),
          logRatio: GrowMove.logRatio(
            splitting: leaf, by: rule, of: tree, growable: growable.count, in: space, mixing.moves))
      }
    }
  }

  private func pruneSteps(_ tree: RegressionTree) -> [Step] {
    let prunable = tree.nodes.indices.filter { node in
      guard case .node(_, .leaf, .leaf) = Shape(tree, node: node) else { return false }
      return true
    }
    return prunable.map { node in
      var successor = tree
      _ = successor.collapse(node)
      return Step(
        target: Shape(successor), edit: .collapse(node: node), probability: 1 / Double(prunable.count),
        logRatio: PruneMove.logRatio(
          pruning: node, of: tree, leafRows: leafRows(tree), prunable: prunable.count, in: space, mixing.moves))
    }
  }

  private func replaceSteps(_ move: TreeMove, _ tree: RegressionTree) -> [Step] {
    let inner = tree.nodes.indices.filter { !tree.nodes[$0].isLeaf }
    return inner.flatMap { node -> [Step] in
      let old = tree.nodes[node].rule
      var successors: [(SplitRule, Shape, Double)] = []
      for (rule, probability) in rules(at: node, of: tree) where rule != old {
        var successor = tree
        successor.replaceRule(of: node, by: rule)
        guard allShapes.contains(Shape(successor)) else { continue }
        successors.append((rule, Shape(successor), probability))
      }
      if move == .perturb {
        successors.removeAll { $0.0.variable != old.variable || abs($0.0.cut - old.cut) > mixing.moves.reach }
        for index in successors.indices { successors[index].2 = 1 / Double(successors.count) }
      }
      return successors.map { rule, shape, probability in
        Step(
          target: shape, edit: .replace(node: node, rule), probability: probability / Double(inner.count),
          logRatio: move == .change
            ? ChangeMove.logRatio(of: rule, at: node, of: tree, in: space)
            : PerturbMove.logRatio(of: rule.cut, at: node, of: tree, in: space, reach: mixing.moves.reach))
      }
    }
  }

  /// The rules that ancestors allow at a node, with their prior probabilities.
  private func rules(at node: Int, of tree: RegressionTree) -> [(SplitRule, Double)] {
    var ranges = mixing.grid.cuts.map { 0..<$0.count }
    var path = [node]
    while let parent = path.last.map({ tree.nodes[$0].parent }), parent >= 0 { path.append(parent) }
    for (child, parent) in zip(path, path.dropFirst()).reversed() {
      let rule = tree.nodes[parent].rule
      let range = ranges[rule.variable]
      ranges[rule.variable] =
        child == tree.nodes[parent].children ? range.lowerBound..<rule.cut : rule.cut + 1..<range.upperBound
    }
    let available = Double(ranges.filter { !$0.isEmpty }.count)
    return ranges.enumerated().flatMap { variable, range in
      range.map { (SplitRule(variable: variable, cut: $0), 1 / available / Double(range.count)) }
    }
  }

  /// The move that undoes a move.
  static func reverse(_ move: TreeMove) -> TreeMove {
    switch move {
    case .grow: .prune
    case .prune: .grow
    case .change, .perturb: move
    }
  }

  /// The probability with which a move is tried.
  func weight(_ move: TreeMove) -> Double {
    switch move {
    case .grow: mixing.moves.grow / mixing.moves.total
    case .prune: mixing.moves.prune / mixing.moves.total
    case .change: mixing.moves.change / mixing.moves.total
    case .perturb: mixing.moves.perturb / mixing.moves.total
    }
  }

  /// The Metropolis–Hastings transition probabilities to other trees, with the library's ratios.
  func transitions(from shape: Shape) -> [Shape: Double] {
    var transitions: [Shape: Double] = [:]
    for move in TreeMove.allCases where weight(move) > 0 {
      for step in steps(move, from: shape) {
        guard let new = logLikelihood[step.target], let old = logLikelihood[shape] else { continue }
        transitions[step.target, default: 0] +=
          weight(move) * step.probability * min(1, exp(step.logRatio + new - old))
      }
    }
    return transitions
  }
}
