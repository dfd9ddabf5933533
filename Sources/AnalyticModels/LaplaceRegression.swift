#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// y ~ N(X θ, 1) with orthogonal columns of one length c, θ_i ~ Laplace(0, b), λ = ln b. The coefficients are independent given y,
/// and the evidence is a product of convolutions of a normal and a Laplace density.
public struct LaplaceRegression: AnalyticModel {
  /// Laplace(0, b) of every coefficient.
  public let prior: GroupPrior
  /// λ at its start, ln 1; the location is fixed at 0.
  public var hyperparameters: Hyperparameters
  /// The number of rows.
  public var rows: Int { data.targets.count }

  private let data: RegressionRows
  private let length: Double
  private let projection: [Double]
  private let constant: Double

  private init(_ data: RegressionRows, length: Double) {
    self.data = data
    self.length = length
    projection = data.projected(data.targets)
    constant = -0.5 * (dot(data.targets, data.targets) + Double(data.targets.count) * log(2 * .pi))
    prior = GroupPrior(.laplace, members: data.columns.count)
    hyperparameters = prior.hyperparameters(tunesLocation: false)
  }

  /// Columns of length `length` (no more of them than rows), and coefficients from Laplace(0, `scale`), three in ten of them 0.
  public static func simulated(
    rows: Int = 100, features: Int = 40, length: Double = 3, scale: Double = 0.35, seed: UInt64
  ) -> LaplaceRegression {
    precondition(features <= rows, "orthogonal columns are no more than rows")
    var stream = RandomStream(seed: seed, purpose: .simulation)
    let columns = RegressionRows.orthogonalised(
      RegressionRows.normalColumns(features, rows: rows, &stream), length: length)
    let coefficients = (0..<features).map { _ in
      let size = -scale * log(stream.openUniform()) * (stream.uniform() < 0.5 ? -1 : 1)
      return stream.uniform() < 0.7 ? size : 0
    }
    return LaplaceRegression(
      RegressionRows(columns: columns, coefficients: coefficients, noise: &stream), length: length)
  }

  /// Adds Xᵀy − c² θ.
  public func addLikelihoodGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    let square = length * length
    var value = constant
    for index in projection.indices {
      let slope = projection[index] - square * position[index]
      value += 0.5 * position[index] * (projection[index] + slope)
      gradient[index] += slope
    }
    return value
  }

  /// ln N(y_n; x_nᵀθ, 1).
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    data.pointwise(at: position, into: &values)
  }

  /// Σ_i ln ∫ N(x_iᵀy / c²; θ, 1 / c) Laplace(θ; m, b) dθ, and what no λ changes.
  public func logEvidence(at lambda: Hyperparameters) -> Double {
    let (location, scale) = prior.unchecked(lambda)
    let error = 1 / length
    return projection.reduce(constant) { sum, product in
      let estimate = product / (length * length)
      let likelihood = 0.5 * product * estimate + log(error) + 0.5 * log(2 * .pi)
      return sum + likelihood + logNormalLaplace((estimate - location) / error, error / scale, scale: scale)
    }
  }
}
