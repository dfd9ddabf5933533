#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Trees simulated from the prior of shapes: branching from the root, thrown away where a leaf has too few rows.
struct PriorTrees: Sendable {
  private let space: TreeSpace
  private let problem: TreeProblem

  init(_ mixing: TreeMixing) {
    space = TreeSpace(prior: mixing.prior.tree, cutCounts: mixing.grid.counts)
    problem = mixing.problem
  }

  /// The mean number of leaves of a tree, from about a thousand trees of one fixed stream: it scales steps, no estimate depends
  /// on it. At least 1.
  func expectedLeaves(trees: Int = 1000, tries: Int = 20_000) -> Double {
    var stream = RandomStream(seed: 0, purpose: .simulation)
    var (accepted, leaves) = (0, 0)
    for _ in 0..<tries where accepted < trees {
      guard let tree = draw(&stream) else { continue }
      accepted += 1
      leaves += tree.leaves
    }
    return accepted == 0 ? 1 : Double(leaves) / Double(accepted)
  }

  /// A tree, or nil where it is thrown away.
  func draw(_ stream: inout RandomStream) -> RegressionTree? {
    var tree = RegressionTree(leaf: [0])
    var pending = [(node: 0, rows: Array(0..<problem.rows))]
    while let (node, rows) = pending.popLast() {
      let available = space.availableVariables(at: node, in: tree)
      guard available > 0, log(stream.openUniform()) < space.logSplit(depth: tree.nodes[node].depth) else { continue }
      let variable = space.availableVariable(stream.integer(below: available), at: node, in: tree)
      let range = space.range(of: variable, at: node, in: tree)
      let cut = range.lowerBound + stream.integer(below: range.count)
      let start = variable * problem.rows
      let left = rows.filter { Int(problem.bins[start + $0]) <= cut }
      let right = rows.filter { Int(problem.bins[start + $0]) > cut }
      guard min(left.count, right.count) >= space.prior.minimumLeafRows else { return nil }
      tree.split(node, by: SplitRule(variable: variable, cut: cut))
      let child = tree.nodes[node].children
      pending += [(child, left), (child + 1, right)]
    }
    return tree
  }
}
