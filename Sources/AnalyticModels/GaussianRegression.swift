#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

import Sampling

/// y ~ N(X θ, 1), θ_i ~ N(0, s), λ = ln s. With X = U √D Vᵀ the evidence is that of independent normals: the projections Uᵀy
/// have variance 1 + s² D, the rest of y has variance 1.
public struct GaussianRegression: AnalyticModel {
  /// N(0, s) of every coefficient.
  public let prior: GroupPrior
  /// λ at its start, ln 1; the location is fixed at 0.
  public var hyperparameters: Hyperparameters
  /// The number of rows.
  public var rows: Int { data.targets.count }

  private let data: RegressionRows
  private let gram: [Double]
  private let projection: [Double]
  private let constant: Double
  /// The eigenvalues D of XᵀX, and Uᵀy and UᵀX1 beside them.
  private let spectrum: [(eigenvalue: Double, target: Double, ones: Double)]
  private let residual: Double

  /// A regression on columns, each with one value a row; at least one column.
  /// - Throws: `ModelError.invalid` where the design is not finite.
  public init(columns: [[Double]], targets: [Double]) throws(ModelError) {
    try self.init(RegressionRows(columns: columns, targets: targets))
  }

  private init(_ data: RegressionRows) throws(ModelError) {
    let p = data.columns.count
    self.data = data
    gram = data.gram
    projection = data.projected(data.targets)
    let square = dot(data.targets, data.targets)
    constant = -0.5 * (square + Double(data.targets.count) * log(2 * .pi))
    guard let (values, vectors) = SymmetricMatrix(dimension: p, elements: gram).eigen() else {
      throw .invalid("The design of the regression has entries that are not finite.")
    }
    let ones = data.projected(data.combined([Double](repeating: 1, count: p)))
    let target = projection
    spectrum = values.indices.map { index in
      let vector = Array(vectors[index * p..<(index + 1) * p])
      guard values[index] > 1e-12 * (values.last ?? 0) else { return (0, 0, 0) }
      let length = values[index].squareRoot()
      return (values[index], dot(vector, target) / length, dot(vector, ones) / length)
    }
    residual = max(0, square - spectrum.reduce(0) { $0 + $1.target * $1.target })
    prior = GroupPrior(.normal, members: p)
    hyperparameters = prior.hyperparameters(tunesLocation: false)
  }

  /// Features with correlations of about 0.3, and coefficients from N(0, `scale`).
  /// - Throws: what `init(columns:targets:)` throws.
  public static func simulated(
    rows: Int = 100, features: Int = 40, scale: Double = 0.25, seed: UInt64
  ) throws(ModelError) -> GaussianRegression {
    var stream = RandomStream(seed: seed, purpose: .simulation)
    let raw = RegressionRows.normalColumns(features, rows: rows, &stream)
    let columns = raw.map { column in zip(column, raw[0]).map { 0.6 * $0 + 0.4 * $1 } }
    let coefficients = (0..<features).map { _ in scale * stream.normal() }
    return try GaussianRegression(RegressionRows(columns: columns, coefficients: coefficients, noise: &stream))
  }

  /// Adds Xᵀ(y − X θ).
  public func addLikelihoodGradient(at position: Span<Double>, to gradient: inout MutableSpan<Double>) -> Double {
    let p = projection.count
    let matrix = gram.span
    var value = constant
    for row in 0..<p {
      var sum = projection[row]
      let start = row * p
      for column in 0..<p { sum -= matrix[start + column] * position[column] }
      // θᵀXᵀy − ½ θᵀXᵀXθ = ½ θᵀ(Xᵀy + Xᵀ(y − Xθ))
      value += 0.5 * position[row] * (projection[row] + sum)
      gradient[row] += sum
    }
    return value
  }

  /// ln N(y_n; x_nᵀθ, 1).
  public func pointwiseLogLikelihood(at position: Span<Double>, into values: inout MutableSpan<Double>) {
    data.pointwise(at: position, into: &values)
  }

  /// ln N(y; m X1, 1 + s² X Xᵀ).
  public func logEvidence(at lambda: Hyperparameters) -> Double {
    let (location, scale) = prior.unchecked(lambda)
    let sum = spectrum.reduce(residual) { sum, part in
      let variance = 1 + scale * scale * part.eigenvalue
      let distance = part.target - location * part.ones
      return sum + distance * distance / variance + log(variance)
    }
    return -0.5 * (sum + Double(rows) * log(2 * .pi))
  }
}
