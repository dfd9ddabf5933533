/// When the outer loop ends.
public protocol StoppingRule: Sendable {
  /// Whether to stop before outer iteration `iteration`, counted from 0, given what those before it found: at most the last
  /// `TuningState.mostRecent`, the latest at the end.
  func stops(before iteration: Int, after recent: [TuningInfo]) -> Bool
}

/// A fixed number of iterations, as in the paper.
public struct FixedHorizon: StoppingRule, Codable, Equatable {
  /// The number of outer iterations.
  public let iterations: Int

  /// A horizon; 0 or less does nothing.
  public init(iterations: Int) { self.iterations = iterations }

  /// From the horizon on.
  public func stops(before iteration: Int, after recent: [TuningInfo]) -> Bool { iteration >= iterations }
}

/// As soon as the schedule expects, in two iterations in a row, to lack no more than a tolerance of the maximum; at the
/// latest after a number of iterations.
public struct ExpectedRegret: StoppingRule, Codable, Equatable {
  /// The tolerance, in nats.
  public let tolerance: Double
  /// The most outer iterations.
  public let iterations: Int

  /// A rule.
  public init(tolerance: Double = 0.1, iterations: Int) {
    precondition(tolerance > 0, "a tolerance is positive")
    self.tolerance = tolerance
    self.iterations = iterations
  }

  /// Whether the last two both expect less than the tolerance.
  public func stops(before iteration: Int, after recent: [TuningInfo]) -> Bool {
    iteration >= iterations
      || recent.count >= 2 && recent.suffix(2).allSatisfy { ($0.expectedRegret ?? .infinity) <= tolerance }
  }
}
