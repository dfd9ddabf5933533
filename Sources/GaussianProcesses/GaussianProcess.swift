#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Exact Gaussian process regression at fixed hyperparameters: y = f(x) + noise with f ~ GP(0, k).
///
/// Rasmussen and Williams (2006), algorithm 2.1. White terms of the covariance function are noise: they are in the
/// observations, not in f.
public struct GaussianProcess: Sendable {
  /// The covariance function with its hyperparameters.
  public let kernel: CovarianceFunction
  /// The training data.
  public let data: GaussianProcessData
  /// ln p(y | X), jitter included.
  public let logMarginalLikelihood: Double
  /// The variance that was added to the diagonal; 0 unless asked for, or needed for the matrix to be positive definite.
  public let jitter: Double

  let program: CovarianceProgram
  let factor: CovarianceMatrix
  /// α = K⁻¹ y.
  let weights: [Double]

  /// Shares of the mean variance that are tried as jitter where the matrix is not positive definite without.
  static let jitterLadder = [0, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6]

  /// Conditions the process on the data, in O(n³).
  /// - Parameter jitter: A variance to add to the diagonal in any case. It grows only where no Cholesky factor exists; the
  ///   property `jitter` tells.
  /// - Throws: `GaussianProcessError` where the covariance function does not fit the inputs, or its matrix is singular or not
  ///   finite.
  public init(
    _ kernel: CovarianceFunction, _ data: GaussianProcessData, jitter: Double = 0
  ) throws(GaussianProcessError) {
    self.kernel = kernel
    self.data = data
    program = try CovarianceProgram(kernel, columns: data.inputs.count, names: data.features)
    let evaluator = CovarianceEvaluator(
      program, values: kernel.parameters.map(\.value), columns: data.inputs, rows: data.rows)
    for share in Self.jitterLadder {
      var matrix = CovarianceMatrix(evaluator, noise: data.noise, jitter: jitter)
      let added = share * matrix.diagonal.reduce(0, +) / Double(data.rows)
      guard added.isFinite else { throw .overflow }
      for row in 0..<data.rows { matrix.elements[row * (data.rows + 1)] += added }
      guard matrix.factorise() else { continue }
      let weights = matrix.solve(data.response)
      let value = MarginalLikelihood.value(matrix, weights: weights, response: data.response)
      guard value.isFinite else { continue }
      self.jitter = jitter + added
      factor = matrix
      self.weights = weights
      logMarginalLikelihood = value
      return
    }
    throw .singular(duplicates: data.duplicates)
  }

  /// All hyperparameters with names for people.
  public var namedParameters: [NamedKernelParameter] { kernel.namedParameters(features: data.features) }

  /// ln p(y_n | all other rows) of every training row at these hyperparameters, exactly, with the means and standard
  /// deviations of those predictions: Rasmussen and Williams (2006), equations 5.10–5.12. Noise is taken as independent.
  public func leaveOneOut() -> GaussianPredictions {
    var inverse = factor
    inverse.invertFactor()
    let precision = inverse.diagonal
    let mean = data.response.indices.map { data.response[$0] - weights[$0] / precision[$0] }
    let variance = precision.map { 1 / $0 }
    let noise = data.response.indices.map { noiseVariance(row: $0) }
    return GaussianPredictions(
      mean: mean, latentVariance: zip(variance, noise).map { max(0, $0 - $1) }, variance: variance)
  }

  private func noiseVariance(row: Int) -> Double {
    let own = CovarianceEvaluator(
      program, values: kernel.parameters.map(\.value), columns: data.inputs.map { [$0[row]] }, rows: 1)
    own.setPoint(row: 0)
    let latent = own.covariances(from: 0, count: 1, same: nil)[0]
    return own.covariances(from: 0, count: 1, same: 0)[0] - latent + data.noiseVariance(row: row)
  }
}
