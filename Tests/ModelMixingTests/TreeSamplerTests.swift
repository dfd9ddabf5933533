import Foundation
import LogDensities
import Testing

@testable import ModelMixing

@Suite struct TreeSamplerTests {
  /// The sampler's frequencies of trees against the exact posterior, on the trees that the moves can reach from a start: all
  /// moves; grow and prune; change alone; perturb alone. By batch means of 50 batches: |t| < 5.5 with 49 degrees of freedom for
  /// at most 200 trees is a false alarm in 3e-4 of seeds.
  @Test(arguments: [
    TinyTrees.moves, TreeMoveSettings(grow: 0.6, prune: 0.4, change: 0, perturb: 0, steps: 1),
    TreeMoveSettings(grow: 0, prune: 0, change: 1, perturb: 0, steps: 1),
    TreeMoveSettings(grow: 0, prune: 0, change: 0, perturb: 1, reach: 1, steps: 1),
  ]) func frequenciesAreThePosterior(moves: TreeMoveSettings) throws {
    let isolated = moves.grow == 0
    let tiny = try TinyTrees(
      cuts: isolated ? [[0.25, 0.5], [0.35, 0.65]] : [[0.5], [0.35, 0.65]], moves: moves)
    let rule = SplitRule(variable: 1, cut: 1)
    let start: Shape = isolated ? .node(rule, .leaf, .node(SplitRule(variable: 0, cut: 0), .leaf, .leaf)) : .leaf
    let reached = Self.reachable(from: start, tiny)
    #expect(reached.count >= (isolated ? 4 : 20))
    let total = reached.reduce(0) { $0 + (tiny.posterior[$1] ?? 0) }

    var sampler = try TreeSampler(tiny.mixing, at: TreeEnsemble(trees: [start.tree(models: 2)], sigma: TinyTrees.sigma))
    var stream = RandomStream(seed: 23, purpose: .test)
    let batches = 50
    let size = 2000
    var counts: [Shape: [Double]] = [:]
    for batch in 0..<batches {
      for _ in 0..<size {
        try sampler.sweep(&stream)
        counts[Shape(sampler.ensemble.trees[0]), default: [Double](repeating: 0, count: batches)][batch] += 1
      }
    }
    #expect(Set(counts.keys).isSubset(of: reached))
    for shape in reached {
      let expected = (tiny.posterior[shape] ?? 0) / total
      guard expected > 0.002 else { continue }
      let shares = (counts[shape] ?? []).map { $0 / Double(size) }
      let mean = shares.reduce(0, +) / Double(batches)
      let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches * (batches - 1))
      #expect(abs(mean - expected) < 5.5 * variance.squareRoot(), "\(shape): \(mean) \(expected)")
    }
  }

  private static func reachable(from start: Shape, _ tiny: TinyTrees) -> Set<Shape> {
    var reached: Set<Shape> = [start]
    var pending = [start]
    while let shape = pending.popLast() {
      for target in tiny.transitions(from: shape).keys where reached.insert(target).inserted { pending.append(target) }
    }
    return reached
  }

  /// The incremental partition of every tree has the rows of the one computed anew, and its statistics to ten digits.
  @Test(arguments: [40, 150]) func incrementalStatisticsAreTheFreshOnes(rows: Int) throws {
    let mixing = try SmallProblem.mixing(rows: rows)
    let space = TreeSpace(prior: mixing.prior.tree, cutCounts: mixing.grid.counts)
    let problem = mixing.problem
    let terms = RowTerms(problem, residual: (0..<problem.rows).map { Double($0) - 2.5 })
    var tree = RegressionTree(leaf: [0, 0])
    var partition = TreePartition(tree, problem)
    partition.sum(terms, over: tree)
    var proposed = ProposedPartition(problem)
    var stream = RandomStream(seed: 3, purpose: .test)
    var edits = 0
    for _ in 0..<5000 {
      let move = mixing.moves.draw(&stream)
      let proposal = move.propose(
        for: tree, leafRows: partition.table.rows, in: space, mixing.moves, &stream)
      guard let proposal else { continue }
      proposed.lay(proposal.edit, of: tree, partition, terms, problem, minimumRows: 2)
      guard proposed.isAllowed else { continue }
      partition.apply(proposed, to: &tree)
      edits += 1
      var fresh = TreePartition(tree, problem)
      fresh.sum(terms, over: tree)
      #expect(tree.complaint(models: 2, cutCounts: space.cutCounts) == nil)
      #expect(partition.leafOfRow == fresh.leafOfRow)
      for node in tree.nodes.indices where tree.nodes[node].isLeaf {
        #expect(partition.table.rows[node] == fresh.table.rows[node])
        let words = node * problem.splits.words..<(node + 1) * problem.splits.words
        #expect(partition.table.masks[words] == fresh.table.masks[words])
        for index in node * 5..<node * 5 + 5 {
          let (one, other) = (partition.table.sums[index], fresh.table.sums[index])
          #expect(abs(one - other) < 1e-10 * max(1, abs(other)))
        }
      }
      // As a sampler does when it comes back to a tree.
      if edits % 10 == 0 { partition.sum(terms, over: tree) }
    }
    #expect(edits > 1000)
  }

  /// A chain that is stored as JSON half way ends where the uninterrupted one ends, bit for bit.
  @Test(arguments: [40, 150], [0, 0.5, 1]) func storedChainsGoOn(rows: Int, jointDraws: Double) throws {
    let mixing = try SmallProblem.mixing(rows: rows, moves: TreeMoveSettings(jointDraws: jointDraws))
    var stream = RandomStream(seed: 11, purpose: .test)
    var sampler = try TreeSampler(mixing, at: mixing.start(&stream))
    for _ in 0..<50 { try sampler.sweep(&stream) }
    let stored = try JSONEncoder().encode(sampler.ensemble)
    var other = try TreeSampler(mixing, at: JSONDecoder().decode(TreeEnsemble.self, from: stored))
    var otherStream = stream
    for _ in 0..<50 {
      try sampler.sweep(&stream)
      try other.sweep(&otherStream)
    }
    #expect(sampler.ensemble == other.ensemble)
    #expect(sampler.ensemble.leaves > mixing.prior.trees)
  }

  /// Where noise is so small that joint draws decline, leaves are still moved together: trees exchange levels.
  @Test func levelsAreExchangedInstead() throws {
    let rows = try SmallProblem.rows(40)
    let large = MixingRows(inputs: rows.inputs, predictions: rows.predictions.map { $0.map { 1e6 * $0 } })
    func mixing(_ jointDraws: Double) throws -> TreeMixing {
      try TreeMixing(
        TreeMixingData(rows: large, response: large.predictions[0]),
        prior: TreeMixingPrior(
          trees: 6, leaves: .nonInformative(models: 2, trees: 6), noise: .known(1e-3)),
        moves: TreeMoveSettings(jointDraws: jointDraws))
    }
    var streams = (RandomStream(seed: 12, purpose: .test), RandomStream(seed: 12, purpose: .test))
    let start = try mixing(1).start(&streams.0)
    _ = try mixing(1).start(&streams.1)
    // Joint draws always, which decline, and all but never.
    var (one, other) = (try TreeSampler(mixing(1), at: start), try TreeSampler(mixing(1e-300), at: start))
    for _ in 0..<5 {
      try one.sweep(&streams.0)
      try other.sweep(&streams.1)
    }
    #expect(one.ensemble == other.ensemble && streams.0 == streams.1)
  }

  @Test func foreignStatesAreRefused() throws {
    let mixing = try SmallProblem.mixing(minimumLeafRows: 15)
    let trees = mixing.prior.trees
    let leaf = RegressionTree(leaf: [0, 0])
    var split = leaf
    split.split(0, by: SplitRule(variable: 0, cut: 0))
    var nested = split
    nested.split(1, by: SplitRule(variable: 0, cut: 5))
    var outside = leaf
    outside.split(0, by: SplitRule(variable: 7, cut: 0))
    for broken in [outside, nested, split, RegressionTree(leaf: [0]), RegressionTree(leaf: [0, .nan])] {
      let state = TreeEnsemble(trees: [broken] + [RegressionTree](repeating: leaf, count: trees - 1), sigma: 1)
      #expect(throws: MixingError.self) { try TreeSampler(mixing, at: state) }
    }
    #expect(throws: MixingError.state("it has 1 trees where the prior has \(trees)")) {
      try TreeSampler(mixing, at: TreeEnsemble(trees: [leaf], sigma: 1))
    }
  }
}
