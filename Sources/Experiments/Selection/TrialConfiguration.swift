import Experts

/// What tells the trials of one grid apart.
public struct TrialConfiguration: Sendable, Codable, Hashable {
  /// How the experts are combined; `moe` for one expert, where all are the same.
  public var combination: Combination
  /// M.
  public var experts: Int
  /// The gate's features as text that parses to them; empty for one expert, which has no gate.
  public var gate: String
  /// The name of the priors that the trial starts from.
  public var priors: String
  /// γ of tuning; nil where the priors stay as they are.
  public var entropyWeight: Double?

  /// A configuration.
  public init(combination: Combination, experts: Int, gate: String, priors: String, entropyWeight: Double?) {
    self.combination = combination
    self.experts = experts
    self.gate = gate
    self.priors = priors
    self.entropyWeight = entropyWeight
  }

  /// Whether the priors were tuned on the rows.
  public var isTuned: Bool { entropyWeight != nil }

  /// What tables call the model, such as `CoCoAFusE`.
  public var modelName: String {
    guard experts > 1 else { return "one expert" }
    return switch combination {
    case .moe: "MoE"
    case .boe: "BoE"
    case .cocoafuse: "CoCoAFusE"
    }
  }

  /// The model with its number of experts, such as `CoCoAFusE with 2 experts`.
  public var shapeName: String { experts > 1 ? "\(modelName) with \(experts) experts" : modelName }

  /// What tuning did, such as `tuned, γ = 0.5`; `untuned` where nothing was.
  public var tuningName: String {
    guard let entropyWeight else { return "untuned" }
    return entropyWeight == 0 ? "tuned" : "tuned, γ = \(Self.text(entropyWeight))"
  }

  /// A number without a fraction that says nothing.
  static func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

/// A trial of a grid.
public struct ConfiguredTrial: Sendable {
  /// What tells it from others.
  public var configuration: TrialConfiguration
  /// What people call it among the trials of its grid, such as `MoE with 2 experts (gate x, tuned)`.
  public var title: String
  /// What is run.
  public var trial: Trial
}

/// A place of a grid that cannot be run, tuned or not.
public struct SkippedTrial: Sendable, Codable, Equatable {
  /// What tells it from others.
  public var configuration: TrialConfiguration
  /// What people call it among the places of its grid.
  public var title: String
  /// Why, a sentence.
  public var reason: String
}
