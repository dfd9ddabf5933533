import LogDensities

/// Student's t(location m, scale s, degrees of freedom ν).
public struct StudentT: UnivariatePrior {
  /// m.
  public var location: Double
  /// s > 0; the standard deviation is s √(ν / (ν − 2)) for ν > 2.
  public var scale: Double
  /// ν > 0.
  public var degreesOfFreedom: Double

  /// Location, log scale and log degrees of freedom.
  public static let hyperparameters: [Hyperparameters.Kind] = [.location, .logScale, .logDegreesOfFreedom]
  /// All of ℝ; u is θ.
  public var support: Support { .real }

  /// A prior with that location, scale and degrees of freedom.
  public init(location: Double, scale: Double, degreesOfFreedom: Double) {
    self.location = location
    self.scale = scale
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// The prior at (m, ln s, ln ν).
  public init(tuningValues: HyperparameterVector) {
    self.init(
      location: tuningValues[0], scale: exponential(tuningValues[1]), degreesOfFreedom: exponential(tuningValues[2]))
  }

  /// (m, ln s, ln ν).
  public var tuningValues: HyperparameterVector { [location, logarithm(scale), logarithm(degreesOfFreedom), 0] }
  /// (m, s, ν).
  public var naturalValues: HyperparameterVector { [location, scale, degreesOfFreedom, 0] }

  /// ln p(θ(u) | λ), without the Jacobian.
  public func logDensity(at u: Double) -> Double {
    let x = 0.5 * degreesOfFreedom
    let logRatio: Double
    if x > Self.asymptotic {
      let r = 1 / x
      let r2 = r * r
      logRatio = 0.5 * logarithm(x) - r * (0.125 - r2 * (1.0 / 192 - r2 * (1.0 / 640 - r2 * 17.0 / 14336)))
    } else {
      logRatio = logGamma(x + 0.5) - logGamma(x)
    }
    return logRatio - 0.5 * logarithm(degreesOfFreedom * .pi) - logarithm(scale)
      - (x + 0.5) * Self.logOnePlusSquare(standardised(u) / degreesOfFreedom.squareRoot())
  }

  /// d ln p(θ(u) | λ) / du, without the Jacobian.
  public func derivative(at u: Double) -> Double {
    let z = standardised(u)
    return -(degreesOfFreedom + 1) / (degreesOfFreedom / z + z) / scale
  }

  /// ∂ ln p / ∂ (m, ln s, ln ν).
  public func score(at u: Double) -> HyperparameterVector { score(at: u, excess: digammaExcess) }

  /// The same with what depends on ν alone at hand.
  func score(at u: Double, excess: Double) -> HyperparameterVector {
    let nu = degreesOfFreedom
    let z = standardised(u)
    let share = 1 / (1 + nu / (z * z))
    let logNu =
      0.5 * nu * excess
      + 0.5 * ((nu + 1) * share - nu * Self.logOnePlusSquare(z / nu.squareRoot()))
    return [(nu + 1) / (nu / z + z) / scale, (nu + 1) * share - 1, logNu, 0]
  }

  /// The second derivatives in (m, ln s, ln ν).
  public func curvature(at u: Double) -> HyperparameterCurvature {
    curvature(at: u, excess: digammaExcess, excessSlope: digammaExcessSlope)
  }

  /// The same with what depends on ν alone at hand.
  func curvature(at u: Double, excess: Double, excessSlope: Double) -> HyperparameterCurvature {
    let nu = degreesOfFreedom
    let z = standardised(u)
    let share = 1 / (1 + nu / (z * z))
    let rest = 1 / (1 + z * z / nu)
    let ratio = 1 / (nu / z + z)
    let mixed = nu * share - rest
    let logTerm = Self.logOnePlusSquare(z / nu.squareRoot())
    var result = HyperparameterCurvature(
      -(nu + 1) / nu * rest * (rest - share) / (scale * scale), -2 * (nu + 1) * rest * ratio / scale,
      -2 * (nu + 1) * rest * share)
    result[0, 2] = ratio * mixed / scale
    result[1, 2] = share * mixed
    result[2, 2] = 0.5 * nu * (excess + excessSlope) + 0.5 * (share * mixed + nu * (share - logTerm))
    return result
  }

  /// (1, u − m); degrees of freedom have no such function.
  public func pathwiseDerivative(at u: Double) -> HyperparameterVector { [1, u - location, .nan, 0] }

  /// For ln ν at large ν the exact difference of trigamma functions cancels to 7/(2ν²), so its series is used.
  public var information: HyperparameterVector {
    let nu = degreesOfFreedom
    let ofLogNu: Double
    if 0.5 * nu > Self.asymptotic {
      let e = 1 / nu
      let e2 = e * e
      ofLogNu = 0.5 * e2 * ((7 + 3 * e) / ((1 + e) * (1 + 3 * e)) - e * (1 - e2 * (3 - 17 * e2)))
    } else {
      ofLogNu =
        0.25 * nu * nu * (trigamma(0.5 * nu) - trigamma(0.5 * nu + 0.5)) - 0.5 * nu * (nu + 5) / ((nu + 1) * (nu + 3))
    }
    return [(nu + 1) / (nu + 3) / (scale * scale), 2 * nu / (nu + 3), ofLogNu, 0]
  }

  /// Above this ν/2 differences of gamma functions come from their asymptotic series, which do not cancel.
  private static let asymptotic = 50.0

  func standardised(_ u: Double) -> Double { (u - location) / scale }

  /// ψ((ν+1)/2) − ψ(ν/2) − 1/ν.
  var digammaExcess: Double {
    let x = 0.5 * degreesOfFreedom
    guard x > Self.asymptotic else { return digamma(x + 0.5) - digamma(x) - 1 / degreesOfFreedom }
    let r2 = 1 / (x * x)
    return r2 * (0.125 - r2 * (1.0 / 64 - r2 * (1.0 / 128 - r2 * 17.0 / 2048)))
  }

  /// The derivative of `digammaExcess` in ln ν.
  var digammaExcessSlope: Double {
    let x = 0.5 * degreesOfFreedom
    guard x > Self.asymptotic else { return x * (trigamma(x + 0.5) - trigamma(x)) + 1 / degreesOfFreedom }
    let r2 = 1 / (x * x)
    return -r2 * (0.25 - r2 * (1.0 / 16 - r2 * (3.0 / 64 - r2 * 17.0 / 256)))
  }

  /// ln(1 + x²) without overflow.
  static func logOnePlusSquare(_ x: Double) -> Double {
    abs(x) > 1e8 ? 2 * logarithm(abs(x)) : logarithmOnePlus(x * x)
  }
}
