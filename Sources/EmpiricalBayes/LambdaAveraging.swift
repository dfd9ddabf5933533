import Diagnostics
import LogDensities
import Sampling

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The draws at λ̂ weighted for the posterior averaged over λ ~ N(λ̂, J⁻¹), at no evaluation of the likelihood:
/// w(θ) ∝ 1/K Σ_k p(θ | λ_k) / (p(θ | λ̂) r_k), with r_k = L(λ_k) / L(λ̂) the mean of the ratio over the draws.
public struct LambdaAveraging: Sendable, Codable, Equatable {
  /// The Pareto-smoothed log weights, normalised, one a draw chain by chain. Weights that the draws had are in them.
  public let logWeights: [Double]
  /// The shape of the weights' tail; nil where it is infinite.
  public let khat: Double?
  /// Kish's effective number of draws.
  public let effectiveSampleSize: Double

  /// Whether estimates with the weights may be used: k̂ ≤ 0.7.
  public var isAllowed: Bool { khat.map { $0 <= 0.7 } ?? false }

  /// The fewest λ_k that stand for the normal; more where λ has many free coordinates.
  static let leastPoints = 64

  /// - Parameter uncertainty: Of λ at which the draws were made.
  /// - Returns: nil where λ has no covariance.
  public init?<Model: HierarchicalModel>(
    _ draws: WeightedSample, of model: Model, at lambda: Hyperparameters, uncertainty: LambdaUncertainty
  ) {
    guard let values = uncertainty.covariance, !uncertainty.free.isEmpty,
      let factor = SymmetricMatrix(dimension: uncertainty.free.count, elements: values).cholesky()
    else { return nil }
    let sample = draws.sample
    let base = draws.normalisedWeights
    let statistics = draws.priorStatistics(of: model, for: lambda)
    let logPrior = { (lambda: Hyperparameters) in
      model.priorTable(of: statistics, draws: sample.count, given: lambda).logPrior
    }
    let reference = logPrior(lambda)
    var mixture = [Double](repeating: 0, count: sample.count)
    for point in Self.points(about: lambda, free: uncertainty.free, factor: factor) {
      let logRatios = zip(logPrior(point), reference).map { $0 - $1 }
      let peak = logRatios.max() ?? 0
      guard peak.isFinite else { continue }
      let ratios = logRatios.map { exp($0 - peak) }
      let mean = zip(ratios, base).reduce(0) { $1.1 > 0 ? $0 + $1.0 * $1.1 : $0 }
      guard mean > 0 else { continue }
      for draw in mixture.indices { mixture[draw] += ratios[draw] / mean }
    }
    let smoothing = ParetoSmoothing(
      logWeights: mixture.indices.map { log(mixture[$0]) + (draws.logWeights?[$0] ?? 0) })
    logWeights = smoothing.logWeights
    khat = smoothing.khat.isFinite ? smoothing.khat : nil
    effectiveSampleSize = ImportanceWeights(logWeights: smoothing.logWeights).effectiveSampleSize
  }

  /// λ_k = λ̂ + L z_k with L Lᵀ = J⁻¹, clamped to λ's bounds.
  private static func points(
    about lambda: Hyperparameters, free: [Int], factor: [Double]
  ) -> [Hyperparameters] {
    let k = free.count
    return NormalPoints.standard(count: max(leastPoints, 4 * k), dimension: k).map { z in
      var coordinates = lambda.free
      for (row, coordinate) in free.enumerated() {
        for column in 0...row { coordinates[coordinate] += factor[column * k + row] * z[column] }
      }
      return lambda.moved(to: coordinates)
    }
  }
}
