#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Multiplies by a step size that falls, a / (1 + t / t₀)^κ (Robbins and Monro 1951): with 1/2 < κ ≤ 1 the noise of the
/// gradients averages out, and λ settles.
public struct RobbinsMonroStep: GradientTransform, Codable, Equatable {
  /// a, the first step size.
  public let size: Double
  /// t₀, the iterations until the step has fallen by 2^−κ.
  public let delay: Double
  /// κ.
  public let exponent: Double

  /// A falling step size; all three are positive.
  public init(size: Double, delay: Double, exponent: Double) {
    precondition(size > 0 && delay > 0 && exponent > 0, "a step size, its delay and its exponent are positive")
    self.size = size
    self.delay = delay
    self.exponent = exponent
  }

  /// Each entry times the step size of the iteration.
  public func update(
    _ gradient: [Double], _ state: Memoryless, at point: TuningPoint
  ) -> (ascent: [Double], state: Memoryless) {
    let step = size / pow(1 + Double(point.iteration) / delay, exponent)
    return (gradient.map { step * $0 }, state)
  }
}
