/// The state of a chain of tree mixing: all trees with their leaves, and the noise. With the chain's random stream this is all
/// that a checkpoint needs.
public struct TreeEnsemble: Sendable, Codable, Equatable {
  /// The trees, whose leaf vectors sum to the weights.
  public internal(set) var trees: [RegressionTree]
  /// The noise scale σ.
  public internal(set) var sigma: Double

  /// A state.
  public init(trees: [RegressionTree], sigma: Double) {
    self.trees = trees
    self.sigma = sigma
  }

  /// The leaves of all trees.
  public var leaves: Int { trees.reduce(0) { $0 + $1.leaves } }

  /// What the density of the leaves depends on, see `LeafPrior`.
  public func leafStatistics(models: Int) -> LeafStatistics {
    let count = leaves
    var means = [Double](repeating: 0, count: models)
    for tree in trees {
      for (node, entry) in tree.nodes.enumerated() where entry.isLeaf {
        for model in 0..<models { means[model] += tree.values[node * models + model] }
      }
    }
    for model in 0..<models { means[model] /= Double(count) }
    var squares = [Double](repeating: 0, count: models)
    for tree in trees {
      for (node, entry) in tree.nodes.enumerated() where entry.isLeaf {
        for model in 0..<models {
          let deviation = tree.values[node * models + model] - means[model]
          squares[model] += deviation * deviation
        }
      }
    }
    return LeafStatistics(leaves: count, means: means, squares: squares)
  }

  /// Checks a state that was read from a file.
  func validate(trees count: Int, models: Int, cutCounts: [Int]) throws(MixingError) {
    guard trees.count == count else { throw .state("it has \(trees.count) trees where the prior has \(count)") }
    guard sigma.isFinite, sigma > 0 else { throw .state("its noise is not positive") }
    for tree in trees {
      if let complaint = tree.complaint(models: models, cutCounts: cutCounts) { throw .state(complaint) }
    }
  }
}
