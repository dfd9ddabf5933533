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
  /// Whether every leaf would have the rows that it must have; otherwise the statistics were not computed.
  private(set) var isAllowed = true
  private var isConcerned: [Bool] = []
  /// The rows that the edit concerns.
  private var concerned: [Int32] = []
  /// How many rows each leaf would have.
  private var counts: [Int] = []

  init(_ problem: TreeProblem) {
    table = LeafTable(models: problem.models)
    destination = [Int32](repeating: -1, count: problem.rows)
  }

  /// Lays out an edit of a tree whose rows are divided as `partition`.
  /// - Parameter minimumRows: What each leaf must have.
  mutating func lay(
    _ edit: TreeEdit, of tree: RegressionTree, _ partition: TreePartition, residual: [Double], _ problem: TreeProblem,
    minimumRows: Int
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
    while counts.count < table.rows.count { counts.append(0) }
    while isConcerned.count < tree.nodes.count { isConcerned.append(false) }
    for leaf in leaves { counts[leaf] = 0 }
    for leaf in replaced { isConcerned[leaf] = true }
    Self.divide(edit, tree, partition.leafOfRow, isConcerned, problem, &destination, &counts, &concerned)
    for leaf in replaced { isConcerned[leaf] = false }
    isAllowed = leaves.allSatisfy { counts[$0] >= minimumRows }
    guard isAllowed else { return }
    for leaf in leaves { table.clear(leaf) }
    table.add(concerned, to: destination, of: problem, residual: residual)
  }

  /// Where each row goes, and how many go where.
  private static func divide(
    _ edit: TreeEdit, _ tree: RegressionTree, _ leafOfRow: [Int32], _ isConcerned: [Bool], _ problem: TreeProblem,
    _ destination: inout [Int32], _ counts: inout [Int], _ concerned: inout [Int32]
  ) {
    concerned.removeAll(keepingCapacity: true)
    var targets = destination.mutableSpan
    let (leaves, bins) = (leafOfRow.span, problem.bins.span)
    for row in 0..<leaves.count {
      guard isConcerned[Int(leaves[row])] else {
        targets[row] = -1
        continue
      }
      let leaf = target(of: row, edit, tree, bins, stride: leaves.count)
      targets[row] = Int32(leaf)
      counts[leaf] += 1
      concerned.append(Int32(row))
    }
  }

  @inline(__always)
  private static func target(
    of row: Int, _ edit: TreeEdit, _ tree: RegressionTree, _ bins: Span<Int32>, stride: Int
  ) -> Int {
    switch edit {
    case .collapse(let node): return node
    case .split(_, let rule):
      return tree.nodes.count + (Int(bins[rule.variable * stride + row]) <= rule.cut ? 0 : 1)
    case .replace(let node, let rule):
      let side = Int(bins[rule.variable * stride + row]) <= rule.cut ? 0 : 1
      return tree.leaf(of: row, bins: bins, stride: stride, from: tree.nodes[node].children + side)
    }
  }
}
