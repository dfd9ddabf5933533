/// Limits the move of each coordinate: logarithms by a factor, locations by multiples of their prior's scale.
public struct GradientClipping: GradientTransform, Codable, Equatable {
  /// The largest |Δ ln s|.
  public let logarithm: Double
  /// The largest |Δm| / s.
  public let location: Double

  /// Both limits must be positive.
  public init(logarithm: Double = 1, location: Double = 2) {
    precondition(logarithm > 0 && location > 0, "limits are positive")
    self.logarithm = logarithm
    self.location = location
  }

  /// Each entry within its limits.
  public func update(
    _ gradient: [Double], _ state: Memoryless, at point: TuningPoint
  ) -> (ascent: [Double], state: Memoryless) {
    let clipped = gradient.indices.map { index in
      let limit = point.isLocation[index] ? location * point.unit[index] : logarithm
      return min(max(gradient[index], -limit), limit)
    }
    return (clipped, state)
  }
}
