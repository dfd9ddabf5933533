#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A density on one coordinate of λ, written on the scale that tuning works on.
public enum Hyperprior: Sendable, Codable, Equatable {
  /// The scale s = exp(coordinate) is half-Cauchy(0, `scale`). The density is that of ln s, Jacobian included: the one on s
  /// itself would have no interior maximum where the data favour s → 0.
  case halfCauchyScale(Double)
  /// The coordinate is normal; for a log scale this is a log-normal scale.
  case normal(location: Double, scale: Double)

  /// ln p(x), up to a constant.
  public func logDensity(at x: Double) -> Double {
    switch self {
    case .halfCauchyScale(let scale):
      // ln s − ln(1 + s²/scale²) = −ln(e^{−x} + e^{x}/scale²)
      let ratio = x - log(scale)
      return -abs(ratio) - log1p(exp(-2 * abs(ratio)))
    case .normal(let location, let scale):
      let z = (x - location) / scale
      return -0.5 * z * z
    }
  }

  /// ∂ ln p(x) / ∂x.
  public func derivative(at x: Double) -> Double {
    switch self {
    case .halfCauchyScale(let scale): -tanh(x - log(scale))
    case .normal(let location, let scale): -(x - location) / (scale * scale)
    }
  }

  /// −∂² ln p(x) / ∂x².
  public func information(at x: Double) -> Double {
    switch self {
    case .halfCauchyScale(let scale):
      let t = tanh(x - log(scale))
      return 1 - t * t
    case .normal(_, let scale): return 1 / (scale * scale)
    }
  }
}
