import LogDensities

/// What a run of the outer loop arrived at, as a plain value.
public struct TuningResult: Sendable, Codable, Equatable {
  /// λ before tuning.
  public let initial: Hyperparameters
  /// The iterate that was kept; its `lambda` is the tuned λ.
  public let best: Iterate
  /// The last iterate at which estimates were made.
  public let last: Iterate
  /// Why `best` was kept, as a sentence.
  public let reason: String
  /// Outer iterations made.
  public let iterations: Int
  /// Gradient evaluations spent, warmup included.
  public let gradientEvaluations: Int
  /// The verdict in words.
  public let verdict: TuningVerdict

  /// λ as tuned.
  public var tuned: Hyperparameters { best.lambda }
}

extension TuningLoop {
  /// What a state has arrived at; nil before the first iteration.
  public func result(of state: State) -> TuningResult? {
    guard let best = state.best, let last = state.last else { return nil }
    return TuningResult(
      initial: state.initial, best: best, last: last, reason: selector.reason(for: best) + leftOut(of: state),
      iterations: state.iteration, gradientEvaluations: state.gradientEvaluations,
      verdict: TuningVerdict(
        initial: state.initial, best: best, last: last, withheld: state.withheldSteps, of: state.iteration))
  }

  private func leftOut(of state: State) -> String {
    guard state.withheldSteps > 0, state.withheldSteps < state.iteration else { return "" }
    return
      " \(state.withheldSteps) of \(state.iteration) iterations, with degenerate importance weights, were left out."
  }
}
