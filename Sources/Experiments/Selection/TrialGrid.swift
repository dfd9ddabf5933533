import Experts
import LogDensities
import Priors
import Sampling

/// All combinations of numbers of experts, models, gates, priors and tuning, less those that make no difference or cannot
/// be fitted. Everything is built here, before the first fit.
public struct TrialGrid: Sendable {
  /// Features of the gate.
  public struct Gate: Sendable {
    /// Text that parses to them.
    public var terms: String
    /// The rows to fit, with these features.
    public var training: ExpertRows
    /// Rows that no fit sees; nil where there are none.
    public var test: ExpertRows?

    /// Features of the gate, with rows that have them.
    public init(terms: String, training: ExpertRows, test: ExpertRows?) {
      self.terms = terms
      self.training = training
      self.test = test
    }
  }

  /// Priors to start from.
  public struct PriorSet: Sendable {
    /// What people call them.
    public var name: String
    /// Text that determines them, for the key of a trial.
    public var definition: String
    /// The priors of a shape with parameters of these names; throws a sentence where there are none for it.
    public var priors: @Sendable (ExpertArchitecture, [String]) throws -> ExpertPriors

    /// Priors by name.
    public init(
      name: String, definition: String,
      priors: @escaping @Sendable (ExpertArchitecture, [String]) throws -> ExpertPriors
    ) {
      self.name = name
      self.definition = definition
      self.priors = priors
    }
  }

  /// M.
  public var experts: [Int]
  /// How experts are combined.
  public var combinations: [Combination]
  /// Features of the gate; at least one set.
  public var gates: [Gate]
  /// Priors to start from.
  public var priorSets: [PriorSet]
  /// How λ is tuned; nil for priors that stay as they are.
  public var tunings: [TuningSettings?]
  /// How posteriors are drawn.
  public var sampler: SamplerSettings

  /// A grid.
  public init(
    experts: [Int], combinations: [Combination], gates: [Gate], priorSets: [PriorSet], tunings: [TuningSettings?],
    sampler: SamplerSettings
  ) {
    precondition(!gates.isEmpty, "a gate has features, if none but its bias")
    self.experts = experts
    self.combinations = combinations
    self.gates = gates
    self.priorSets = priorSets
    self.tunings = tunings
    self.sampler = sampler
  }

  /// The trials by ascending number of experts, and what was left out.
  public func planned() -> TrialPlan {
    var plan = TrialPlan()
    for experts in experts.sorted() {
      // One expert needs nobody to choose among experts: no gate, and no difference between the models.
      let isAlone = experts == 1
      if isAlone { plan.noteOneExpert(combinations, gates: gates.count) }
      for combination in isAlone ? [.moe] : combinations {
        for gate in isAlone ? Array(gates.prefix(1)) : gates {
          for priors in priorSets { add(to: &plan, combination, experts, gate, priors) }
        }
      }
    }
    return plan
  }

  private func add(
    to plan: inout TrialPlan, _ combination: Combination, _ experts: Int, _ gate: Gate, _ priors: PriorSet
  ) {
    let shape = TrialConfiguration(
      combination: combination, experts: experts, gate: experts == 1 ? "" : gate.terms, priors: priors.name,
      entropyWeight: nil)
    let model: ExpertModel
    do {
      model = try self.model(combination, experts, gate, priors)
    } catch {
      plan.skipped.append(SkippedTrial(configuration: shape, title: title(shape, remarks(shape)), reason: "\(error)"))
      return
    }
    for asked in tunings {
      var (tuning, configuration) = (asked, shape)
      if experts == 1, let weight = asked?.entropyWeight, weight > 0 {
        tuning?.entropyWeight = 0
        plan.noteNoEntropy()
      }
      configuration.entropyWeight = tuning?.entropyWeight
      plan.add(configured(configuration, model, tuning, gate, priors))
    }
  }

  private func model(
    _ combination: Combination, _ experts: Int, _ gate: Gate, _ priors: PriorSet
  ) throws -> ExpertModel {
    let rows = gate.training
    let architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: rows.expertNames.count,
      gateFeatures: rows.gateNames.count)
    guard rows.count >= architecture.dimension else {
      throw ModelError.invalid("Its \(architecture.dimension) parameters are more than the \(rows.count) rows to fit.")
    }
    let names = architecture.parameterNames(expertFeatures: rows.expertNames, gateFeatures: rows.gateNames)
    return try ExpertModel(
      combination, experts: experts, data: rows, priors: priors.priors(architecture, names))
  }

  private func configured(
    _ configuration: TrialConfiguration, _ model: ExpertModel, _ tuning: TuningSettings?, _ gate: Gate,
    _ priors: PriorSet
  ) -> ConfiguredTrial {
    var model = model
    if let tuning {
      model.hyperparameters = model.hyperparameters.assigned(
        tuning.roles, hyperprior: tuning.usesHyperprior ? .halfCauchyScale(1) : nil)
    }
    let remarks = remarks(configuration) + (tunings.count > 1 ? [configuration.tuningName] : [])
    let detail = (configuration.experts > 1 ? ["\(configuration.experts) experts"] : []) + remarks
    return ConfiguredTrial(
      configuration: configuration, title: title(configuration, remarks),
      trial: Trial(
        key: key(configuration, priors), name: configuration.modelName, detail: detail.joined(separator: ", "),
        model: model, settings: FitSettings(sampler: sampler, tuning: tuning), test: gate.test))
  }

  /// All that a trial of given rows and settings depends on.
  private func key(_ configuration: TrialConfiguration, _ priors: PriorSet) -> String {
    [
      configuration.combination.rawValue, "experts=\(configuration.experts)", "gate=\(configuration.gate)",
      "priors=\(priors.definition)", configuration.entropyWeight.map { "gamma=\($0)" } ?? "untuned",
    ].joined(separator: " | ")
  }

  /// What distinguishes a place within this grid, besides its shape and its tuning.
  private func remarks(_ configuration: TrialConfiguration) -> [String] {
    var parts: [String] = []
    if configuration.experts > 1 && gates.count > 1 {
      parts.append("gate \(configuration.gate.isEmpty ? "of a bias" : configuration.gate)")
    }
    if priorSets.count > 1 { parts.append("\(configuration.priors) priors") }
    return parts
  }

  private func title(_ configuration: TrialConfiguration, _ remarks: [String]) -> String {
    configuration.shapeName + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
  }
}
