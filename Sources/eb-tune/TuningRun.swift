import Diagnostics
import EmpiricalBayes
import Experts
import LogDensities
import Sampling
import TuningIO

/// One tuning run of an experts model: the outer loop with its parts as the options ask for them.
struct TuningRun: Sendable {
  typealias Sampler = NUTSPosteriorSampler<ExpertPosterior>
  typealias Loop = TuningLoop<ExpertModel, Sampler, GradientSchedule<Optimiser>>

  let study: Study
  let model: ExpertModel
  let loop: Loop
  private let finalPlan: InnerSampling
  private let limits: SampleChecks.Limits

  init(
    _ study: Study, model modelOptions: ModelOptions, tuning: TuningOptions, sampling: SamplingOptions, threads: Int
  ) throws {
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
    if tuning.gamma > 0 && experts == 1 {
      throw Failure(
        "--gamma is \(tuning.gamma), but a single expert has no entropy; allowed is 0 or --experts 2 or more.", .usage)
    }
    var model = try ExpertModel(
      modelOptions.model, experts: experts, data: study.training,
      priors: study.priors(for: architecture, options: modelOptions.prior),
      ordering: modelOptions.order.ordering)
    model.hyperparameters = model.hyperparameters.assigned(
      tuning.tune.roles, fixing: Set(tuning.fix.map(\.rawValue)),
      hyperprior: tuning.hyperprior == .halfCauchy ? .halfCauchyScale(1) : nil)
    self.model = model

    let settings = sampling.settings(threads: threads)
    let adaptation: InnerSampling.Adaptation =
      sampling.freshChains
      ? .fresh(warmup: sampling.warmup) : .persistent(warmup: sampling.warmup, adaptation: sampling.adaptation)
    let sampler = try Sampler(settings)
    loop = try Loop(
      model: model, sampler: sampler,
      objective: try Objective(entropyWeight: tuning.gamma),
      schedule: GradientSchedule(
        tuning.optimiser, adaptation: adaptation, draws: ConstantSchedule(draws: sampling.draws)),
      selector: tuning.select.selector,
      stopping: FixedHorizon(iterations: tuning.iterations))
    finalPlan = InnerSampling(.rewarmed(warmup: sampling.finalWarmup), draws: sampling.finalDraws)
    var limits = SampleChecks.Limits()
    limits.treeDepth = sampling.maxDepth
    self.limits = limits
  }

  /// Draws of the posterior at λ, for reports: the chains of the tuning run go on, after a full warmup at λ.
  func posterior(at lambda: Hyperparameters, from chains: Sampler.Chains?) async throws -> WeightedSample {
    try await loop.posterior(at: lambda, by: loop.sampler, from: chains, plan: finalPlan)
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
  /// The step in use.
  var resolvedStep: Double { step ?? (optimizer == .adam || plainGradient ? 0.1 : optimizer == .sga ? 0.5 : 1.5) }

  /// The optimiser that the options describe.
  var optimiser: Optimiser {
    Optimiser(
      scaling: plainGradient ? nil : NaturalScaling(), adam: optimizer == .adam ? Adam() : nil,
      constant: optimizer == .robbinsMonro ? nil : ConstantStep(resolvedStep),
      robbinsMonro: optimizer == .robbinsMonro ? RobbinsMonroStep(size: resolvedStep, delay: 20, exponent: 0.6) : nil,
      clipping: clip.isFinite ? GradientClipping(logarithm: clip, location: 2 * clip) : nil)
  }
}

extension SamplingOptions {
  /// Transitions that persistent chains spend on a new λ before they draw.
  var adaptation: Int { min(10, draws) }

  /// The final posterior is what people read: it is never warmed up for less than this.
  var finalWarmup: Int { max(warmup, 500) }

  func settings(threads: Int) -> SamplerSettings {
    SamplerSettings(
      chains: chains, maximumTreeDepth: maxDepth, targetAcceptance: targetAcceptance, metric: metric, seed: seed,
      threads: threads)
  }
}
