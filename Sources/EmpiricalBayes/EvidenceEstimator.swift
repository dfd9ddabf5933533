#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities
import Sampling

/// ln L(λ) as the ratio of the normalising constants of the posterior and the prior, which tempered posteriors connect:
///
///     posterior   β = 1 ──► 0.6 ──► 0.3 ──► … ──► 0.001 ──► 0   prior
///                     ◄──────◄───────◄──────────────◄───────
///
/// Chains start at the posterior and persist from stage to stage; the next exponent is where importance weights would leave half of
/// this stage's draws. All stages together are pooled by the multistate Bennett acceptance ratio, which is bridge sampling between
/// neighbours from both sides; where neighbours turn out to share too little, a stage is put between them.
///
/// Symmetry: at large β chains may sit in one of M! equivalent labellings. Within each the ratio of neighbours is the same if the
/// prior is the same for all of them, so that the product of ratios is right wherever along the path chains begin to move freely.
/// `TemperedPosterior` has such a prior, with the ln L of the model's own; where the user asked for yet another (an ordering), draws
/// have the weights of `HierarchicalModel.logSymmetryWeight`.
///
/// Results are the same bits for any number of threads.
public struct EvidenceEstimator<Model: HierarchicalModel>: Sendable where Model.Posterior: LogDensity {
  /// The model.
  public let model: Model
  /// The settings.
  public let settings: EvidenceSettings
  /// Names the random streams, from here on: those of two estimates with one seed must lie apart to be independent.
  public let firstIteration: UInt32
  private let sampler: MultiChainSampler

  /// An estimator, by default with random streams that are no tuning run's.
  /// - Throws: `EvidenceError.setting`, `SamplingError.setting` for settings outside their ranges.
  public init(
    _ model: Model, settings: EvidenceSettings = EvidenceSettings(), firstIteration: UInt32 = 0x8000_0000
  ) throws {
    try settings.validate()
    self.firstIteration = firstIteration
    self.model = model
    self.settings = settings
    sampler = try MultiChainSampler(settings.sampler)
  }

  /// ln L(λ).
  ///
  /// - Parameters:
  ///   - chains: Where chains of the posterior stand, one for each of the settings; nil searches for a start.
  ///   - onStage: Called after every stage with its exponent and the number of stages so far.
  /// - Throws: `EvidenceError`, `ModelError` where λ has no posterior, `SamplingError`.
  public func estimate(
    at lambda: Hyperparameters, from chains: [ChainState]? = nil,
    onStage: (_ exponent: Double, _ stages: Int) throws -> Void = { _, _ in }
  ) async throws -> LogEvidence {
    let posterior = try TemperedPosterior(model, at: lambda, exponent: 1)
    var price = 0
    var states = chains ?? []
    if chains == nil {
      (states, price) = try await sampler.start(
        posterior, searching: model.smoothedPosterior(given: lambda), iteration: firstIteration)
    }
    var path = EvidenceStages()
    func add(_ density: TemperedPosterior<Model>, from states: [ChainState], _ plan: WarmUpPlan) async throws {
      guard path.stages.count < settings.mostStages else { throw EvidenceError.tooManyStages(settings.mostStages) }
      let (sample, ends) = try await sampler.sample(
        density, from: states, warmup: plan, draws: settings.draws,
        iteration: firstIteration &+ 1 &+ UInt32(path.stages.count))
      price += sample.gradientEvaluations
      path.insert(try EvidenceStage(sample, chains: ends, of: density))
      try onStage(density.exponent, path.stages.count)
    }

    try await add(posterior, from: states, .full(transitions: settings.warmup))
    let restart = WarmUpPlan.short(transitions: settings.adaptation)
    while let last = path.stages.last, last.exponent > 0 {
      let next = last.nextExponent(share: settings.neighbourShare)
      try await add(TemperedPosterior(model, at: lambda, exponent: next), from: last.chains, restart)
    }
    var pool = try path.pooled()
    while let gap = path.widestGap(in: pool, least: settings.leastOverlap) {
      try await add(
        TemperedPosterior(model, at: lambda, exponent: gap.exponent), from: gap.chains, restart)
      pool = try path.pooled()
    }
    return path.evidence(from: pool, gradientEvaluations: price)
  }
}

/// Stages from the posterior to the prior.
struct EvidenceStages: Sendable {
  /// In order of falling exponent.
  private(set) var stages: [EvidenceStage] = []

  var batches: [MultistateRatio.Batch] { stages.map(\.batch) }

  mutating func insert(_ stage: EvidenceStage) {
    let place = stages.firstIndex { $0.exponent < stage.exponent } ?? stages.count
    stages.insert(stage, at: place)
  }

  /// All stages pooled: in each, draws count as many as are effective.
  func pooled() throws(EvidenceError) -> MultistateRatio {
    let likelihoods = stages.flatMap(\.logLikelihood)
    let tables = stages.map { stage in
      stage.exponent == 0 ? [Double](repeating: 0, count: likelihoods.count) : likelihoods.map { stage.exponent * $0 }
    }
    let pool = MultistateRatio(
      logDensities: tables, counts: stages.map(\.effectiveDraws), logWeights: stages.flatMap(\.logWeights),
      start: thermodynamicStart)
    guard pool.converged, pool.logConstants.allSatisfy(\.isFinite) else { throw .notConverged }
    return pool
  }

  /// d ln Z / dβ is the mean log-likelihood: its integral from the prior by the trapezoid rule.
  private var thermodynamicStart: [Double] {
    var constants = [Double](repeating: 0, count: stages.count)
    for index in stages.indices.dropLast().reversed() {
      let (upper, lower) = (stages[index], stages[index + 1])
      // A mean under the prior can be astronomically low; the narrower side alone then.
      let mean =
        lower.exponent == 0
        ? upper.meanLogLikelihood : 0.5 * (upper.meanLogLikelihood + lower.meanLogLikelihood)
      constants[index] = constants[index + 1] + (upper.exponent - lower.exponent) * mean
    }
    return constants
  }

  /// Where a stage is missing most: its exponent and where chains for it stand. nil where all neighbours share enough.
  func widestGap(in pool: MultistateRatio, least: Double) -> (exponent: Double, chains: [ChainState])? {
    let overlaps = stages.indices.dropLast().map { pool.overlap($0, $0 + 1, in: batches) }
    guard let worst = overlaps.indices.min(by: { overlaps[$0] < overlaps[$1] }), overlaps[worst] < least else {
      return nil
    }
    let (narrow, broad) = (stages[worst], stages[worst + 1])
    let middle = narrow.middle(to: broad)
    guard middle < narrow.exponent, middle > broad.exponent else { return nil }
    return (middle, narrow.chains)
  }

  func evidence(from pool: MultistateRatio, gradientEvaluations: Int) -> LogEvidence {
    let contrast = stages.indices.map { $0 == 0 ? 1.0 : $0 == stages.count - 1 ? -1 : 0 }
    let error = pool.standardErrors(of: [contrast], in: batches, chainsPersist: true)
    return LogEvidence(
      estimate: Estimate(value: pool.logConstants.first ?? 0, standardError: error.first ?? .infinity),
      gradientEvaluations: gradientEvaluations,
      stages: stages.indices.map { index in
        let stage = stages[index]
        return LogEvidence.Stage(
          exponent: stage.exponent, draws: stage.batch.count, effectiveDraws: stage.effectiveDraws,
          acceptance: stage.acceptance, divergences: stage.divergences, logLikelihood: stage.meanLogLikelihood,
          rHat: stage.rHat, overlap: index == 0 ? 1 : pool.overlap(index - 1, index, in: batches))
      })
  }
}
