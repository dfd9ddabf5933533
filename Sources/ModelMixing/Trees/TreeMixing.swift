import LogDensities

/// All priors of tree mixing.
public struct TreeMixingPrior: Sendable, Codable, Equatable {
  /// The number m of trees.
  public var trees: Int
  /// The prior of each tree's shape.
  public var tree: TreePrior
  /// The prior of the leaf vectors.
  public var leaves: LeafPrior
  /// The prior of the noise.
  public var noise: NoisePrior

  /// Priors.
  public init(trees: Int, tree: TreePrior = TreePrior(), leaves: LeafPrior, noise: NoisePrior) {
    self.trees = trees
    self.tree = tree
    self.leaves = leaves
    self.noise = noise
  }
}

/// Mixing of K models with weights that are sums of regression trees: y = Σ_k w_k(x) f_k(x) + σ s ε.
///
/// Bayesian additive regression trees with leaf vectors (Yannotty, Santner, Furnstahl and Pratola 2023, "Model mixing using
/// Bayesian additive regression trees"; the tree prior and backfitting are those of Chipman, George and McCulloch 2010). The
/// weights are not constrained: they need not be positive or sum to 1. A value: with it and a `TreeEnsemble` all is known.
public struct TreeMixing: Sendable {
  /// The observations. Their errors are the known relative scales s of the noise, of standard deviation σ s; where no row has an
  /// error, s is 1 everywhere and σ the noise itself.
  public let data: MixingData
  /// What the models say at the rows. Trees use the means alone.
  public let predictions: ModelPredictions
  /// Where trees may split.
  public let grid: CutGrid
  /// The priors.
  public let prior: TreeMixingPrior
  /// How trees are changed.
  public let moves: TreeMoveSettings
  let problem: TreeProblem

  /// A mixing problem.
  /// - Parameters:
  ///   - predictions: What the models say at the inputs of the data.
  ///   - grid: Equispaced cut points over the rows' inputs where it is nil.
  /// - Throws: `MixingError` where parts do not fit each other, or a hyperparameter is outside its range.
  public init(
    _ data: MixingData, predictions: ModelPredictions, prior: TreeMixingPrior, grid: CutGrid? = nil,
    moves: TreeMoveSettings = TreeMoveSettings()
  ) throws(MixingError) {
    try MixingError.check(predictions.count, "The list of predictions", expected: data.count)
    let grid = if let grid { grid } else { try CutGrid.uniform(over: data.inputs) }
    guard grid.cuts.count == data.inputs.count else {
      throw .ragged(what: "The grid of cut points", expected: data.inputs.count, found: grid.cuts.count)
    }
    try self.init(
      data, predictions, prior: prior, grid: grid, moves: moves, problem: TreeProblem(data, predictions, grid: grid))
  }

  private init(
    _ data: MixingData, _ predictions: ModelPredictions, prior: TreeMixingPrior, grid: CutGrid,
    moves: TreeMoveSettings, problem: TreeProblem
  ) throws(MixingError) {
    guard prior.trees >= 1, prior.trees < 1 << 20 else {
      throw .setting(name: "trees", value: "\(prior.trees)", allowed: "from 1 to a million")
    }
    guard prior.leaves.means.count == predictions.models else {
      throw .ragged(what: "The leaf prior", expected: predictions.models, found: prior.leaves.means.count)
    }
    try prior.tree.validate()
    try prior.noise.validate()
    try moves.validate()
    self.data = data
    self.predictions = predictions
    self.grid = grid
    self.prior = prior
    self.moves = moves
    self.problem = problem
  }

  /// The same problem under other hyperparameters: states of the one are states of the other.
  public func replacing(leaves: LeafPrior? = nil, noise: NoisePrior? = nil) throws(MixingError) -> TreeMixing {
    var prior = prior
    if let leaves { prior.leaves = leaves }
    if let noise { prior.noise = noise }
    return try TreeMixing(data, predictions, prior: prior, grid: grid, moves: moves, problem: problem)
  }

  /// A first state: every tree one leaf, leaves and σ drawn from their priors, so that chains start apart.
  public func start(_ stream: inout RandomStream) -> TreeEnsemble {
    let leaves = prior.leaves
    let trees = (0..<prior.trees).map { _ in
      RegressionTree(leaf: leaves.means.indices.map { leaves.means[$0] + leaves.scales[$0] * stream.normal() })
    }
    return TreeEnsemble(trees: trees, sigma: prior.noise.draw(rows: 0, squares: 0, &stream))
  }

  /// ln p(leaves, σ | trees, hyperparameters) of a state: what of the joint density tuning can change.
  public func logHyperparameterDensity(_ statistics: LeafStatistics, sigma: Double) -> Double {
    prior.leaves.logDensity(statistics) + prior.noise.logDensity(sigma: sigma)
  }
}
