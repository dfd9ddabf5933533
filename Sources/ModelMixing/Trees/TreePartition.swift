/// How a tree divides the rows among its leaves, with each leaf's sufficient statistics.
struct TreePartition: Sendable {
  /// The node that each row ends in.
  private(set) var leafOfRow: [Int32]
  /// Rows and statistics at the leaf's node; meaningless at internal nodes.
  private(set) var table: LeafTable

  /// The partition of a tree, without statistics.
  init(_ tree: RegressionTree, _ problem: TreeProblem) {
    leafOfRow = [Int32](repeating: 0, count: problem.rows)
    table = LeafTable(problem)
    table.resize(tree.nodes.count)
    for row in 0..<problem.rows {
      leafOfRow[row] = Int32(tree.leaf(of: row, bins: problem.bins.span, stride: problem.rows))
    }
    for node in tree.nodes.indices where tree.nodes[node].isLeaf {
      var bits = [UInt64](repeating: 0, count: table.words)
      for row in 0..<problem.rows where Int(leafOfRow[row]) == node { bits[row / 64] |= 1 << UInt64(row % 64) }
      table.setRows(node, from: bits, at: 0)
    }
  }

  /// Computes all statistics anew, so that they do not depend on the edits that led here.
  mutating func sum(_ terms: RowTerms, over tree: RegressionTree) {
    for node in tree.nodes.indices where tree.nodes[node].isLeaf { table.sum(node, terms) }
  }

  /// ln of the integrated likelihood of a leaf.
  mutating func logLikelihood(_ leaf: Int, _ posterior: inout LeafPosterior, precision: Double) -> Double {
    table.logLikelihood(leaf, &posterior, precision: precision)
  }

  /// Takes over an edit that was laid out in `proposed`, and makes it in the tree.
  mutating func apply(_ proposed: ProposedPartition, to tree: inout RegressionTree) {
    switch proposed.edit {
    case .split(let leaf, let rule): tree.split(leaf, by: rule)
    case .replace(let node, let rule): tree.replaceRule(of: node, by: rule)
    case .collapse(let node): return merge(node, proposed, &tree)
    }
    table.resize(tree.nodes.count)
    for (index, leaf) in proposed.leaves.enumerated() {
      table.copy(proposed.table, from: index, to: leaf)
      settle(leaf)
    }
  }

  private mutating func merge(_ node: Int, _ proposed: ProposedPartition, _ tree: inout RegressionTree) {
    // First the merged leaf, as its node may itself stand in the pair that moves.
    table.copy(proposed.table, from: 0, to: node)
    let last = tree.nodes.count - 2
    let hole = tree.collapse(node)
    if hole != last {
      for side in 0..<2 {
        table.move(from: last + side, to: hole + side)
        if tree.nodes[hole + side].isLeaf { settle(hole + side) }
      }
    }
    if node < last { settle(node) }
    table.resize(tree.nodes.count)
  }

  /// Tells the rows of a leaf where they are.
  private mutating func settle(_ leaf: Int) {
    for word in 0..<table.words {
      var bits = table.masks[leaf * table.words + word]
      while bits != 0 {
        leafOfRow[word * 64 + bits.trailingZeroBitCount] = Int32(leaf)
        bits &= bits - 1
      }
    }
  }
}
