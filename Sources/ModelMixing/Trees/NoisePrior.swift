#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// What is known beforehand of the noise scale σ: a row's noise is N(0, σ² s²) with s its known relative scale, mostly 1.
public enum NoisePrior: Sendable, Codable, Equatable {
  /// σ² = ν λ / χ²_ν.
  case scaledInverseChiSquare(degrees: Double, scale: Double)
  /// σ is known.
  case known(Double)

  /// The scaled inverse χ² prior whose density on σ² is highest at `estimate`²: λ = estimate² (ν + 2)/ν.
  public static func around(_ estimate: Double, degrees: Double) -> NoisePrior {
    .scaledInverseChiSquare(degrees: degrees, scale: estimate * estimate * (degrees + 2) / degrees)
  }

  func validate() throws(MixingError) {
    switch self {
    case .scaledInverseChiSquare(let degrees, let scale):
      guard degrees > 0, degrees.isFinite else {
        throw .setting(name: "noise degrees of freedom", value: "\(degrees)", allowed: "positive")
      }
      guard scale.isNormal, scale > 0, (1 / scale).isFinite else {
        throw .setting(name: "noise scale", value: "\(scale)", allowed: "positive, with a finite inverse")
      }
    case .known(let sigma):
      guard sigma > 0, (sigma * sigma).isNormal, (1 / (sigma * sigma)).isFinite else {
        throw .setting(name: "known noise", value: "\(sigma)", allowed: "positive, with a finite square")
      }
    }
  }

  /// ln p(σ), a density on σ; 0 where σ is known.
  public func logDensity(sigma: Double) -> Double {
    guard case .scaledInverseChiSquare(let degrees, let scale) = self else { return 0 }
    let half = degrees / 2
    return log(2) + half * log(half * scale) - lgamma(half) - (degrees + 1) * log(sigma)
      - half * scale / (sigma * sigma)
  }

  /// ∂ ln p(σ) / ∂ ln λ, for tuning λ with ν held; 0 where σ is known.
  public func logScaleScore(sigma: Double) -> Double {
    guard case .scaledInverseChiSquare(let degrees, let scale) = self else { return 0 }
    return degrees / 2 * (1 - scale / (sigma * sigma))
  }

  /// −∂² ln p(σ) / ∂ (ln λ)², for Louis' formula; 0 where σ is known.
  public func logScaleInformation(sigma: Double) -> Double {
    guard case .scaledInverseChiSquare(let degrees, let scale) = self else { return 0 }
    return degrees / 2 * scale / (sigma * sigma)
  }

  /// A draw of σ given that `rows` rows have noise with Σ (noise/s)² = `squares`; with no row, a draw from the prior.
  func draw(rows: Int, squares: Double, _ stream: inout RandomStream) -> Double {
    switch self {
    case .known(let sigma): sigma
    case .scaledInverseChiSquare(let degrees, let scale):
      ((degrees * scale + squares) / stream.chiSquare(degrees + Double(rows))).squareRoot()
    }
  }
}
