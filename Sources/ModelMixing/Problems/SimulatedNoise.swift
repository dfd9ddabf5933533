/// The noise of simulated observations: independent, normal, of mean 0.
public enum SimulatedNoise: Sendable, Codable, Equatable {
  /// One standard deviation everywhere.
  case constant(Double)
  /// A standard deviation that is this fraction of the truth's absolute value.
  case relative(Double)

  /// The standard deviation where the truth has this value.
  public func standardDeviation(at truth: Double) -> Double {
    switch self {
    case .constant(let deviation): deviation
    case .relative(let fraction): fraction * abs(truth)
    }
  }

  /// For people.
  public var description: String {
    switch self {
    case .constant(let deviation): "normal, standard deviation \(deviation)"
    case .relative(let fraction): "normal, standard deviation \(fraction) of the truth"
    }
  }
}
