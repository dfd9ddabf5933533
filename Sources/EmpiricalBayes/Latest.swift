import Diagnostics
import LogDensities

/// What the draws of the latest iteration alone say about λ.
struct Latest: Sendable {
  /// The coordinates of λ.
  let lambda: [Double]
  /// ln L.
  let evidence: LocalQuadratic
  /// The whole objective.
  let whole: LocalQuadratic
  private let statistics: [Double]
  private let weights: [Double]
  private let chains: Int

  init<Model: HierarchicalModel>(_ batch: TuningBatch, of model: Model, _ objective: Objective) {
    let sample = batch.draws.sample
    let model = model.prepared(for: batch.lambda)
    lambda = batch.lambda.free
    chains = sample.chains
    weights = batch.draws.normalisedWeights
    statistics = batch.draws.priorStatistics(of: model, for: batch.lambda)
    let table = model.priorTable(of: statistics, draws: sample.count, given: batch.lambda)
    whole = LocalQuadratic(
      model, at: batch.lambda, statistics: statistics, table: table, weights: weights,
      logEntropies: batch.evaluated.entropy?.logEntropy ?? [], objective: objective)
    evidence = LocalQuadratic(
      model, at: batch.lambda.withoutHyperpriors, statistics: statistics, table: table, weights: weights,
      logEntropies: [], objective: .evidence)
  }

  /// The maximiser of the expected complete-data log density, or where the objective has an entropy penalty a natural
  /// gradient step.
  func maximisation<Model: HierarchicalModel>(
    of model: Model, _ objective: Objective, _ batch: TuningBatch
  ) -> [Double] {
    guard objective.entropyWeight == 0 else {
      return zip(lambda, zip(whole.gradient, whole.information)).map { $0 + ($1.1 > 0 ? $1.0 / $1.1 : 0) }
    }
    return CompleteDataMaximiser(statistics: statistics, weights: weights).maximum(of: model, from: batch.lambda).free
  }

  /// What a Newton step would gain, and what noise alone would make of it; nil where the Hessian is not a maximum's.
  func shortfall(at lambda: Hyperparameters) -> Estimate? {
    let direction = NewtonDirection(whole, at: lambda)
    guard direction.blend == 0 else { return nil }
    let time = autocorrelationTime(of: whole) ?? 1
    let length = max(1, weights.count / max(1, chains))
    return direction.expectedRegret(
      of: whole, autocorrelationTime: time, chains: weights.indices.map { $0 / length }
    ).map { Estimate(value: $0.distance, standardError: $0.noise) }
  }

  /// Draws per independent draw of a gradient's terms, from the end of them, which are this iteration's; nil for fewer than
  /// eight draws a chain. At least 1: chains that look antithetic in a few draws are not counted on.
  func autocorrelationTime(of local: LocalQuadratic) -> Double? {
    let length = weights.count / max(1, chains)
    guard length >= 8, !local.terms.isEmpty else { return nil }
    let times = local.terms.map { terms in
      let latest = terms.suffix(weights.count)
      let shaped = (0..<chains).map { chain in
        Array(latest[(latest.startIndex + chain * length)..<(latest.startIndex + (chain + 1) * length)])
      }
      return Double(weights.count) / max(1, EffectiveSampleSize.mean(shaped))
    }
    return max(1, times.reduce(0, +) / Double(times.count))
  }
}

extension Hyperparameters {
  /// The same λ with no density on any coordinate.
  var withoutHyperpriors: Hyperparameters {
    var copy = self
    copy.dropHyperpriors()
    return copy
  }
}

extension TuningBatch {
  /// The coordinates on the way from λ to `target`, as far as a step of `radius` goes.
  func stepped(to target: [Double], radius: Double) -> [Double] {
    let step = shortened(zip(target, lambda.free).map { $0 - $1 }, at: point, radius: radius)
    return zip(lambda.free, step).map { $0 + $1 }
  }
}
