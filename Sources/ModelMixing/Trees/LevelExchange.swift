import LogDensities

/// Adds a vector to all leaves of one tree and takes it from all those of the next. The sum of trees stays, so that the
/// likelihood does; the prior makes the vector Gaussian. With d = leaf − β and n leaves in both trees, entry k of it is
/// N((Σ' d_k − Σ d_k)/n, τ_k²/n). Drawn from that for each pair of neighbours, it is a Gibbs step.
enum LevelExchange {
  static func run(_ trees: inout [RegressionTree], _ prior: LeafPrior, _ stream: inout RandomStream) {
    guard trees.count > 1 else { return }
    let models = prior.means.count
    for first in trees.indices {
      let second = (first + 1) % trees.count
      let leaves = Double(trees[first].leaves + trees[second].leaves)
      for model in 0..<models {
        let imbalance =
          trees[second].deviation(of: model, from: prior.means[model], models)
          - trees[first].deviation(of: model, from: prior.means[model], models)
        let shift = imbalance / leaves + prior.scales[model] / leaves.squareRoot() * stream.normal()
        trees[first].shift(model, by: shift, models)
        trees[second].shift(model, by: -shift, models)
      }
    }
  }
}

extension RegressionTree {
  /// Σ over leaves of (entry − centre).
  fileprivate func deviation(of model: Int, from centre: Double, _ models: Int) -> Double {
    var sum = 0.0
    for node in nodes.indices where nodes[node].isLeaf { sum += values[node * models + model] - centre }
    return sum
  }

  fileprivate mutating func shift(_ model: Int, by amount: Double, _ models: Int) {
    for node in nodes.indices where nodes[node].isLeaf { values[node * models + model] += amount }
  }
}
