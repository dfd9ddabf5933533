/// The draws of one chain.
struct TreeDraws: Sendable {
  private(set) var forest: TreeForest
  private(set) var leafStatistics: [LeafStatistics] = []

  init(_ mixing: TreeMixing) { forest = TreeForest(models: mixing.problem.models, trees: mixing.prior.trees) }

  /// Stores a draw.
  mutating func append(_ ensemble: TreeEnsemble, _ statistics: LeafStatistics) {
    forest.append(ensemble)
    leafStatistics.append(statistics)
  }
}
