import Diagnostics
import EmpiricalBayes
import Experts
import LogDensities
import Priors
import Sampling
import TuningIO

/// One tuning run of an experts model: the outer loop with its parts as the options ask for them.
struct TuningRun: Sendable {
  typealias Sampler = NUTSPosteriorSampler<ExpertPosterior>
  typealias Loop = TuningLoop<ExpertModel, Sampler, CatalogueSchedule>

  let study: Study
  let model: ExpertModel
  /// Who chose the prior of each parameter.
  let priorSources: [String]
  let loop: Loop
  /// How far the chains of the present call are.
  let meter = ChainMeter()
  private let finalSampler: Sampler
  private let finalPlan: InnerSampling
  private let limits: SampleChecks.Limits

  init(_ study: Study, gamma: Double, _ command: TuneCommand) throws {
    let (modelOptions, tuning, sampling) = (command.model, command.tuning, command.sampling)
    self.study = study
    let experts = modelOptions.experts ?? study.experts
    let architecture = ExpertArchitecture(
      combination: modelOptions.model, experts: experts, expertFeatures: study.training.expertNames.count,
      gateFeatures: study.training.gateNames.count)
    guard study.training.count >= architecture.dimension else {
      throw Failure(
        "\(study.name): \(study.training.count) rows are too few for the \(architecture.dimension) parameters of"
          + " \(modelOptions.model.rawValue) with \(experts) expert\(experts == 1 ? "" : "s"); allowed is"
          + " \(architecture.dimension) or more.", .data)
    }
    if gamma > 0 && experts == 1 {
      throw Failure(
        "--gamma is \(gamma), but a single expert has no entropy; allowed is 0 or --experts 2 or more.", .usage)
    }
    let start = try study.startingPriors(for: architecture, options: modelOptions.prior)
    var model = try ExpertModel(
      modelOptions.model, experts: experts, data: study.training, priors: start.priors,
      ordering: modelOptions.order.ordering)
    model.hyperparameters = try model.hyperparameters.assigned(
      tuning.roles.plan(
        for: ParameterList(architecture, model.parameterNames), roles: tuning.tune.roles))
    guard !model.hyperparameters.coordinates.isEmpty else { throw TuningError.nothingToTune }
    self.model = model
    priorSources = start.sources

    var settings = sampling.settings
    // Chains that stay with one numbering, where a hyperparameter belongs to one expert.
    settings.usesSymmetries = !model.tunesExpertsApart(model.hyperparameters)
    var loop = try Loop(
      model: model, sampler: try Sampler(settings, meter: meter), objective: try Objective(entropyWeight: gamma),
      schedule: tuning.catalogueSchedule(sampling), selector: tuning.selection.selector,
      stopping: ExpectedRegret(tolerance: tuning.tolerance, iterations: tuning.resolvedIterations))
    if tuning.selection == .holdout {
      guard let test = study.test else {
        throw Failure(
          "--select holdout needs held-out rows: give --test-data, --test-fraction or --test-after.", .usage)
      }
      let architecture = model.architecture
      loop.heldOutLogDensity = { try $0.logPredictiveDensity(of: test, architecture).reduce(0, +) }
    }
    self.loop = loop
    // People read these draws: smaller steps leave fewer divergences in narrow places.
    settings.targetAcceptance = sampling.targetAcceptance ?? 0.9
    finalSampler = try Sampler(settings, meter: meter)
    finalPlan = InnerSampling(.rewarmed(warmup: sampling.finalWarmup), draws: sampling.finalDraws)
    var limits = SampleChecks.Limits()
    limits.treeDepth = sampling.maxDepth
    self.limits = limits
  }

  /// Whether the held-out rows have a part in the choice of λ, and can be no judge of it.
  var choosesByHeldOutRows: Bool { loop.heldOutLogDensity != nil }

  /// γ.
  var gamma: Double { loop.objective.entropyWeight }

  /// Draws of the posterior at λ, for reports: half of the chains go on from those of the tuning run, after a full warmup at λ.
  func posterior(
    at lambda: Hyperparameters, from chains: Sampler.Chains?, draws: Int? = nil, labelling: Labelling? = nil
  ) async throws -> FinalPosterior<Sampler.Chains> {
    var plan = finalPlan
    plan.draws = draws ?? plan.draws
    return try await loop.posterior(at: lambda, by: finalSampler, from: chains, plan: plan, labelling: labelling)
  }

  /// Whether the final draws can be believed.
  func checks(of sample: PosteriorSample) -> SampleChecks {
    SampleChecks(sample, quantities: loop.convergence(of: sample), limits: limits)
  }
}

extension TuningOptions.Scope {
  var roles: TuningRoles {
    switch self {
    case .blocks: .blockScales
    case .all: .all
    }
  }
}

extension TuningOptions {
  /// The step in use; nil for a schedule without one.
  var resolvedStep: Double? { step ?? (plainGradient ? schedule.step.map { min($0, 0.1) } : schedule.step) }
  /// The number of outer iterations where it is known.
  var knownIterations: Int? { schedule.knowsWhenToStop ? nil : resolvedIterations }
  /// The most outer iterations.
  var resolvedIterations: Int { iterations ?? schedule.iterations }
  /// What chooses the kept iterate.
  var selection: Selection { select ?? (schedule == .paper || schedule == .paperAdam ? .surrogate : .evidence) }

  /// The schedule that the options describe.
  func catalogueSchedule(_ sampling: SamplingOptions) -> CatalogueSchedule {
    var options = ScheduleOptions()
    options.step = resolvedStep
    options.clip = clip.isFinite ? clip : nil
    options.naturalScaling = !plainGradient
    options.warmup = sampling.warmup
    options.draws = sampling.draws
    return CatalogueSchedule(schedule, options)
  }
}

extension SamplingOptions {
  /// Draws of each chain in a refitted fold.
  var foldDraws: Int { min(finalDraws, 500) }

  /// The final posterior is what people read: it is never warmed up for less than this.
  var finalWarmup: Int { max(warmup, 500) }

  var settings: SamplerSettings {
    SamplerSettings(
      chains: chains, maximumTreeDepth: maxDepth, targetAcceptance: targetAcceptance ?? 0.8, metric: metric, seed: seed,
      threads: concurrency)
  }
}
