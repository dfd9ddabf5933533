/// A log density on ℝᵈ, up to a constant, with its gradient: all that a gradient-based sampler needs to know.
///
/// Implementations are pure: the same position gives the same bits on every thread.
/// The contract follows LogDensityProblems.jl.
public protocol LogDensity: Sendable {
  /// The length d of a position.
  var dimension: Int { get }

  /// The log density at `position` (length d); its gradient (length d) replaces what `gradient` holds.
  ///
  /// Outside the support the value is −∞ and the gradient is unspecified. NaN is never returned.
  /// - Throws: `LogDensityError` where evaluation cannot go on at all; a sampler stops on it.
  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double

  /// The log density alone, for samplers that follow no gradient: the same value where both exist. A density that jumps has
  /// this one only, and throws at `evaluate`.
  func logDensity(at position: Span<Double>) throws(LogDensityError) -> Double

  /// A density that covers this one's symmetric places at once and is better sampled; nil, the default, for none. Its draws
  /// become draws of this density by `restore`.
  var symmetrised: (any SymmetrisedLogDensity)? { get }
}

extension LogDensity {
  /// By `evaluate`, with a gradient that nobody sees.
  public func logDensity(at position: Span<Double>) throws(LogDensityError) -> Double {
    var gradient = [Double](repeating: 0, count: dimension)
    var span = gradient.mutableSpan
    return try evaluate(at: position, gradient: &span)
  }

  /// None.
  public var symmetrised: (any SymmetrisedLogDensity)? { nil }
}

/// A failure of a log density that no other position would mend, unlike a value of −∞.
public enum LogDensityError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The density was handed a position of the wrong length.
  case dimensionMismatch(expected: Int, found: Int)
  /// The density's own code gave up, with its reason.
  case failed(String)

  /// One sentence for people.
  public var description: String {
    switch self {
    case .dimensionMismatch(let expected, let found):
      "The log density takes a position of length \(expected), found \(found)."
    case .failed(let reason):
      "The log density failed: \(reason)"
    }
  }
}

extension LogDensity {
  /// The value and gradient at an array, for callers outside hot loops.
  public func evaluate(at position: [Double]) throws(LogDensityError) -> (value: Double, gradient: [Double]) {
    guard position.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: position.count)
    }
    var gradient = [Double](repeating: 0, count: dimension)
    var span = gradient.mutableSpan
    let value = try evaluate(at: position.span, gradient: &span)
    return (value, gradient)
  }
}
