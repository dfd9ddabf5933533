/// Why tuning cannot start or go on.
public enum TuningError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The entropy weight γ is negative or not finite.
  case entropyWeight(Double)
  /// γ is positive, but the model has no experts, or one only.
  case nothingToAllocate
  /// The schedule cannot increase this objective: its name, and why not.
  case undefined(schedule: String, reason: String)
  /// A state's memory is that of another schedule.
  case foreignMemory
  /// A state that no run of this task made: what is wrong with it.
  case foreignState(String)
  /// No hyperparameter is tuned.
  case nothingToTune
  /// The sampler returned no draws.
  case noDraws
  /// No draw has a positive importance weight.
  case noWeight
  /// An entry of the gradient is not a number; its coordinate.
  case gradient(String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .entropyWeight(let gamma): "The entropy weight must be 0 or positive, found \(gamma)."
    case .nothingToAllocate:
      "An entropy weight above 0 needs a model that shares its rows among two experts or more; use 0 here."
    case .undefined(let schedule, let reason): "The schedule \(schedule) is not defined here: \(reason)."
    case .foreignMemory: "The state to go on from is that of a run with another schedule."
    case .foreignState(let reason): "The state to go on from is not one of this run: \(reason)."
    case .nothingToTune: "No hyperparameter is tuned: tune at least one, or sample the posterior as it is."
    case .noDraws: "The sampler returned no draws."
    case .noWeight: "No draw of the posterior has a positive weight on the support that was asked for."
    case .gradient(let name): "The gradient for \(name) is not finite."
    }
  }
}
