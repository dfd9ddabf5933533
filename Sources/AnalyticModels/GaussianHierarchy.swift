#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// y_j ~ N(θ_j, s_j) with known s_j, θ_j ~ N(m, τ), λ = (m, ln τ). The evidence is that of y_j ~ N(m, √(s_j² + τ²)).
public struct GaussianHierarchy: AnalyticModel {
  /// One measurement a group.
  public let measurements: [Double]
  /// Its standard deviation.
  public let errors: [Double]
  /// N(m, τ) of every θ_j.
  public let prior: GroupPrior
  /// λ at its start, (0, ln 1).
  public var hyperparameters: Hyperparameters
  /// One row a group.
  public var rows: Int { measurements.count }

  /// Groups with their measurements and the standard deviations of these; as many of both, and at least one.
  public init(measurements: [Double], errors: [Double]) {
    precondition(measurements.count == errors.count, "every measurement has an error")
    self.measurements = measurements
    self.errors = errors
    prior = GroupPrior(.normal, members: measurements.count)
    hyperparameters = prior.hyperparameters(tunesLocation: true)
  }

  /// Groups with s_j ~ U(0.5, 2) and θ_j ~ N(`location`, `scale`).
  public static func simulated(
    groups: Int = 50, location: Double = 3, scale: Double = 2, seed: UInt64
  ) -> GaussianHierarchy {
    var stream = RandomStream(seed: seed, purpose: .simulation)
    let errors = (0..<groups).map { _ in 0.5 + 1.5 * stream.uniform() }
    let measurements = errors.map { location + scale * stream.normal() + $0 * stream.normal() }
    return GaussianHierarchy(measurements: measurements, errors: errors)
  }

  /// Adds (y_j − θ_j) / s_j².
  public func addLikelihoodGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    var value = 0.0
    for group in measurements.indices {
      let error = errors[group]
      let z = (measurements[group] - position[group]) / error
      value += logNormal(z, error)
      gradient[group] += z / error
    }
    return value
  }

  /// ln N(y_j; θ_j, s_j).
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    for group in measurements.indices {
      values[group] = logNormal((measurements[group] - position[group]) / errors[group], errors[group])
    }
  }

  /// Σ ln N(y_j; m, √(s_j² + τ²)).
  public func logEvidence(at lambda: Hyperparameters) -> Double {
    let (location, scale) = prior.unchecked(lambda)
    return zip(measurements, errors).reduce(0) { sum, group in
      let deviation = (group.1 * group.1 + scale * scale).squareRoot()
      return sum + logNormal((group.0 - location) / deviation, deviation)
    }
  }
}

/// ln of a normal density, from the standardised value and the standard deviation.
func logNormal(_ z: Double, _ deviation: Double) -> Double { -0.5 * z * z - log(deviation) - 0.5 * log(2 * .pi) }
