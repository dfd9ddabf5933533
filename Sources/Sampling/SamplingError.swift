import LogDensities

/// Why sampling cannot start or go on.
public enum SamplingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting outside its range.
  case setting(name: String, value: String, allowed: String)
  /// The states handed in do not fit the density or the settings.
  case invalidState(String)
  /// The log density or its gradient is not finite at a chain's first position.
  case nonFiniteStart(logDensity: Double)
  /// No optimisation, of as many as were tried, ended at a finite log density.
  case noFiniteStart(tried: Int)
  /// The log density gave up.
  case density(LogDensityError)
  /// The task was cancelled.
  case cancelled

  /// One sentence for people.
  public var description: String {
    switch self {
    case .setting(let name, let value, let allowed): "Sampler setting \(name) is \(value); allowed is \(allowed)."
    case .invalidState(let reason): reason
    case .nonFiniteStart(let value):
      "A chain cannot start where the log density is \(value) or its gradient is not finite."
    case .noFiniteStart(let tried): "None of \(tried) random starts led to a finite log density."
    case .density(let error): error.description
    case .cancelled: "Sampling was cancelled."
    }
  }
}
