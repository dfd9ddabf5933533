import LogDensities
import Testing

@testable import ModelMixing

@Suite struct SplitMasksTests {
  private static let cutCounts = [5, 1, 30]

  /// Bits against the comparison of a bin with a cut, from the table and without it, within a word and beyond.
  @Test(arguments: [1, 63, 64, 65, 200], [1 << 22, 0]) func bitsAreComparisons(rows: Int, mostWords: Int) {
    var stream = RandomStream(seed: 5, purpose: .test)
    let bins = Self.cutCounts.flatMap { count in (0..<rows).map { _ in Int32(stream.integer(below: count + 1)) } }
    let splits = SplitMasks(bins: bins, rows: rows, cutCounts: Self.cutCounts, mostWords: mostWords)
    #expect(splits.words == (rows + 63) / 64)
    for (variable, count) in Self.cutCounts.enumerated() {
      for cut in 0..<count {
        for row in 0..<splits.words * 64 {
          let word = splits.left(SplitRule(variable: variable, cut: cut), word: row / 64)
          let isLeft = row < rows && Int(bins[variable * rows + row]) <= cut
          #expect((word >> UInt64(row % 64) & 1 == 1) == isLeft)
        }
      }
    }
  }

  /// Rows that are known far better than others do not drown the statistics of their neighbours, neither at once nor by and by:
  /// in one edit of four leaves, and in a chain of edits.
  @Test(arguments: [[1e-9, 1, 1, 1], [1e-8, 5e-6, 2e-3, 0.5]]) func smallLeavesKeepTheirDigits(errors: [Double]) throws
  {
    // Four groups of rows along the first input, the last the largest.
    let ends = [5, 10, 15, 55]
    let x = (0..<55).map { Double($0) / 54 }
    let group = x.indices.map { row in ends.firstIndex { row < $0 } ?? 3 }
    let rows = try SmallProblem.rows(55)
    let data = TreeMixingData(
      rows: MixingRows(inputs: [x, rows.inputs[1]], predictions: rows.predictions.map { $0.map { 1 + abs($0) } }),
      response: rows.predictions[0], noiseScales: group.map { errors[$0] })
    let mixing = try TreeMixing(
      data,
      prior: TreeMixingPrior(
        trees: 1, leaves: .nonInformative(models: 2, trees: 1), noise: .around(0.2, degrees: 5)))
    let problem = mixing.problem
    let terms = RowTerms(problem, residual: (0..<55).map { Double($0) / 10 })
    func rule(_ end: Int) throws -> SplitRule {
      let cut = try #require(mixing.grid.cuts[0].firstIndex { $0 > x[ends[end] - 1] })
      return SplitRule(variable: 0, cut: cut)
    }
    func check(_ partition: TreePartition, _ tree: RegressionTree) {
      var fresh = TreePartition(tree, problem)
      fresh.sum(terms, over: tree)
      for leaf in tree.nodes.indices where tree.nodes[leaf].isLeaf {
        #expect(partition.table.rows[leaf] == fresh.table.rows[leaf])
        for index in leaf * 5..<leaf * 5 + 5 {
          let (one, other) = (partition.table.sums[index], fresh.table.sums[index])
          #expect(abs(one - other) <= 1e-8 * abs(other), "leaf \(leaf): \(one), \(other)")
        }
      }
    }
    var tree = RegressionTree(leaf: [0, 0])
    var partition = TreePartition(tree, problem)
    partition.sum(terms, over: tree)
    var proposed = ProposedPartition(problem)
    // Each edit splits what the one before left.
    var leaf = 0
    for end in 0..<3 {
      proposed.lay(.split(leaf: leaf, try rule(end)), of: tree, partition, terms, problem, minimumRows: 1)
      try #require(proposed.isAllowed)
      partition.apply(proposed, to: &tree)
      check(partition, tree)
      leaf = tree.nodes.count - 1
    }
    // All four leaves in one edit: the root's cut moves by less than a row.
    let root = tree.nodes[0].rule
    proposed.lay(
      .replace(node: 0, SplitRule(variable: 0, cut: root.cut - 1)), of: tree, partition, terms, problem, minimumRows: 1)
    if proposed.isAllowed {
      partition.apply(proposed, to: &tree)
      check(partition, tree)
    }
    partition.sum(terms, over: tree)
    proposed.lay(.replace(node: 0, root), of: tree, partition, terms, problem, minimumRows: 1)
    try #require(proposed.isAllowed)
    partition.apply(proposed, to: &tree)
    check(partition, tree)
  }
}
