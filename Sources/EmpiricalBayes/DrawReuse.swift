import Diagnostics
import LogDensities

/// Draws at one λ that stand for another: the likelihood cancels, and the weight of a draw is p(θ | λ′) / p(θ | λ), at no
/// evaluation of the likelihood.
public enum DrawReuse {
  /// The draws of the posterior at `source` with Pareto-smoothed weights for the posterior at `target`, and k̂, which says
  /// whether to believe them. Weights that the draws already have are multiplied in.
  public static func reweighted<Model: HierarchicalModel>(
    _ draws: WeightedSample, of model: Model, from source: Hyperparameters, to target: Hyperparameters
  ) -> (draws: WeightedSample, khat: Double) {
    let (atTarget, atSource) = (model.prepared(for: target), model.prepared(for: source))
    let ratios = (0..<draws.sample.count).map { draw in
      draws.sample.withPosition(draw) { position in
        atTarget.logPrior(at: position, given: target) - atSource.logPrior(at: position, given: source)
      } + (draws.logWeights?[draw] ?? 0)
    }
    let smoothing = ParetoSmoothing(logWeights: ratios)
    return (WeightedSample(draws.sample, logWeights: smoothing.logWeights), smoothing.khat)
  }
}
