#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Gives an internal node, drawn uniformly, a new rule: its variable uniform among those available there, its cut uniform among
/// the r′ available. T and T′ have the same internal nodes, and the node the same ancestors, so that
///
///     p(T′) q(T′→T) / p(T) q(T→T′) = p(subtree′) r′ / p(subtree) r
///
/// where the node's own factors 1/r and 1/r′ of the prior cancel and those of its descendants, whose available cuts change, do not.
/// A rule that leaves a descendant without its cut is rejected.
enum ChangeMove {
  static func propose(
    for tree: RegressionTree, in space: TreeSpace, _ stream: inout RandomStream
  ) -> TreeProposal? {
    guard let node = tree.randomInternalNode(&stream) else { return nil }
    let available = space.availableVariables(at: node, in: tree)
    let variable = space.availableVariable(stream.integer(below: available), at: node, in: tree)
    let range = space.range(of: variable, at: node, in: tree)
    let rule = SplitRule(variable: variable, cut: range.lowerBound + stream.integer(below: range.count))
    guard rule != tree.nodes[node].rule else { return nil }
    let ratio = logRatio(of: rule, at: node, of: tree, in: space)
    return ratio == -.infinity ? nil : TreeProposal(edit: .replace(node: node, rule), logRatio: ratio)
  }

  static func logRatio(of rule: SplitRule, at node: Int, of tree: RegressionTree, in space: TreeSpace) -> Double {
    let old = space.range(of: tree.nodes[node].rule.variable, at: node, in: tree)
    let new = space.range(of: rule.variable, at: node, in: tree)
    return space.logPrior(under: node, in: tree, .init(node: node, rule: rule)) - space.logPrior(under: node, in: tree)
      + log(Double(new.count) / Double(old.count))
  }
}

extension RegressionTree {
  /// An internal node, each with the same probability; nil where there is none.
  func randomInternalNode(_ stream: inout RandomStream) -> Int? {
    guard nodes.count > 1 else { return nil }
    var left = stream.integer(below: nodes.count / 2)
    for node in nodes.indices where !nodes[node].isLeaf {
      if left == 0 { return node }
      left -= 1
    }
    return nil
  }
}
