/// The problems that come with the program, by name.
public enum BuiltInProblem: String, Sendable, CaseIterable {
  /// Simulated hourly electric load; see `PowerSimulation`.
  case power
  /// Real motorcycle crash data; see `Motorcycle`.
  case motorcycle
  /// Simulated pure competition; see `SwitchProblem`.
  case `switch`
  /// Simulated rows between two lines; see `TransitionProblem`.
  case transition

  /// The problem with the rows of that seed.
  public func problem(seed: UInt64 = 1) -> Problem {
    switch self {
    case .power: PowerSimulation.problem(seed: seed)
    case .motorcycle: Motorcycle.problem(split: .random(seed: seed))
    case .switch: SwitchProblem.problem(seed: seed)
    case .transition: TransitionProblem.problem(seed: seed)
    }
  }
}
