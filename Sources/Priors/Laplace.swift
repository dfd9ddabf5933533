import LogDensities

/// Laplace(location m, scale b): p(θ) = exp(−|θ − m| / b) / 2b.
public struct Laplace: LocationScalePrior {
  /// m.
  public var location: Double
  /// b > 0.
  public var scale: Double

  /// All of ℝ; u is θ.
  public var support: Support { .real }

  /// A prior with that location and scale.
  public init(location: Double, scale: Double) {
    self.location = location
    self.scale = scale
  }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double { -logOfTwo - logarithm(scale) - abs(standardised(u)) }

  /// At the kink the derivative is taken to be 0, the middle of the subdifferential.
  public func derivative(at u: Double) -> Double { -Self.sign(u - location) / scale }

  /// ∂ ln p / ∂ (m, ln b).
  public func score(at u: Double) -> HyperparameterVector {
    let z = standardised(u)
    return [Self.sign(z) / scale, abs(z) - 1, 0, 0]
  }

  /// The second derivatives in (m, ln b); for the location, whose score jumps, minus the expected information.
  public func curvature(at u: Double) -> HyperparameterCurvature {
    let z = standardised(u)
    return HyperparameterCurvature(-1 / (scale * scale), -Self.sign(z) / scale, -abs(z))
  }

  /// For the location the variance of the score: the kink hides it from the second derivative.
  public var information: HyperparameterVector { [1 / (scale * scale), 1, 0, 0] }

  @inline(__always)
  static func sign(_ x: Double) -> Double { x > 0 ? 1 : (x < 0 ? -1 : 0) }
}
