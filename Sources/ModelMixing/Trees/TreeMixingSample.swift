/// Posterior draws of tree mixing: trees, leaves and σ of every draw, from which predictions at any rows are computed.
public struct TreeMixingSample: Sendable {
  let forests: [TreeForest]
  /// What the leaf prior's density depends on, chains × draws.
  public let leafStatistics: [[LeafStatistics]]
  /// The last state of each chain: where to go on.
  public let states: [TreeEnsemble]
  /// What became of the proposals of each chain, warm-up included.
  public let moves: [TreeMoveCounts]
  /// The number of models K.
  public let models: Int
  let grid: CutGrid

  init(_ draws: [TreeDraws], states: [TreeEnsemble], moves: [TreeMoveCounts], of mixing: TreeMixing) {
    forests = draws.map(\.forest)
    leafStatistics = draws.map(\.leafStatistics)
    self.states = states
    self.moves = moves
    models = mixing.problem.models
    grid = mixing.grid
  }

  /// The number of chains.
  public var chains: Int { forests.count }
  /// The number of draws of each chain.
  public var drawsPerChain: Int { forests.first?.draws ?? 0 }
  /// σ, chains × draws.
  public var sigmas: [[Double]] { forests.map(\.sigmas) }
}
