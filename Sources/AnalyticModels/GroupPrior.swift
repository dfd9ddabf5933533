#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// One prior for all parameters of a model: k independent normals or Laplace densities with one location m and one scale s.
///
/// λ has two entries, m and ln s, in this order.
public struct GroupPrior: Sendable, Equatable {
  /// The families.
  public enum Family: Sendable, Equatable {
    /// Normal, s the standard deviation.
    case normal
    /// Laplace, s the mean absolute deviation.
    case laplace
  }

  /// The family of every member.
  public let family: Family
  /// The number k of parameters.
  public let members: Int

  /// A prior of `members` parameters.
  public init(_ family: Family, members: Int) {
    precondition(members > 0, "a group has members")
    self.family = family
    self.members = members
  }

  /// λ at a location and a scale: `ln s` tuned, m tuned or fixed. The bounds of ln s are ±10.
  public func hyperparameters(location: Double = 0, scale: Double = 1, tunesLocation: Bool) -> Hyperparameters {
    var lambda = Hyperparameters(
      entries: [
        .init(name: "theta.location", kind: .location, block: "theta"),
        .init(name: "theta.scale", kind: .logScale, block: "theta"),
      ], values: [location, log(scale)])
    if tunesLocation { lambda.tune([0], name: "theta: location", bounds: -1e6...1e6) }
    lambda.tune([1], name: "theta: scale", bounds: -10...10)
    return lambda
  }

  /// m and s.
  /// - Throws: `ModelError` where m is not finite, or s is not finite and positive.
  func locationAndScale(at lambda: Hyperparameters) throws(ModelError) -> (location: Double, scale: Double) {
    let (location, scale) = unchecked(lambda)
    guard location.isFinite else {
      throw .hyperparameter(name: lambda.entries[0].name, value: location, allowed: "a finite number")
    }
    guard scale > 0, scale.isFinite else {
      throw .hyperparameter(name: lambda.entries[1].name, value: scale, allowed: "a finite number above 0")
    }
    return (location, scale)
  }

  func unchecked(_ lambda: Hyperparameters) -> (location: Double, scale: Double) {
    precondition(lambda.count == 2, "a group prior has a location and a log scale")
    return (lambda.values[0], exp(lambda.values[1]))
  }

  /// k times ln of the normalising constant.
  func logConstant(scale: Double) -> Double {
    let half = family == .normal ? 0.5 * log(2 * Double.pi) : log(2)
    return -Double(members) * (log(scale) + half)
  }

  /// ln p(θ | λ) of one draw.
  func logDensity(at position: Span<Double>, given lambda: Hyperparameters) -> Double {
    let (location, scale) = unchecked(lambda)
    var sum = 0.0
    for index in 0..<members {
      let z = (position[index] - location) / scale
      sum += family == .normal ? 0.5 * z * z : abs(z)
    }
    return logConstant(scale: scale) - sum
  }

  /// ∂ ln p / ∂ (m, ln s) of one draw.
  func score(at position: Span<Double>, given lambda: Hyperparameters) -> (location: Double, logScale: Double) {
    let (location, scale) = unchecked(lambda)
    var (first, second) = (0.0, 0.0)
    for index in 0..<members {
      let z = (position[index] - location) / scale
      first += family == .normal ? z : Self.sign(z)
      second += family == .normal ? z * z : abs(z)
    }
    return (first / scale, second - Double(members))
  }

  /// The expected information of (m, ln s): diag(k/s², 2k) for normals, diag(k/s², k) for Laplace densities.
  func information(at lambda: Hyperparameters) -> [Double] {
    let (_, scale) = unchecked(lambda)
    return [Double(members) / (scale * scale), (family == .normal ? 2 : 1) * Double(members)]
  }

  /// Adds the gradient of ln p(θ | λ) and returns ln p(θ | λ). Where `smoothing` is not 0, |z| of a Laplace density is
  /// √(z² + smoothing²), which an optimiser can follow through the kink.
  func addGradient(
    at position: Span<Double>, location: Double, scale: Double, smoothing: Double = 0,
    to gradient: inout MutableSpan<Double>
  ) -> Double {
    let reciprocal = 1 / scale
    var sum = 0.0
    for index in 0..<members {
      let z = (position[index] - location) * reciprocal
      switch family {
      case .normal:
        sum += 0.5 * z * z
        gradient[index] -= z * reciprocal
      case .laplace where smoothing > 0:
        let root = (z * z + smoothing * smoothing).squareRoot()
        sum += root
        gradient[index] -= z / root * reciprocal
      case .laplace:
        sum += abs(z)
        gradient[index] -= Self.sign(z) * reciprocal
      }
    }
    return logConstant(scale: scale) - sum
  }

  /// 0 at the kink, the middle of the subdifferential.
  @inline(__always)
  static func sign(_ x: Double) -> Double { x > 0 ? 1 : (x < 0 ? -1 : 0) }
}
