#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Moves the cut of an internal node, drawn uniformly, to one of the other cuts at most `reach` away that both ancestors and
/// descendants allow (Pratola 2016). With n of them around the old cut and n′ around the new one,
///
///     p(T′) q(T′→T) / p(T) q(T→T′) = p(subtree′) n / p(subtree) n′
///
/// where the descendants' factors of the prior change with the cuts that are left to them.
enum PerturbMove {
  static func propose(
    for tree: RegressionTree, in space: TreeSpace, reach: Int, _ stream: inout RandomStream
  ) -> TreeProposal? {
    guard let node = tree.randomInternalNode(&stream) else { return nil }
    let rule = tree.nodes[node].rule
    let allowed = allowedCuts(at: node, of: tree, in: space)
    let window = window(around: rule.cut, reach: reach, in: allowed)
    guard window.count > 1 else { return nil }
    var cut = window.lowerBound + stream.integer(below: window.count - 1)
    if cut >= rule.cut { cut += 1 }
    return TreeProposal(
      edit: .replace(node: node, SplitRule(variable: rule.variable, cut: cut)),
      logRatio: logRatio(of: cut, at: node, of: tree, in: space, reach: reach))
  }

  static func logRatio(of cut: Int, at node: Int, of tree: RegressionTree, in space: TreeSpace, reach: Int) -> Double {
    let rule = tree.nodes[node].rule
    let allowed = allowedCuts(at: node, of: tree, in: space)
    let forth = window(around: rule.cut, reach: reach, in: allowed).count - 1
    let back = window(around: cut, reach: reach, in: allowed).count - 1
    let new = SplitRule(variable: rule.variable, cut: cut)
    return space.logPrior(under: node, in: tree, .init(node: node, rule: new)) - space.logPrior(under: node, in: tree)
      + log(Double(forth) / Double(back))
  }

  /// The cuts of the node's variable that leave every descendant its cut.
  static func allowedCuts(at node: Int, of tree: RegressionTree, in space: TreeSpace) -> Range<Int> {
    let variable = tree.nodes[node].rule.variable
    let range = space.range(of: variable, at: node, in: tree)
    let left = tree.nodes[node].children
    let low = extremeCut(of: variable, under: left, in: tree, start: range.lowerBound - 1, max) + 1
    let high = extremeCut(of: variable, under: left + 1, in: tree, start: range.upperBound, min)
    return low..<high
  }

  private static func extremeCut(
    of variable: Int, under node: Int, in tree: RegressionTree, start: Int, _ choose: (Int, Int) -> Int
  ) -> Int {
    let entry = tree.nodes[node]
    guard !entry.isLeaf else { return start }
    let own = entry.rule.variable == variable ? choose(start, entry.rule.cut) : start
    let left = extremeCut(of: variable, under: entry.children, in: tree, start: own, choose)
    return extremeCut(of: variable, under: entry.children + 1, in: tree, start: left, choose)
  }

  private static func window(around cut: Int, reach: Int, in allowed: Range<Int>) -> Range<Int> {
    max(allowed.lowerBound, cut - reach)..<min(allowed.upperBound, cut + reach + 1)
  }
}
