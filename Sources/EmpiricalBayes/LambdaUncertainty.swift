import Diagnostics
import LogDensities

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How well the data fix λ: the normal approximation N(λ̂, J⁻¹) with J = −∇²(ln L + γ H + ln p(λ)) at λ̂, by Louis (1982) from
/// draws of the posterior there.
///
/// Three kinds of coordinates have no number: those that lie at a bound, those with a score that is not continuous (a free
/// Laplace location), whose second derivative no draw sees, and those along which J is not clearly positive. Everything
/// else is conditional on their values.
public struct LambdaUncertainty: Sendable, Codable, Equatable {
  /// Whether a coordinate has a standard error, and why not.
  public enum Standing: String, Sendable, Codable {
    /// It has one.
    case estimated
    /// λ̂ lies on a bound.
    case atBound
    /// The prior's score in it is not continuous: a Laplace location.
    case noLouisError
    /// J is not clearly positive in a direction that is mostly this coordinate: the objective is flat along it, or λ̂ is no
    /// maximum.
    case noMaximum
  }

  /// What is known of one coordinate.
  public struct Coordinate: Sendable, Codable, Equatable {
    /// Its name, such as `slopes: scale`.
    public let name: String
    /// Whether its tuning scale is a logarithm.
    public let isLogarithm: Bool
    /// λ̂, on the tuning scale.
    public let value: Double
    /// Whether there is a standard error.
    public let standing: Standing
    /// The standard error on the tuning scale, √(J⁻¹) of its entry; nil where `standing` says why.
    public let standardError: Double?
    /// How far the maximiser may lie from λ̂ by Monte Carlo error alone, √(J⁻¹ C J⁻¹) of its entry, on the tuning scale.
    public let monteCarloError: Double?

    /// The 95 % interval on the tuning scale.
    public var interval: ClosedRange<Double>? {
      standardError.map { error in
        let half = standardNormalQuantile(0.975) * error
        return value - half...value + half
      }
    }

    /// λ̂ as people think of it: the exponential of a logarithm.
    public var naturalValue: Double { isLogarithm ? exp(value) : value }

    /// The 95 % interval as people think of it: exponentiated where the tuning scale is a logarithm.
    public var naturalInterval: ClosedRange<Double>? {
      interval.map { isLogarithm ? exp($0.lowerBound)...exp($0.upperBound) : $0 }
    }

    /// What is known, in a sentence.
    public var sentence: String {
      switch standing {
      case .atBound:
        return "\(name) lies at its bound, \(decimalText(naturalValue, places: 3)): it has no standard error."
      case .noLouisError: return "\(name) has no Louis error: Laplace location, its score is not continuous."
      case .noMaximum:
        return "\(name) has no interval: as far as these draws tell, the objective is flat in it or not at its maximum."
      case .estimated:
        guard let range = naturalInterval else { return "\(name) has no interval." }
        let ends = [range.lowerBound, range.upperBound].map { decimalText($0, places: 3) }
        return "\(name) is \(decimalText(naturalValue, places: 3)), 95 % interval \(ends[0]) to \(ends[1])."
      }
    }
  }

  /// What λ̂ is expected to lack of the objective's maximum, in nats.
  public struct Regret: Sendable, Codable, Equatable {
    /// ½ tr(J⁻¹ C): by Monte Carlo error of the gradient.
    public let noise: Double
    /// ½ gᵀ J⁻¹ g: by the distance to the maximum as the gradient sees it.
    public let distance: Double
    /// Both.
    public var total: Double { noise + distance }
  }

  /// One entry a coordinate of λ.
  public let coordinates: [Coordinate]
  /// J over all coordinates, by rows (q × q).
  public let information: [Double]
  /// The coordinates that have a place in `covariance`, in its order.
  public let free: [Int]
  /// J⁻¹ over the coordinates of `free`, by rows; nil where there are none.
  public let covariance: [Double]?
  /// The smallest eigenvalue of J in units of the expected prior information, with its Monte Carlo standard error: the share of
  /// what can be known in the direction that the data say least about. Over all coordinates but those at a bound or with a
  /// score that is not continuous; nil where there are no others.
  public let smallestShare: Estimate?
  /// The expected regret; nil where J is not clearly positive definite.
  public let expectedRegret: Regret?

  /// Whether no direction of J is less than two of its Monte Carlo standard errors above 0.
  public var isPositiveDefinite: Bool { !coordinates.contains { $0.standing == .noMaximum } }

  /// Each coordinate in a sentence.
  public var sentences: [String] { coordinates.map(\.sentence) }
}
