import Diagnostics
import Sampling

extension TuningInfo {
  /// What one iteration found; `isBest` is left to the selector.
  init<Chains, Memory>(
    _ state: TuningState<Chains, Memory>, _ estimate: Objective.Value, convergence: [SampleChecks.Quantity],
    sample: PosteriorSample, point: TuningPoint, move: TuningMove<Memory>, next: TuningState<Chains, Memory>
  ) {
    self.init(
      iteration: state.iteration, lambda: state.lambda.free,
      expectedLogLikelihood: estimate.expectedLogLikelihood, entropy: estimate.entropy, surrogate: estimate.surrogate,
      logHyperprior: estimate.logHyperprior, gradient: estimate.gradient,
      step: zip(next.lambda.free, state.lambda.free).map { $0 - $1 },
      worstRHat: convergence.map { RHat.rankNormalised($0.draws) }.max() ?? 1,
      draws: sample.count,
      minimumBulkESS: convergence.map { EffectiveSampleSize.bulk($0.draws) }.min() ?? Double(sample.count),
      divergences: sample.statistics.count(where: \.isDivergent), gradientEvaluations: next.gradientEvaluations,
      isBest: false, collapsedDraws: estimate.collapsedDraws,
      informedShare: zip(estimate.scoreVariance, point.priorInformation).map { 1 - $0 / $1 },
      weightEffectiveSize: estimate.weightEffectiveSize, unit: point.unit,
      logEvidenceGain: next.path?.gain, proposal: move.proposal, expectedRegret: move.expectedRegret,
      isRejected: move.isRejected ? true : nil, reuseEffectiveSize: move.reuseEffectiveSize)
  }
}
