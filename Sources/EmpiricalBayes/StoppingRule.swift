/// When the outer loop ends.
public protocol StoppingRule: Sendable {
  /// Whether to stop before outer iteration `iteration`, counted from 0, given what the one before it found.
  func stops(before iteration: Int, after info: TuningInfo?) -> Bool
}

/// A fixed number of iterations, as in the paper.
public struct FixedHorizon: StoppingRule, Codable, Equatable {
  /// The number of outer iterations.
  public let iterations: Int

  /// A horizon; 0 or less does nothing.
  public init(iterations: Int) { self.iterations = iterations }

  /// From the horizon on.
  public func stops(before iteration: Int, after info: TuningInfo?) -> Bool { iteration >= iterations }
}
