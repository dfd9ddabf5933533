import Experts
import Sampling

/// An experiment with everything that the paper leaves open.
public struct ExperimentSettings: Sendable, Codable, Equatable {
  /// Where tuning of hand-made priors starts.
  public enum TuningStart: String, Sendable, Codable, CaseIterable {
    /// Nothing is tuned.
    case none
    /// At the paper's hand-made priors.
    case table
    /// At the default priors, as if nobody had made any by hand.
    case defaults
  }

  /// Which experiment.
  public var experiment: PaperExperiment
  /// How posteriors are drawn; every repetition has a seed of its own.
  public var sampler = SamplerSettings(
    chains: 4, warmup: 500, draws: 1000, targetAcceptance: 0.9, metric: .lowRank, threads: 1)
  /// Training rows of a simulation, and as many test rows.
  public var rows = 500
  /// The law of x in simulations.
  public var law = SimulatedInput.uniform
  /// τ of p(x) = logistic(τx) in simulations; see `slope(of:)`.
  public var slope = slope(of: .uniform)
  /// k of the Transition's Beta distribution; eMSE there is 2 (36 E p(1 − p) / (k + 1) + 1/16), and 0.19 gives k = 58.
  public var concentration = 58.0
  /// M, to choose among or to use.
  public var experts: [Int]
  /// Degrees of the gate's polynomial to choose among.
  public var gateDegrees = [1, 2, 3]
  /// τ of Algorithm 1.
  public var threshold = 0.5
  /// How the motorcycle's Table 9 is read.
  public var gates = Motorcycle.Gates.printed
  /// Whether hand-made priors are tuned too, and from where.
  public var tuningStart = TuningStart.table
  /// Harmonics of the electric load's features.
  public var harmonics = PowerLoad.Harmonics()
  /// γ of tuning.
  public var entropyWeight: Double
  /// The process's covariance function.
  public var kernel = "constant * rbf(ard) + white"
  /// The network's hidden units.
  public var hiddenUnits = 5
  /// Whether network and process are fitted.
  public var fitsBaselines = true

  /// The defaults of an experiment.
  public init(_ experiment: PaperExperiment) {
    self.experiment = experiment
    switch experiment {
    case .switch, .transition: experts = [2, 3]
    case .wind: experts = [2]
    case .motorcycle, .pdb: experts = [3]
    }
    entropyWeight = experiment == .pdb ? 0.1 : 0
    tuningStart = experiment == .motorcycle ? .table : .none
  }

  /// How the network's posterior is drawn: a diagonal metric, four times the warm-up and half the distance of the target
  /// acceptance to 1, since its chains stay in different places of fit otherwise (see `NeuralNetworkModel`).
  public var networkSampler: SamplerSettings {
    var settings = sampler
    settings.metric = .diagonal
    settings.warmup = 4 * sampler.warmup
    settings.targetAcceptance = 0.5 * (1 + sampler.targetAcceptance)
    return settings
  }

  /// τ as the paper's own figures imply it: eMSE of the Switch is 2 (36 E p(1 − p) + 1/16) for the true model, and 3.98 gives
  /// E p(1 − p) = 0.0535. Under the uniform law that mean is tanh(τ/2) / (2τ).
  public static func slope(of law: SimulatedInput) -> Double {
    switch law {
    case .normal: 7.24
    case .uniform: 9.35
    }
  }

  /// The rows of one repetition.
  /// - Throws: what the columns of a file throw; `ModelError` where it has too few rows.
  public func problem(seed: UInt64, data: (some ColumnSource)?) throws -> Problem {
    switch experiment {
    case .switch: return SwitchProblem.problem(seed: seed, rows: rows, slope: slope, law: law)
    case .transition:
      return TransitionProblem.problem(
        seed: seed, rows: rows, slope: slope, concentration: concentration, law: law)
    case .motorcycle: return Motorcycle.problem(split: .random(seed: seed), gates: gates)
    case .wind, .pdb:
      guard let data else { throw ExperimentError.noData(experiment) }
      return experiment == .wind
        ? try WindTurbine.problem(data, rows: rows, seed: seed)
        : try PowerLoad.problem(data, harmonics: harmonics, seed: seed)
    }
  }
}

/// Why an experiment cannot start.
public enum ExperimentError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It reads a file, and none was given.
  case noData(PaperExperiment)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .noData(let experiment):
      let file = experiment.dataFile
      return
        "The experiment \(experiment.rawValue) needs --data with the public file \(file?.name ?? "") (\(file?.origin ?? "")),"
        + " whose columns \((file?.columns ?? []).joined(separator: ", ")) are read."
    }
  }
}
