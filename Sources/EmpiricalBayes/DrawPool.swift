#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities

/// Draws of several iterations, each at its own λ, together as a sample of the posterior at any λ near them: multiple
/// importance sampling with the mixture of all batches' priors as denominator. The likelihood cancels, so reuse costs no
/// gradient; and as every batch is seen from the others, no ratio rests on one-sided weights.
struct DrawPool: Sendable, Codable, Equatable {
  /// The draws of one iteration.
  struct Batch: Sendable, Codable, Equatable {
    var iteration: Int
    /// The coordinates of λ.
    var lambda: [Double]
    var draws: Int
    /// Draws are laid out chain by chain.
    var chains: Int
    /// `HierarchicalModel.priorStatistics` of every draw.
    var statistics: [Double]
    /// ln Hent of every draw; empty where the model allocates nothing.
    var logEntropies: [Double]
    /// The pathwise score of every draw at its own λ, draws × coordinates; empty where there is none.
    var pathwise: [Double]
    /// Positions and likelihood gradients, draw by draw, where the pathwise score changes with λ; else empty.
    var positions: [Double]
    var likelihoodGradients: [Double]
    /// ln weights that sum to the number of draws; empty where all are 1.
    var logWeights: [Double]
  }

  private(set) var batches: [Batch] = []
  /// ln p(θ_s | λ_b), batches × draws of all batches.
  private(set) var logPriors: [[Double]] = []
  /// ln L at the batches' λ, up to a constant.
  private(set) var logConstants: [Double] = []
  /// ln of the mixture at every draw.
  private(set) var logMixture: [Double] = []

  var draws: Int { batches.reduce(0) { $0 + $1.draws } }
  var statistics: [Double] { batches.flatMap(\.statistics) }
  var logEntropies: [Double] { batches.flatMap(\.logEntropies) }

  /// Adds a batch whose ln L is about `logConstant`, on the scale of `logConstants`.
  mutating func add<Model: HierarchicalModel>(
    _ batch: Batch, logConstant: Double, of model: Model, from reference: Hyperparameters
  ) {
    for (index, old) in batches.enumerated() {
      logPriors[index] +=
        model.priorTable(of: batch.statistics, draws: batch.draws, given: reference.moved(to: old.lambda)).logPrior
    }
    batches.append(batch)
    logPriors.append(
      model.priorTable(of: statistics, draws: draws, given: reference.moved(to: batch.lambda)).logPrior)
    logConstants.append(logConstant)
    solve()
  }

  /// Keeps only the batches at `indices`, ascending.
  mutating func keep(_ indices: [Int]) {
    guard indices.count < batches.count else { return }
    let kept = Set(indices)
    var mask: [Bool] = []
    for (index, batch) in batches.enumerated() {
      mask += [Bool](repeating: kept.contains(index), count: batch.draws)
    }
    logPriors = indices.map { row in zip(logPriors[row], mask).filter(\.1).map(\.0) }
    logConstants = indices.map { logConstants[$0] }
    batches = indices.map { batches[$0] }
    solve()
  }

  private mutating func solve() {
    let ratio = MultistateRatio(
      logDensities: logPriors, counts: batches.map { Double($0.draws) }, logWeights: logWeights,
      start: logConstants, iterations: 15, tolerance: 1e-4)
    logConstants = ratio.logConstants
    logMixture = ratio.logMixture
  }

  private var logWeights: [Double]? {
    batches.contains { !$0.logWeights.isEmpty }
      ? batches.flatMap { $0.logWeights.isEmpty ? [Double](repeating: 0, count: $0.draws) : $0.logWeights } : nil
  }

  /// The draws as a sample of the posterior at a λ whose prior table is `table`, and ln L there on the scale of
  /// `logConstants`.
  func view(_ table: PriorTable) -> (logEvidence: Double, weights: ImportanceWeights) {
    var terms = zip(table.logPrior, logMixture).map { $0 - $1 }
    if let logWeights { terms = zip(terms, logWeights).map { $0 + $1 } }
    let top = terms.max() ?? -.infinity
    let sum = terms.reduce(0) { $0 + exp($1 - top) }
    return (top + log(sum), ImportanceWeights(logWeights: terms))
  }

  /// The share of every batch in `weights`, in units of its share in the draws.
  func shares(of weights: ImportanceWeights) -> [Double] {
    var start = 0
    return batches.map { batch in
      defer { start += batch.draws }
      let sum = weights.values[start..<start + batch.draws].reduce(0, +)
      return sum / (Double(batch.draws) / Double(draws))
    }
  }

  /// The chain of every draw; chains persist from batch to batch.
  var chains: [Int] {
    batches.flatMap { batch in (0..<batch.draws).map { $0 * batch.chains / batch.draws } }
  }

  /// Control variates at λ; none where a batch lacks them.
  func controlVariates<Model: HierarchicalModel>(
    _ model: Model, at lambda: Hyperparameters, scores: [[Double]]
  ) -> ControlVariates {
    let q = scores.count
    guard batches.allSatisfy({ !$0.pathwise.isEmpty }) else { return ControlVariates(values: []) }
    var values = scores.map { $0.map { -$0 } }
    var draw = 0
    for batch in batches {
      for index in 0..<batch.draws {
        let pathwise = batch.pathwise(of: index, coordinates: q, model, at: lambda)
        for coordinate in 0..<q { values[coordinate][draw] += pathwise[coordinate] }
        draw += 1
      }
    }
    return ControlVariates(values: values)
  }
}

extension DrawPool.Batch {
  /// The batch of one outer iteration.
  init<Model: HierarchicalModel>(_ batch: TuningBatch, of model: Model, withControlVariates: Bool) {
    let sample = batch.draws.sample
    let lambda = batch.lambda
    let model = model.prepared(for: lambda)
    var pathwise: [Double] = []
    var positions: [Double] = []
    var gradients: [Double] = []
    // Weighted draws come from a support with an edge, where integration by parts leaves a term at the edge.
    if withControlVariates, !sample.gradients.isEmpty, batch.draws.logWeights == nil {
      let movesLocations = lambda.membership.indices.contains {
        lambda.membership[$0] != nil && lambda.entries[$0].kind == .location
      }
      for draw in 0..<sample.count {
        let range = draw * sample.dimension..<(draw + 1) * sample.dimension
        let position = Array(sample.positions[range])
        var prior = [Double](repeating: 0, count: sample.dimension)
        var span = prior.mutableSpan
        _ = model.addPriorGradient(at: position.span, given: lambda, to: &span)
        let likelihood = zip(sample.gradients[range], prior).map { $0 - $1 }
        guard let score = model.pathwiseScore(at: position.span, likelihoodGradient: likelihood.span, given: lambda)
        else {
          pathwise = []
          break
        }
        pathwise += score
        if movesLocations {
          positions += position
          gradients += likelihood
        }
      }
    }
    let total = Double(sample.count)
    self.init(
      iteration: batch.iteration, lambda: lambda.free, draws: sample.count, chains: sample.chains,
      statistics: batch.draws.priorStatistics(of: model, for: lambda),
      logEntropies: batch.evaluated.entropy?.logEntropy ?? [], pathwise: pathwise, positions: positions,
      likelihoodGradients: gradients,
      logWeights: batch.draws.weights.map { $0.values.map { log(total * $0) } } ?? [])
  }

  fileprivate func pathwise<Model: HierarchicalModel>(
    of draw: Int, coordinates q: Int, _ model: Model, at lambda: Hyperparameters
  ) -> [Double] {
    guard !positions.isEmpty else { return Array(pathwise[draw * q..<(draw + 1) * q]) }
    let dimension = positions.count / draws
    let range = draw * dimension..<(draw + 1) * dimension
    let score = model.pathwiseScore(
      at: positions.span.extracting(range), likelihoodGradient: likelihoodGradients.span.extracting(range),
      given: lambda)
    return score ?? [Double](repeating: 0, count: q)
  }
}
