import LogDensities

/// Which hyperparameters move which results: ∂E[f]/∂c in posterior standard deviations of f per unit of coordinate c.
public struct PriorSensitivity: Sendable, Codable, Equatable {
  /// One function and one coordinate of λ.
  public struct Entry: Sendable, Codable, Equatable {
    /// The function of the draws.
    public let function: String
    /// The coordinate of λ.
    public let coordinate: String
    /// Standard deviations of the function's posterior that its mean moves per unit of the coordinate, on the tuning scale
    /// (for a scale: per factor e), with its Monte Carlo standard error.
    public let effect: Estimate
    /// The same per standard error of the coordinate; nil where it has none.
    public let perStandardError: Double?

    /// Whether the effect is more than noise: above three of its standard errors.
    public var isResolved: Bool { abs(effect.value) > 3 * effect.standardError }
  }

  /// Every function (outer order) with every coordinate (inner order), but for functions that do not vary.
  public let entries: [Entry]

  /// From covariances that the correction has computed.
  public init(_ correction: UncertaintyCorrection, _ uncertainty: LambdaUncertainty) {
    entries = correction.functions.filter { $0.deviation > 0 }.flatMap { function in
      zip(uncertainty.coordinates, function.derivatives).map { coordinate, derivative in
        let effect = Estimate(
          value: derivative.value / function.deviation, standardError: derivative.standardError / function.deviation)
        return Entry(
          function: function.name, coordinate: coordinate.name, effect: effect,
          perStandardError: coordinate.standardError.map { $0 * effect.value })
      }
    }
  }

  /// The `count` entries with the largest |effect|, largest first; equal ones in their order.
  public func largest(_ count: Int) -> [Entry] {
    entries.enumerated().sorted { left, right in
      let (a, b) = (abs(left.element.effect.value), abs(right.element.effect.value))
      return a == b ? left.offset < right.offset : a > b
    }.prefix(count).map(\.element)
  }
}
