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

  /// A row that is known a thousand million times better than the others does not drown the statistics of its neighbours.
  @Test func smallLeavesKeepTheirDigits() throws {
    let rows = try SmallProblem.rows(90)
    let data = TreeMixingData(
      rows: rows, response: rows.predictions[0], noiseScales: (0..<90).map { $0 == 7 ? 1e-9 : 1 })
    let mixing = try TreeMixing(
      data,
      prior: TreeMixingPrior(
        trees: 1, leaves: .nonInformative(models: 2, trees: 1), noise: .around(0.2, degrees: 5)))
    let problem = mixing.problem
    let terms = RowTerms(problem, residual: (0..<90).map { Double($0) / 10 })
    var tree = RegressionTree(leaf: [0, 0])
    var partition = TreePartition(tree, problem)
    partition.sum(terms, over: tree)
    var proposed = ProposedPartition(problem)
    for (leaf, rule) in [(0, SplitRule(variable: 0, cut: 50)), (1, SplitRule(variable: 1, cut: 30))] {
      proposed.lay(.split(leaf: leaf, rule), of: tree, partition, terms, problem, minimumRows: 1)
      try #require(proposed.isAllowed)
      partition.apply(proposed, to: &tree)
    }
    var fresh = TreePartition(tree, problem)
    fresh.sum(terms, over: tree)
    for leaf in tree.nodes.indices where tree.nodes[leaf].isLeaf {
      for index in leaf * 5..<leaf * 5 + 5 {
        let (one, other) = (partition.table.sums[index], fresh.table.sums[index])
        #expect(abs(one - other) <= 1e-9 * abs(other))
      }
    }
  }
}
