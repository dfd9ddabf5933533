import Diagnostics
import LogDensities
import Sampling

extension TuningInfo {
  /// What one iteration found; `isBest` is left to the selector.
  /// - Parameters:
  ///   - next: λ after the move, within its bounds.
  ///   - gradientEvaluations: Those of the run so far.
  init<Memory>(
    _ batch: TuningBatch, convergence: [SampleChecks.Quantity], move: TuningMove<Memory>, next: Hyperparameters,
    gradientEvaluations: Int, path: EvidencePath?
  ) {
    let (estimate, sample) = (batch.estimate, batch.draws.sample)
    self.init(
      iteration: batch.iteration, lambda: batch.lambda.free,
      expectedLogLikelihood: estimate.expectedLogLikelihood, entropy: estimate.entropy, surrogate: estimate.surrogate,
      logHyperprior: estimate.logHyperprior, gradient: estimate.gradient,
      step: zip(next.free, batch.lambda.free).map { $0 - $1 },
      worstRHat: convergence.map { RHat.rankNormalised($0.draws) }.max() ?? 1,
      draws: sample.count,
      minimumBulkESS: convergence.map { EffectiveSampleSize.bulk($0.draws) }.min() ?? Double(sample.count),
      divergences: sample.statistics.count(where: \.isDivergent), gradientEvaluations: gradientEvaluations,
      isBest: false, collapsedDraws: estimate.collapsedDraws,
      informedShare: zip(estimate.scoreVariance, batch.point.priorInformation).map { 1 - $0 / $1 },
      weightEffectiveSize: estimate.weightEffectiveSize, unit: batch.point.unit,
      logEvidenceGain: path?.gain, proposal: move.proposal, expectedRegret: move.expectedRegret,
      isRejected: move.isRejected ? true : nil, reuseEffectiveSize: move.reuseEffectiveSize)
  }
}
