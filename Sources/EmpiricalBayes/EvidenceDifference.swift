#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities
import Sampling

/// ln L at several λ relative to one of them, from draws at each: the likelihood cancels in every ratio, so that prior densities are
/// all it takes (multistate Bennett acceptance ratio; for two λ, bridge sampling).
public struct EvidenceDifference: Sendable, Codable, Equatable {
  /// ln L(λ_k) − ln L(λ_reference) of every batch, with standard errors; 0 ± 0 at the reference.
  public var logEvidence: [Estimate]
  /// Of every batch, the effective number of draws of others that stand for it.
  public var sharedDraws: [Double]

  /// The smallest of `sharedDraws`: below about ten, differences are guesses whatever their errors say.
  public var overlap: Double { sharedDraws.min() ?? 0 }

  /// - Parameters:
  ///   - batches: Draws of the posterior at each λ, weighted or not, at least one of each.
  ///   - model: Their model.
  ///   - reference: The batch that others are compared with.
  ///   - chainsPersist: Whether chain c of a batch goes on from chain c of the batch before, see `MultistateRatio`.
  /// - Throws: `EvidenceError` where there is nothing to compare or no solution.
  public static func estimate<Model: HierarchicalModel>(
    batches: [(draws: WeightedSample, lambda: Hyperparameters)], of model: Model, relativeTo reference: Int = 0,
    chainsPersist: Bool = false
  ) throws(EvidenceError) -> EvidenceDifference {
    guard let first = batches.first, batches.indices.contains(reference) else {
      throw .batches("Evidences need at least one batch of draws, and a reference among them.")
    }
    guard batches.allSatisfy({ $0.draws.sample.count > 0 && $0.draws.sample.dimension == first.draws.sample.dimension })
    else { throw .batches("Batches of draws must not be empty and must have one dimension.") }
    let samples = batches.map(\.draws.sample)
    let total = samples.reduce(0) { $0 + $1.count }
    var statistics: [Double] = []
    for sample in samples {
      for draw in 0..<sample.count {
        statistics += sample.withPosition(draw) { model.priorStatistics(at: $0, for: first.lambda) }
      }
    }
    let tables = batches.map { model.priorTable(of: statistics, draws: total, given: $0.lambda).logPrior }
    let shapes = samples.map { MultistateRatio.Batch(chains: $0.chains, drawsPerChain: $0.drawsPerChain) }
    let counts = effectiveCounts(batches.map(\.draws), tables: tables, shapes)
    let weights = batches.indices.flatMap { index -> [Double] in
      let count = samples[index].count
      let own = batches[index].draws.weights?.values
      return (0..<count).map { log(counts[index] * (own?[$0] ?? 1 / Double(count))) }
    }
    let ratio = MultistateRatio(logDensities: tables, counts: counts, logWeights: weights)
    guard ratio.converged, ratio.logConstants.allSatisfy(\.isFinite) else { throw .notConverged }
    let contrasts = batches.indices.map { state in
      batches.indices.map { state == reference ? 0.0 : $0 == state ? 1 : $0 == reference ? -1 : 0 }
    }
    let errors = ratio.standardErrors(of: contrasts, in: shapes, chainsPersist: chainsPersist)
    return EvidenceDifference(
      logEvidence: batches.indices.map {
        Estimate(
          value: $0 == reference ? 0 : ratio.logConstants[$0] - ratio.logConstants[reference], standardError: errors[$0]
        )
      },
      sharedDraws: batches.count > 1 ? ratio.sharedDraws(in: shapes) : counts)
  }

  /// Draws of each batch as far as what tells it from the others is concerned: the log prior against that of every other λ, whichever
  /// is known worst.
  private static func effectiveCounts(
    _ draws: [WeightedSample], tables: [[Double]], _ shapes: [MultistateRatio.Batch]
  ) -> [Double] {
    var start = 0
    return draws.indices.map { index in
      let shape = shapes[index]
      defer { start += shape.count }
      let kish = draws[index].weights?.effectiveSampleSize ?? Double(shape.count)
      let sizes = draws.indices.filter { $0 != index }.map { other in
        EffectiveSampleSize.mean(
          (0..<shape.chains).map { chain in
            (0..<shape.drawsPerChain).map { draw in
              let place = start + chain * shape.drawsPerChain + draw
              return tables[other][place] - tables[index][place]
            }
          })
      }
      let least = min(Double(shape.count), max(1, sizes.min() ?? Double(shape.count)))
      return least * kish / Double(shape.count)
    }
  }
}
