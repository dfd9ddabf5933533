/// Multiplies by one step size: plain stochastic gradient ascent, the paper's.
public struct ConstantStep: GradientTransform, Codable, Equatable {
  /// The step size, positive.
  public let size: Double

  /// A step size.
  public init(_ size: Double) {
    precondition(size > 0, "a step size is positive")
    self.size = size
  }

  /// Each entry times the step size.
  public func update(
    _ gradient: [Double], _ state: Memoryless, at point: TuningPoint
  ) -> (ascent: [Double], state: Memoryless) {
    (gradient.map { size * $0 }, state)
  }
}
