/// How a tree divides the rows among its leaves, with each leaf's sufficient statistics.
struct TreePartition: Sendable {
  /// The node that each row ends in.
  private(set) var leafOfRow: [Int32]
  /// The statistics, at the leaf's node.
  private(set) var table: LeafTable

  /// The partition of a tree, without residuals.
  init(_ tree: RegressionTree, _ problem: TreeProblem) {
    leafOfRow = [Int32](repeating: 0, count: problem.rows)
    table = LeafTable(models: problem.models)
    table.resize(tree.nodes.count)
    for row in 0..<problem.rows {
      let leaf = tree.leaf(of: row, bins: problem.bins.span, stride: problem.rows)
      leafOfRow[row] = Int32(leaf)
      table.add(leaf, row: row, of: problem, residual: 0)
    }
  }

  /// Counts new residuals.
  mutating func setResiduals(_ residual: [Double], _ problem: TreeProblem) {
    table.setMoments(leafOfRow, of: problem, residual: residual)
  }

  /// Takes over an edit that was laid out in `proposed`, and makes it in the tree.
  mutating func apply(_ proposed: ProposedPartition, to tree: inout RegressionTree) {
    switch proposed.edit {
    case .split(let leaf, let rule): tree.split(leaf, by: rule)
    case .replace(let node, let rule): tree.replaceRule(of: node, by: rule)
    case .collapse(let node):
      let last = tree.nodes.count - 2
      let hole = tree.collapse(node)
      for row in leafOfRow.indices {
        let leaf = Int(leafOfRow[row])
        if leaf == hole || leaf == hole + 1 {
          leafOfRow[row] = Int32(node)
        } else if leaf >= last {
          leafOfRow[row] = Int32(leaf - last + hole)
        }
      }
      if hole != last {
        table.move(from: last, to: hole)
        table.move(from: last + 1, to: hole + 1)
      }
      // The merged node may itself have stood in the pair that moved.
      let merged = node >= last ? node - last + hole : node
      if merged != node {
        for row in leafOfRow.indices where Int(leafOfRow[row]) == node { leafOfRow[row] = Int32(merged) }
      }
      table.resize(tree.nodes.count)
      table.copy(proposed.table, from: node, to: merged)
      return
    }
    table.resize(tree.nodes.count)
    for leaf in proposed.leaves { table.copy(proposed.table, from: leaf, to: leaf) }
    for row in leafOfRow.indices where proposed.destination[row] >= 0 { leafOfRow[row] = proposed.destination[row] }
  }
}
