#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Normalised importance weights, one a draw, in the order of the draws chain by chain.
public struct ImportanceWeights: Sendable, Equatable {
  /// The weights; they sum to 1.
  public let values: [Double]

  /// Weights that already sum to 1.
  public init(normalised values: [Double]) { self.values = values }

  /// The weights proportional to exp(`logWeights`), without overflow. Log weights of −∞ are weights of 0; where no weight
  /// is positive, all are equal.
  public init(logWeights: [Double]) {
    let peak = logWeights.max() ?? 0
    guard peak.isFinite else {
      values = Array(repeating: 1 / Double(max(logWeights.count, 1)), count: logWeights.count)
      return
    }
    let raw = logWeights.map { exp($0 - peak) }
    let sum = raw.reduce(0, +)
    values = raw.map { $0 / sum }
  }

  /// 1 / Σ w²: the number of equally weighted draws that would be as good, were the draws independent (Kish 1965).
  public var effectiveSampleSize: Double {
    let squares = values.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? 1 / squares : 0
  }

  /// Whether so few effective draws are left that a weighted mean is a guess; see `isDegenerate(effectiveSize:of:)`.
  public var isDegenerate: Bool { Self.isDegenerate(effectiveSize: effectiveSampleSize, of: values.count) }

  /// Whether Kish's effective size is below 5 % of the draws or below 10 (half of them, where there are fewer than 20).
  public static func isDegenerate(effectiveSize: Double, of draws: Int) -> Bool {
    effectiveSize < max(0.05 * Double(draws), min(10, 0.5 * Double(draws)))
  }

  /// Σ w x over chains × draws. A draw of weight 0 does not count, whatever its value.
  public func mean(_ chains: [[Double]]) -> Double {
    zip(values, chains.joined()).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
  }
}
