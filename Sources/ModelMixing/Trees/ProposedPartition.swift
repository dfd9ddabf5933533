/// Scratch room for a proposed edit: how it would divide the rows that it concerns, and the statistics of the leaves they would
/// be in.
struct ProposedPartition: Sendable {
  /// The edit.
  private(set) var edit = TreeEdit.collapse(node: 0)
  /// The leaves of the present tree that the edit concerns.
  private(set) var replaced: [Int] = []
  /// The leaves that would stand in their place, by the index they would have (a merged leaf: that of its node before the edit).
  private(set) var leaves: [Int] = []
  /// Rows and statistics of these, in the same order.
  private(set) var table: LeafTable
  /// Whether every leaf would have the rows that it must have; otherwise the statistics were not computed.
  private(set) var isAllowed = true
  /// The rows that are being divided, a set for each level below the edit.
  private var undivided: [UInt64] = []
  /// How many leaves have their rows.
  private var settled = 0

  init(_ problem: TreeProblem) { table = LeafTable(problem) }

  /// Lays out an edit of a tree whose rows are divided as `partition`.
  /// - Parameter minimumRows: What each leaf must have.
  mutating func lay(
    _ edit: TreeEdit, of tree: RegressionTree, _ partition: TreePartition, _ terms: RowTerms, _ problem: TreeProblem,
    minimumRows: Int
  ) {
    self.edit = edit
    replaced.removeAll(keepingCapacity: true)
    leaves.removeAll(keepingCapacity: true)
    settled = 0
    isAllowed = true
    switch edit {
    case .split(let leaf, let rule):
      replaced.append(leaf)
      leaves.append(tree.nodes.count)
      leaves.append(tree.nodes.count + 1)
      table.resize(2)
      gather(partition)
      divide(0, by: rule, nil, tree, problem.splits, minimumRows)
    case .collapse(let node):
      tree.appendLeaves(under: node, to: &replaced)
      leaves.append(node)
      table.resize(1)
      gather(partition)
      settle(0, minimumRows)
    case .replace(let node, let rule):
      tree.appendLeaves(under: node, to: &replaced)
      leaves.append(contentsOf: replaced)
      table.resize(leaves.count)
      gather(partition)
      divide(0, by: rule, tree.nodes[node].children, tree, problem.splits, minimumRows)
    }
    if isAllowed { table.sum(sharing: replaced, of: partition.table, terms) }
  }

  /// ln of the integrated likelihood of the leaves that would be.
  mutating func logLikelihood(_ posterior: inout LeafPosterior, precision: Double) -> Double {
    var sum = 0.0
    for leaf in leaves.indices { sum += table.logLikelihood(leaf, &posterior, precision: precision) }
    return sum
  }

  /// Puts together the rows of the leaves that the edit concerns.
  private mutating func gather(_ partition: TreePartition) {
    let words = table.words
    makeRoom(for: 0)
    for word in 0..<words {
      var bits: UInt64 = 0
      for leaf in replaced { bits |= partition.table.masks[leaf * words + word] }
      undivided[word] = bits
    }
  }

  private mutating func makeRoom(for level: Int) {
    while undivided.count < (level + 1) * table.words { undivided.append(0) }
  }

  /// Divides the rows of a level by a rule, and each part by the subtree below, left before right.
  /// - Parameter children: The left of the nodes that the parts go to; nil for two new leaves.
  private mutating func divide(
    _ level: Int, by rule: SplitRule, _ children: Int?, _ tree: RegressionTree, _ splits: SplitMasks, _ minimumRows: Int
  ) {
    let words = table.words
    makeRoom(for: level + 1)
    for side in 0..<2 {
      for word in 0..<words {
        let (whole, part) = (level * words + word, (level + 1) * words + word)
        // What is not left is right.
        undivided[part] = undivided[whole] & (side == 0 ? splits.left(rule, word: word) : ~undivided[part])
      }
      if let children, !tree.nodes[children + side].isLeaf {
        let node = tree.nodes[children + side]
        divide(level + 1, by: node.rule, node.children, tree, splits, minimumRows)
      } else {
        settle(level + 1, minimumRows)
      }
      guard isAllowed else { return }
    }
  }

  /// Gives the rows of a level to the next leaf.
  private mutating func settle(_ level: Int, _ minimumRows: Int) {
    table.setRows(settled, from: undivided, at: level * table.words)
    isAllowed = table.rows[settled] >= minimumRows
    settled += 1
  }
}
