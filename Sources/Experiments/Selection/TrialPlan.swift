import Experts
import Priors

/// What a grid comes to: trials that differ, places that cannot be run, and why there are fewer than the grid has places.
public struct TrialPlan: Sendable {
  /// What is to be run, by ascending number of experts.
  public private(set) var trials: [ConfiguredTrial] = []
  /// What cannot be.
  public internal(set) var skipped: [SkippedTrial] = []
  /// What was left out because it makes no difference, a sentence each.
  public private(set) var notes: [String] = []
  private var seen: [Signature: String] = [:]

  init() {}

  /// Two trials of one signature have the same posterior.
  private struct Signature: Hashable {
    let combination: Combination
    let experts: Int
    let gate: String
    let families: [PriorFamily]
    let values: [Double]
    let entropyWeight: Double?
  }

  mutating func add(_ configured: ConfiguredTrial) {
    let (configuration, model) = (configured.configuration, configured.trial.model)
    let signature = Signature(
      combination: configuration.combination, experts: configuration.experts, gate: configuration.gate,
      families: model.layout.families, values: model.hyperparameters.values, entropyWeight: configuration.entropyWeight)
    if let first = seen[signature] {
      if first != configuration.priors {
        note(
          "For \(configuration.shapeName) the priors \(first) and \(configuration.priors) are the same: it is run once."
        )
      }
      return
    }
    seen[signature] = configuration.priors
    trials.append(configured)
  }

  mutating func noteOneExpert(_ combinations: [Combination], gates: Int) {
    guard combinations != [.moe] || gates > 1 else { return }
    note("With one expert all models are the same, and a gate has nothing to choose: it is run once, without a gate.")
  }

  mutating func noteNoEntropy() {
    note("A single expert has no entropy: it is tuned with γ = 0.")
  }

  private mutating func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }
}
