#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Merges two leaves: one of the w prunable nodes of T uniformly. The reverse of growing one of the b′ growable leaves of T′:
///
///     p(T′) q(T′→T) / p(T) q(T→T′) = stop(d) / (s(d) stop(left) stop(right)) · P(grow) w / (P(prune) b′)
///
/// with the symbols of `GrowMove`.
enum PruneMove {
  static func propose(
    for tree: RegressionTree, leafRows: [Int], in space: TreeSpace, _ settings: TreeMoveSettings,
    _ stream: inout RandomStream
  ) -> TreeProposal? {
    let prunable = tree.prunableNodes
    guard prunable > 0 else { return nil }
    var left = stream.integer(below: prunable)
    for node in tree.nodes.indices where tree.isPrunable(node) {
      if left == 0 {
        return TreeProposal(
          edit: .collapse(node: node),
          logRatio: logRatio(pruning: node, of: tree, leafRows: leafRows, prunable: prunable, in: space, settings))
      }
      left -= 1
    }
    return nil
  }

  static func logRatio(
    pruning node: Int, of tree: RegressionTree, leafRows: [Int], prunable: Int, in space: TreeSpace,
    _ settings: TreeMoveSettings
  ) -> Double {
    let children = tree.nodes[node].children
    // The merged leaf is growable: it was split.
    var growable = space.growableLeaves(in: tree, leafRows: leafRows) + 1
    for child in children...children + 1 where space.isGrowable(child, in: tree, leafRows: leafRows) { growable -= 1 }
    return -space.logSplitOdds(at: node, by: tree.nodes[node].rule, in: tree)
      + log(settings.grow / settings.prune) + log(Double(prunable) / Double(growable))
  }
}
