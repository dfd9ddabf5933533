import Diagnostics
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
  /// What `best` was chosen from on fresh draws; empty where the choice was made among iterates alone.
  public let candidates: [Candidate]
  /// Outer iterations made.
  public let iterations: Int
  /// Whether the stopping rule ended the run, and nobody else.
  public let isFinished: Bool
  /// The last estimate of what is still missing of the maximum, in nats; nil where the schedule has none.
  public let expectedRegret: Double?
  /// Gradient evaluations spent, warmup included.
  public let gradientEvaluations: Int
  /// The labelling of experts that λ belongs to; nil where numbers mean nothing.
  public let labelling: Labelling?
  /// Everything that was done to a chain, a sentence each.
  public let remarks: [String]
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
      initial: state.initial, best: best, last: last, reason: reason(for: best, of: state) + leftOut(of: state),
      candidates: state.candidates, iterations: state.iteration,
      isFinished: stopping.stops(before: state.iteration, after: state.recent),
      expectedRegret: state.recent.last?.expectedRegret, gradientEvaluations: state.gradientEvaluations,
      labelling: state.labelling, remarks: state.remarks,
      verdict: TuningVerdict(
        initial: state.initial, best: best, last: state.candidates.isEmpty ? last : best, withheld: state.withheldSteps,
        of: state.iteration))
  }

  private func reason(for best: Iterate, of state: State) -> String {
    guard let chosen = state.candidates.first(where: { $0.iterate == best }) else { return selector.reason(for: best) }
    let stop = state.recent.last?.expectedRegret.map {
      " (expected to lack \(decimalText($0, places: 2)) nats of the maximum)"
    }
    let name =
      switch chosen.origin {
      case .proposal: "The schedule's last proposal\(stop ?? "")"
      case .iterate(let number): "Iteration \(number)"
      }
    return state.candidates.count == 1
      ? "\(name) is kept; its estimates are from fresh draws."
      : "\(name) is the better of \(state.candidates.count) candidates, scored on fresh draws."
  }

  private func leftOut(of state: State) -> String {
    guard state.withheldSteps > 0, state.withheldSteps < state.iteration else { return "" }
    return
      " \(state.withheldSteps) of \(state.iteration) iterations, with degenerate importance weights, were left out."
  }
}
