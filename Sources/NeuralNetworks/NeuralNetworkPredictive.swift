#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// What posterior draws of a network say about new rows: for every row a mixture of S Gaussians, one a draw, whose weights
/// and standard deviations are the same for all rows.
///
/// Rows are visited in chunks, so that memory does not grow with rows × draws.
public struct NeuralNetworkPredictive: Sendable {
  /// Summaries of one row.
  public struct Summary: Sendable, Codable, Equatable {
    /// The predictive mean.
    public var mean: Double
    /// The predictive standard deviation.
    public var standardDeviation: Double
    /// ln p(y | x, data) of the row's response: one row's part of LPPD.
    public var logDensity: Double
  }

  /// The shape of the network.
  public let architecture: NeuralNetworkArchitecture
  /// The rows; their response matters for log densities alone.
  public let rows: NeuralNetworkRows
  /// The weights of the draws (S); they sum to 1.
  public let weights: [Double]
  /// σ of every draw (S).
  public let standardDeviations: [Double]
  private let positions: [Double]

  /// Predictions for `rows` from S positions, one after the other.
  /// - Parameters:
  ///   - architecture: The network's shape.
  ///   - positions: S positions (S × dimension).
  ///   - logWeights: One a draw, up to a constant; nil for equal weights.
  ///   - rows: The new rows, with the model's features in the model's order.
  /// - Throws: `ModelError` where rows, positions or weights do not fit the architecture.
  public init(
    _ architecture: NeuralNetworkArchitecture, positions: [Double], logWeights: [Double]? = nil,
    rows: NeuralNetworkRows
  ) throws(ModelError) {
    try rows.validate()
    guard rows.featureNames.count == architecture.features else {
      throw .invalid("The new rows do not have the model's features.")
    }
    let draws = positions.count / architecture.dimension
    guard draws > 0, positions.count == draws * architecture.dimension else {
      throw .invalid("A prediction needs whole positions, at least one.")
    }
    let logs = logWeights ?? [Double](repeating: 0, count: draws)
    let top = logs.max() ?? 0
    guard logs.count == draws, top.isFinite, !logs.contains(where: \.isNaN) else {
      throw .invalid("A prediction needs one log weight a draw, not all of them minus infinity.")
    }
    let shares = logs.map { exp($0 - top) }
    let total = shares.reduce(0, +)
    self.architecture = architecture
    self.rows = rows
    self.positions = positions
    weights = shares.map { $0 / total }
    standardDeviations = (0..<draws).map { exp(positions[$0 * architecture.dimension + architecture.logSigma]) }
  }

  /// The number of draws S.
  public var draws: Int { weights.count }

  /// The means of a row's components, one a draw (S).
  public func componentMeans(_ row: Int) -> [Double] {
    precondition((0..<rows.count).contains(row), "a row outside the data")
    return componentMeans(of: [row])
  }

  /// The means of every row's components (S each), row by row, as `body` sees them.
  public func forEachRow(_ body: (_ row: Int, _ componentMeans: ArraySlice<Double>) -> Void) {
    let size = max(1, min(64, 4_000_000 / draws))
    for first in stride(from: 0, to: rows.count, by: size) {
      let chunk = first..<min(first + size, rows.count)
      let means = componentMeans(of: chunk)
      for row in chunk { body(row, means[(row - first) * draws..<(row - first + 1) * draws]) }
    }
  }

  /// The summaries of every row.
  public var summaries: [Summary] {
    var result: [Summary] = []
    forEachRow { row, means in
      let mean = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
      var variance = 0.0
      for (draw, value) in means.enumerated() {
        let (sigma, difference) = (standardDeviations[draw], value - mean)
        variance += weights[draw] * (sigma * sigma + difference * difference)
      }
      result.append(
        Summary(
          mean: mean, standardDeviation: variance.squareRoot(), logDensity: logDensity(of: rows.response[row], means)))
    }
    return result
  }

  /// ln p(y | x, data) of every row.
  public var logPredictiveDensity: [Double] {
    var result: [Double] = []
    forEachRow { result.append(logDensity(of: rows.response[$0], $1)) }
    return result
  }

  /// One predictive draw for each posterior draw, row by row (N × S); posterior weights stay with the draws.
  public func predictiveDraws(from stream: inout RandomStream) -> [[Double]] {
    var result: [[Double]] = []
    var local = stream
    forEachRow { _, means in
      result.append(zip(means, standardDeviations).map { $0 + $1 * local.normal() })
    }
    stream = local
    return result
  }

  /// The logarithm of the weighted mean of the draws' densities, without underflow.
  private func logDensity(of y: Double, _ means: ArraySlice<Double>) -> Double {
    let halfLogTwoPi = 0.918938533204672741780329736406
    let terms = zip(zip(means, standardDeviations), weights).map { component, weight in
      let z = (y - component.0) / component.1
      return log(weight) - 0.5 * z * z - log(component.1) - halfLogTwoPi
    }
    let top = terms.max() ?? -.infinity
    guard top.isFinite else { return -.infinity }
    return top + log(terms.reduce(0) { $0 + exp($1 - top) })
  }

  /// The means of the components of `chunk`, row by row (rows × S).
  private func componentMeans(of chunk: some Collection<Int>) -> [Double] {
    guard let likelihood = try? NeuralNetworkLikelihood(architecture, rows: rows.selected(Array(chunk))) else {
      preconditionFailure("rows that were valid together are valid one by one")
    }
    let d = architecture.dimension
    var result = [Double](repeating: 0, count: chunk.count * draws)
    var means = [Double](repeating: 0, count: chunk.count)
    for draw in 0..<draws {
      var span = means.mutableSpan
      likelihood.means(at: positions.span.extracting(draw * d..<(draw + 1) * d), into: &span)
      for row in means.indices { result[row * draws + draw] = means[row] }
    }
    return result
  }
}
