import Diagnostics
import EmpiricalBayes
import Evaluation
import LogDensities
import Sampling

/// A hierarchical model fitted: λ tuned or as it was, then draws of the posterior there and whether to believe them.
public struct PosteriorFit<Model: HierarchicalModel>: Sendable where Model.Posterior: LogDensity {
  /// The model, its hyperparameters with the roles that they were tuned in.
  public let model: Model
  /// λ that the draws are at.
  public let lambda: Hyperparameters
  /// What tuning found; nil where nothing was tuned.
  public let tuning: TuningResult?
  /// Draws of the posterior at λ.
  public let draws: WeightedSample
  /// Whether they can be believed.
  public let checks: SampleChecks
  /// Whether λ was still tuned in a mode of negligible mass after all restarts; see `FinalPosterior`.
  public let tuningMissedTheMass: Bool
  /// Gradient evaluations of tuning and drawing together.
  public let gradientEvaluations: Int

  /// Tunes where the settings say so, and draws.
  /// - Throws: `SamplingError`, `.cancelled` among them; `TuningError`; `ModelError`.
  public init(_ model: Model, _ settings: FitSettings) async throws {
    self.model = model
    var sampler = settings.sampler
    sampler.usesSymmetries = !model.tunesExpertsApart(model.hyperparameters)
    let drawing = try NUTSPosteriorSampler<Model.Posterior>(sampler)
    let plan = InnerSampling(.rewarmed(warmup: sampler.warmup), draws: sampler.draws)
    let asked = settings.tuning ?? TuningSettings()
    sampler.targetAcceptance = 0.8
    let loop = try TuningLoop(
      model: model, sampler: NUTSPosteriorSampler<Model.Posterior>(sampler),
      objective: try Objective(entropyWeight: asked.entropyWeight), schedule: CatalogueSchedule(.pooledNewton),
      stopping: ExpectedRegret(tolerance: asked.tolerance, iterations: asked.iterations))
    let tunes = settings.tuning != nil && !model.hyperparameters.coordinates.isEmpty
    var state = tunes ? try loop.initialState() : nil
    var final: FinalPosterior<NUTSPosteriorSampler<Model.Posterior>.Chains>
    var result: TuningResult?
    var price = 0
    var isFinal = false
    repeat {
      if let start = state {
        let rescored = try await loop.rescored(loop.run(from: start))
        try Self.checkCancellation()
        result = loop.result(of: rescored) ?? result
        state = rescored
      }
      final = try await loop.posterior(
        at: result?.tuned ?? model.hyperparameters, by: drawing, from: state?.chains, plan: plan,
        labelling: result?.labelling)
      price += final.inner.sample.gradientEvaluations
      if let restarted = state.flatMap({ loop.restart($0, after: final) }) { state = restarted } else { isFinal = true }
    } while !isFinal
    tuning = result
    lambda = result?.tuned ?? model.hyperparameters
    draws = final.inner.draws
    var limits = SampleChecks.Limits()
    limits.treeDepth = sampler.maximumTreeDepth
    checks = SampleChecks(draws.sample, quantities: loop.convergence(of: draws.sample), limits: limits)
    gradientEvaluations = price + (state?.gradientEvaluations ?? 0)
    tuningMissedTheMass = final.tuningMissedTheMass
  }

  /// PSIS-LOO over the rows that were fitted.
  public func leaveOneOut() throws(EvaluationError) -> PSISLOO {
    let sample = draws.sample
    let likelihood = PointwiseLogLikelihood(
      of: model, at: sample.positions, chains: sample.chains, drawsPerChain: sample.drawsPerChain)
    return try PSISLOO(likelihood, logWeights: draws.logWeights)
  }

  /// The largest R-hat of the model's label-invariant quantities; nil where it is infinite.
  public var largestRHat: Double? { checks.checks.first { $0.name == "R-hat" }?.value }

  private static func checkCancellation() throws(SamplingError) {
    if Task.isCancelled { throw .cancelled }
  }
}
