/// Scratch room for a proposed edit: where the rows that it concerns would go, and the statistics of the leaves they would be in.
struct ProposedPartition: Sendable {
  /// The edit.
  private(set) var edit = TreeEdit.collapse(node: 0)
  /// The leaves of the present tree that the edit concerns.
  private(set) var replaced: [Int] = []
  /// The leaves that would stand in their place, by the index they would have (a merged leaf: that of its node before the edit).
  private(set) var leaves: [Int] = []
  /// The statistics of these.
  private(set) var table: LeafTable
  /// The leaf that each row would move to; −1 for rows that the edit does not concern.
  private(set) var destination: [Int32]
  private var isConcerned: [Bool] = []

  init(_ problem: TreeProblem) {
    table = LeafTable(models: problem.models)
    destination = [Int32](repeating: -1, count: problem.rows)
  }

  /// Lays out an edit of a tree whose rows are divided as `partition`.
  mutating func lay(
    _ edit: TreeEdit, of tree: RegressionTree, _ partition: TreePartition, residual: [Double], _ problem: TreeProblem
  ) {
    self.edit = edit
    replaced.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
    switch edit {
    case .split(let leaf, _):
      replaced.append(leaf)
      leaves.append(tree.nodes.count)
      leaves.append(tree.nodes.count + 1)
    case .collapse(let node):
      tree.appendLeaves(under: node, to: &replaced)
      leaves.append(node)
    case .replace(let node, _):
      tree.appendLeaves(under: node, to: &replaced)
      tree.appendLeaves(under: node, to: &leaves)
    }
    table.resize(max(table.rows.count, tree.nodes.count + 2))
    for leaf in leaves { table.clear(leaf) }
    while isConcerned.count < tree.nodes.count { isConcerned.append(false) }
    for leaf in replaced { isConcerned[leaf] = true }
    for row in 0..<problem.rows {
      guard isConcerned[Int(partition.leafOfRow[row])] else {
        destination[row] = -1
        continue
      }
      let leaf = target(of: row, tree, problem)
      destination[row] = Int32(leaf)
      table.add(leaf, row: row, of: problem, residual: residual[row])
    }
    for leaf in replaced { isConcerned[leaf] = false }
  }

  private func target(of row: Int, _ tree: RegressionTree, _ problem: TreeProblem) -> Int {
    switch edit {
    case .collapse(let node): return node
    case .split(_, let rule):
      return tree.nodes.count + (Int(problem.bins[rule.variable * problem.rows + row]) <= rule.cut ? 0 : 1)
    case .replace(let node, let rule):
      let side = Int(problem.bins[rule.variable * problem.rows + row]) <= rule.cut ? 0 : 1
      return tree.leaf(
        of: row, bins: problem.bins.span, stride: problem.rows, from: tree.nodes[node].children + side)
    }
  }
}
