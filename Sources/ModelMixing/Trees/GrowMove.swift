#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Splits a leaf: one of the b growable leaves of T uniformly, its variable uniformly among those available there, its cut
/// uniformly among those available. The reverse prunes one of the w′ prunable nodes of T′. As the rule is drawn from its prior,
/// its probability cancels, and
///
///     p(T′) q(T′→T) / p(T) q(T→T′) = s(d) stop(left) stop(right) / stop(d) · P(prune) b / (P(grow) w′)
///
/// with s(d) the probability of a split at the leaf's depth and stop that of none; stop is 1 where no cut is left.
enum GrowMove {
  static func propose(
    for tree: RegressionTree, leafRows: [Int], in space: TreeSpace, _ settings: TreeMoveSettings,
    _ stream: inout RandomStream
  ) -> TreeProposal? {
    let growable = space.growableLeaves(in: tree, leafRows: leafRows)
    guard growable > 0 else { return nil }
    var left = stream.integer(below: growable)
    for leaf in tree.nodes.indices where space.isGrowable(leaf, in: tree, leafRows: leafRows) {
      if left == 0 {
        let available = space.availableVariables(at: leaf, in: tree)
        let variable = space.availableVariable(stream.integer(below: available), at: leaf, in: tree)
        let range = space.range(of: variable, at: leaf, in: tree)
        let rule = SplitRule(variable: variable, cut: range.lowerBound + stream.integer(below: range.count))
        return TreeProposal(
          edit: .split(leaf: leaf, rule),
          logRatio: logRatio(splitting: leaf, by: rule, of: tree, growable: growable, in: space, settings))
      }
      left -= 1
    }
    return nil
  }

  static func logRatio(
    splitting leaf: Int, by rule: SplitRule, of tree: RegressionTree, growable: Int, in space: TreeSpace,
    _ settings: TreeMoveSettings
  ) -> Double {
    let parent = tree.nodes[leaf].parent
    // The leaf's node becomes prunable; its parent, if both its children were leaves, no longer is.
    let prunable = tree.prunableNodes + 1 - (parent >= 0 && tree.isPrunable(parent) ? 1 : 0)
    return space.logSplitOdds(at: leaf, by: rule, in: tree)
      + log(settings.prune / settings.grow) + log(Double(growable) / Double(prunable))
  }
}
