import LogDensities

/// Normal(location m, scale s) on (lower a, upper b): p(θ) = φ(z) / s (Φ(β) − Φ(α)) with z = (θ − m) / s, α = (a − m) / s and
/// β = (b − m) / s. Location and scale are tuned, and m may lie outside (a, b); the bounds stay.
///
/// As the normal is an exponential family on any set, the score is that of a normal less its mean:
/// ∂ ln p / ∂m = (z − E z) / s and ∂ ln p / ∂ ln s = z² − E z².
public struct TruncatedNormal: UnivariatePrior {
  /// m, the mean without the bounds.
  public let location: Double
  /// s > 0, the standard deviation without the bounds.
  public let scale: Double
  /// a.
  public let lower: Double
  /// b > a.
  public let upper: Double
  let moments: TruncatedMoments

  /// Location, log scale and the bounds.
  public static let hyperparameters: [Hyperparameters.Kind] = [.location, .logScale, .lowerBound, .upperBound]
  /// (a, b); u is the logit of (θ − a) / (b − a).
  public var support: Support { .interval(lower: lower, upper: upper) }

  /// A prior with that location and scale between those bounds.
  public init(location: Double, scale: Double, lower: Double, upper: Double) {
    self.location = location
    self.scale = scale
    self.lower = lower
    self.upper = upper
    moments = TruncatedMoments(
      lower: (lower - location) / scale, upper: (upper - location) / scale, width: (upper - lower) / scale)
  }

  /// The prior at (m, ln s, a, b).
  public init(tuningValues: HyperparameterVector) {
    self.init(
      location: tuningValues[0], scale: exponential(tuningValues[1]), lower: tuningValues[2], upper: tuningValues[3])
  }

  /// (m, ln s, a, b).
  public var tuningValues: HyperparameterVector { [location, logarithm(scale), lower, upper] }
  /// (m, s, a, b).
  public var naturalValues: HyperparameterVector { [location, scale, lower, upper] }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    -0.5 * squareDifference(distance(at: u)) - logarithm(scale) - moments.logMass
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double {
    -(moments.reference + distance(at: u)) * (support.slope(at: u) / scale)
  }

  /// ∂ ln p / ∂ (m, ln s).
  public func score(at u: Double) -> HyperparameterVector {
    let distance = distance(at: u)
    return [
      (distance - moments.meanDistance) / scale, squareDifference(distance) - moments.meanSquareDifference, 0, 0,
    ]
  }

  /// The second derivatives in (m, ln s).
  public func curvature(at u: Double) -> HyperparameterCurvature {
    let distance = distance(at: u)
    return HyperparameterCurvature(
      -moments.variance / (scale * scale),
      (-2 * (distance - moments.meanDistance) - moments.covariance) / scale,
      -2 * (squareDifference(distance) - moments.meanSquareDifference) - moments.squareVariance)
  }

  /// None: the interval does not move with location and scale.
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector { HyperparameterVector(repeating: .nan) }

  /// The expected information of (m, ln s).
  public var information: HyperparameterVector {
    [
      max(moments.variance / (scale * scale), .leastNormalMagnitude),
      max(moments.squareVariance, .leastNormalMagnitude), 0, 0,
    ]
  }

  /// z − r, from the end of the interval that is nearest to it.
  private func distance(at u: Double) -> Double {
    if moments.reference > 0 { return (upper - lower) / scale * logistic(u) }
    if moments.reference < 0 { return (lower - upper) / scale * logistic(-u) }
    return (support.value(at: u) - location) / scale
  }

  /// z² − r².
  private func squareDifference(_ distance: Double) -> Double { distance * (distance + 2 * moments.reference) }
}

extension TruncatedNormal: Codable {
  private enum CodingKeys: String, CodingKey { case location, scale, lower, upper }

  /// From location, scale and bounds.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      location: try container.decode(Double.self, forKey: .location),
      scale: try container.decode(Double.self, forKey: .scale),
      lower: try container.decode(Double.self, forKey: .lower),
      upper: try container.decode(Double.self, forKey: .upper))
  }

  /// Location, scale and bounds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(location, forKey: .location)
    try container.encode(scale, forKey: .scale)
    try container.encode(lower, forKey: .lower)
    try container.encode(upper, forKey: .upper)
  }
}
