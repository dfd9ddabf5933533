import EmpiricalBayes
import Experts
import LogDensities
import Priors
import Sampling

/// How the posterior of a model is drawn.
public struct FitSettings: Sendable, Codable, Equatable {
  /// Chains, warm-up, draws, metric, target acceptance, seed and threads.
  public var sampler: SamplerSettings
  /// How λ is tuned before; nil where the priors stay as they are.
  public var tuning: TuningSettings?

  /// Settings; the defaults are those of final draws: smaller steps leave fewer divergences in narrow places.
  public init(
    sampler: SamplerSettings = SamplerSettings(
      warmup: 500, draws: 1000, targetAcceptance: 0.9, metric: .lowRank, threads: 1), tuning: TuningSettings? = nil
  ) {
    self.sampler = sampler
    self.tuning = tuning
  }
}

/// How λ is tuned by the default schedule.
public struct TuningSettings: Sendable, Codable, Equatable {
  /// γ, the weight of the entropy penalty.
  public var entropyWeight: Double
  /// Nats that may be missing of the maximum.
  public var tolerance: Double
  /// The most outer iterations.
  public var iterations: Int
  /// What is tuned.
  public var roles: TuningRoles
  /// Whether tuned scales carry a half-Cauchy density on the log scale.
  public var usesHyperprior: Bool

  /// Settings; the defaults are the program's.
  public init(
    entropyWeight: Double = 0, tolerance: Double = 0.1, iterations: Int = 100, roles: TuningRoles = .blockScales,
    usesHyperprior: Bool = true
  ) {
    self.entropyWeight = entropyWeight
    self.tolerance = tolerance
    self.iterations = iterations
    self.roles = roles
    self.usesHyperprior = usesHyperprior
  }
}
