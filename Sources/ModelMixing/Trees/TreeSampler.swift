#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// One chain of Metropolis within Gibbs over the sum of trees (backfitting: Chipman, George and McCulloch 2010, section 3.3).
///
/// A sweep visits every tree: with the residual that the other trees leave, some proposed changes of its shape, leaf
/// vectors integrated out, then a draw of its leaf vectors; then all leaves are drawn at once, or trees exchange levels; at the
/// end a draw of σ. What a sweep does depends on the ensemble and the random numbers only, to the last bit, so that a stored
/// ensemble goes on as if it had not been stored.
public struct TreeSampler: Sendable {
  /// The state of the chain.
  public private(set) var ensemble: TreeEnsemble
  /// What became of the proposals so far.
  public private(set) var counts = TreeMoveCounts()

  private let problem: TreeProblem
  private let space: TreeSpace
  private let prior: TreeMixingPrior
  private let moves: TreeMoveSettings
  private var partitions: [TreePartition]
  /// The visited tree and its partition, which meanwhile are not in their arrays.
  private var tree: RegressionTree
  private var partition: TreePartition
  private var proposed: ProposedPartition
  private var posterior: LeafPosterior
  /// nil where there are too many rows or trees, one tree, or no joint draws are wanted.
  private let jointDraw: JointLeafDraw?
  /// Σ over trees of f·leaf, one a row: anew after every sweep, so that it depends on the ensemble alone.
  private var fit: [Double]
  /// What the visited tree has to explain beyond its prior mean, one a row.
  private var residual: [Double]
  /// What rows add to leaves, with that residual.
  private var terms: RowTerms
  /// f·β, one a row: a tree's part by its prior mean.
  private let centre: [Double]

  /// A chain of `mixing` at a state.
  /// - Throws: `MixingError.state` where the state does not belong to the problem.
  public init(_ mixing: TreeMixing, at state: TreeEnsemble) throws(MixingError) {
    let space = TreeSpace(prior: mixing.prior.tree, cutCounts: mixing.grid.counts)
    let problem = mixing.problem
    try state.validate(trees: mixing.prior.trees, models: problem.models, cutCounts: space.cutCounts)
    partitions = state.trees.map { TreePartition($0, problem) }
    for (tree, partition) in zip(state.trees, partitions) {
      guard space.logPrior(under: 0, in: tree) > -.infinity else {
        throw .state("a split is not among those left to it")
      }
      for (node, entry) in tree.nodes.enumerated() where entry.isLeaf && node > 0 {
        guard partition.table.rows[node] >= space.prior.minimumLeafRows else { throw .state("a leaf has too few rows") }
      }
    }
    tree = RegressionTree(leaf: mixing.prior.leaves.means)
    partition = TreePartition(tree, problem)
    ensemble = state
    if case .known(let sigma) = mixing.prior.noise { ensemble.sigma = sigma }
    prior = mixing.prior
    moves = mixing.moves
    proposed = ProposedPartition(problem)
    posterior = LeafPosterior(mixing.prior.leaves)
    let drawsJointly =
      problem.rows <= JointLeafDraw.mostRows && (2...JointLeafDraw.mostTrees).contains(mixing.prior.trees)
      && mixing.moves.jointDraws > 0
    jointDraw = drawsJointly ? JointLeafDraw(problem, mixing.prior.leaves) : nil
    fit = [Double](repeating: 0, count: problem.rows)
    residual = fit
    terms = RowTerms(problem, residual: residual)
    let means = mixing.prior.leaves.means
    centre = (0..<problem.rows).map { problem.combine($0, means, at: 0) }
    self.space = space
    self.problem = problem
    computeFit()
  }

  /// Visits every tree once, then draws σ.
  /// - Throws: `MixingError.overflow` where a number is no longer finite.
  public mutating func sweep(_ stream: inout RandomStream) throws(MixingError) {
    for tree in ensemble.trees.indices { visit(tree, &stream) }
    moveLeaves(&stream)
    computeFit()
    var squares = 0.0
    for row in 0..<problem.rows {
      let noise = problem.response[row] - fit[row]
      squares += noise * noise * problem.precisions[row]
    }
    ensemble.sigma = prior.noise.draw(rows: problem.rows, squares: squares, &stream)
    guard squares.isFinite, ensemble.sigma > 0, ensemble.sigma.isFinite else { throw .overflow }
  }

  /// Moves leaves of several trees together.
  private mutating func moveLeaves(_ stream: inout RandomStream) {
    if let jointDraw, stream.uniform() < moves.jointDraws,
      jointDraw.draw(&ensemble.trees, partitions, sigma: ensemble.sigma, problem, &stream)
    {
      return
    }
    LevelExchange.run(&ensemble.trees, prior.leaves, &stream)
  }

  /// The weights at the rows, K numbers a row.
  func weights(into weights: inout [Double]) {
    for index in weights.indices { weights[index] = 0 }
    for (tree, partition) in zip(ensemble.trees, partitions) {
      for row in 0..<problem.rows {
        let start = Int(partition.leafOfRow[row]) * problem.models
        for model in 0..<problem.models { weights[row * problem.models + model] += tree.values[start + model] }
      }
    }
  }

  /// ln p(y | trees, leaves, σ).
  var logLikelihood: Double {
    (0..<problem.rows).reduce(0) { sum, row in
      let precision = problem.precisions[row] / (ensemble.sigma * ensemble.sigma)
      let noise = problem.response[row] - fit[row]
      return sum - 0.5 * precision * noise * noise + 0.5 * log(precision) - 0.5 * log(2 * .pi)
    }
  }

  private mutating func computeFit() {
    for row in 0..<problem.rows { fit[row] = 0 }
    for (index, tree) in ensemble.trees.enumerated() {
      let values = tree.values
      for row in 0..<problem.rows {
        fit[row] += problem.combine(row, values, at: Int(partitions[index].leafOfRow[row]) * problem.models)
      }
    }
  }

  private mutating func visit(_ index: Int, _ stream: inout RandomStream) {
    let precision = 1 / (ensemble.sigma * ensemble.sigma)
    // Out of their arrays, so that no change of them copies.
    swap(&tree, &ensemble.trees[index])
    swap(&partition, &partitions[index])
    for row in 0..<problem.rows {
      fit[row] -= problem.combine(row, tree.values, at: Int(partition.leafOfRow[row]) * problem.models)
      residual[row] = problem.response[row] - fit[row] - centre[row]
    }
    terms.setResiduals(residual, problem)
    partition.sum(terms, over: tree)
    for _ in 0..<moves.steps { changeShape(precision: precision, &stream) }
    for node in tree.nodes.indices where tree.nodes[node].isLeaf {
      _ = posterior.condition(on: partition.table, leaf: node, precision: precision)
      posterior.draw(into: &tree.values, at: node * problem.models, &stream)
    }
    for row in 0..<problem.rows {
      fit[row] += problem.combine(row, tree.values, at: Int(partition.leafOfRow[row]) * problem.models)
    }
    swap(&tree, &ensemble.trees[index])
    swap(&partition, &partitions[index])
  }

  /// One Metropolis–Hastings step on the shape of the visited tree.
  private mutating func changeShape(precision: Double, _ stream: inout RandomStream) {
    let move = moves.draw(&stream)
    let proposal = move.propose(for: tree, leafRows: partition.table.rows, in: space, moves, &stream)
    guard let proposal else { return counts.count(move, proposed: false, accepted: false) }
    proposed.lay(
      proposal.edit, of: tree, partition, terms, problem, minimumRows: space.prior.minimumLeafRows)
    guard proposed.isAllowed else { return counts.count(move, proposed: true, accepted: false) }
    var logRatio = proposal.logRatio
    logRatio += proposed.logLikelihood(&posterior, precision: precision)
    for leaf in proposed.replaced {
      logRatio -= partition.logLikelihood(leaf, &posterior, precision: precision)
    }
    let accepted = log(stream.openUniform()) < logRatio
    if accepted { partition.apply(proposed, to: &tree) }
    counts.count(move, proposed: true, accepted: accepted)
  }
}
