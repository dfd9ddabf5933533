#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// What posterior draws of an experts model say about new rows (21).
///
/// Draws may carry log importance weights (those of `canonicalise`). Rows are visited in chunks, so that memory does not
/// grow with rows × draws; chunks may go over threads, with the same bits whatever their number.
public struct PosteriorPredictive: Sendable {
  /// Summaries of one row.
  public struct Summary: Sendable, Codable, Equatable {
    /// The predictive mean.
    public var mean: Double
    /// The mean function E[Y | x, θ] over the draws: how well the mean is known, beside where responses will fall.
    public var meanInterval: Interval
    /// The predictive standard deviation.
    public var standardDeviation: Double
    /// ln p(y | x, data) of the row's response: one row's part of LPPD (26).
    public var logDensity: Double
    /// The predictive quantiles at the probabilities that were asked for.
    public var quantiles: [Double]
    /// α_i(x) of every expert, over the draws.
    public var allocation: [Interval]
    /// 1 − β(x), the weight of collaboration, over the draws: 0 for MoE, 1 for BoE.
    public var collaboration: Interval
  }

  /// A posterior mean with its central 95 % interval.
  public struct Interval: Sendable, Codable, Equatable {
    /// The posterior mean.
    public var mean: Double
    /// The posterior's 2.5 % quantile.
    public var lower: Double
    /// The posterior's 97.5 % quantile.
    public var upper: Double

    /// An interval that somebody has already.
    public init(mean: Double, lower: Double, upper: Double) {
      self.mean = mean
      self.lower = lower
      self.upper = upper
    }
  }

  /// The shape of the model.
  public let architecture: ExpertArchitecture
  /// The rows; their response matters only where it is scored.
  public let rows: ExpertRows
  /// The number of draws S.
  public let draws: Int
  /// The positions of the draws, one after the other.
  let positions: [Double]
  /// The draws' weights, which sum to 1, and their logarithms.
  let drawWeights: [Double]
  let logDrawWeights: [Double]

  /// Predictions for `rows` from S positions, one after the other.
  /// - Throws: `ModelError` where rows, positions or weights do not fit the architecture.
  public init(
    _ architecture: ExpertArchitecture, positions: [Double], logWeights: [Double]? = nil, rows: ExpertRows
  ) throws(ModelError) {
    try rows.validate()
    guard rows.expertNames.count == architecture.expertFeatures, rows.gateNames.count == architecture.gateFeatures
    else {
      throw .invalid("The new rows do not have the model's features.")
    }
    let count = positions.count / architecture.dimension
    guard count > 0, positions.count == count * architecture.dimension else {
      throw .invalid("A prediction needs whole positions, at least one.")
    }
    let logs = logWeights ?? [Double](repeating: 0, count: count)
    let total = Gating.logSumExp(logs.span)
    guard logs.count == count, total.isFinite else {
      throw .invalid("A prediction needs one log weight a draw, not all of them minus infinity.")
    }
    self.architecture = architecture
    self.rows = rows
    self.positions = positions
    draws = count
    logDrawWeights = logs.map { $0 - total }
    drawWeights = logDrawWeights.map { exp($0) }
  }

  /// The predictive mixture of every row, in order, as `body` sees it.
  public func forEachMixture(_ body: (Int, PredictiveMixture) -> Void) {
    for chunk in chunks {
      _ = overRows(of: chunk) { body($0.index, $0.mixture(drawWeights)) }
    }
  }

  /// ln p(y | x, data) of every row.
  public var logPredictiveDensity: [Double] { chunks.flatMap { logDensities(of: $0) } }

  /// The summaries of every row, with quantiles at `probabilities` (each strictly between 0 and 1).
  public func summaries(probabilities: [Double] = [0.025, 0.5, 0.975]) -> [Summary] {
    chunks.flatMap { summaries(of: $0, probabilities) }
  }

  /// The summaries of every row, on at most `threads` threads.
  public func summaries(probabilities: [Double] = [0.025, 0.5, 0.975], threads: Int) async -> [Summary] {
    await overChunks(threads: threads) { summaries(of: $0, probabilities) }
  }

  /// One predictive draw for each posterior draw, row by row (N × S); posterior weights stay with the draws.
  public func predictiveDraws(from stream: inout RandomStream) -> [[Double]] {
    var local = stream
    defer { stream = local }
    return chunks.flatMap { chunk in
      overRows(of: chunk) { row in
        let mixture = row.mixture(nil)
        return (0..<draws).map { mixture.sample(draw: $0, from: &local) }
      }
    }
  }

  private func summaries(of chunk: Range<Int>, _ probabilities: [Double]) -> [Summary] {
    let logDensities = logDensities(of: chunk)
    var selection = WeightedSelection()
    return overRows(of: chunk) { row in
      let mixture = row.mixture(drawWeights)
      let extent = mixture.extent(reach: 0)
      return Summary(
        mean: extent.mean,
        meanInterval: Interval(of: row.meanFunction, weights: drawWeights, by: &selection),
        standardDeviation: extent.variance.squareRoot(), logDensity: logDensities[row.index - chunk.lowerBound],
        quantiles: mixture.quantiles(probabilities),
        allocation: (0..<architecture.experts).map {
          Interval(of: row.allocation(of: $0), weights: drawWeights, by: &selection)
        },
        collaboration: Interval(of: row.behaviour.map { 1 - $0 }, weights: drawWeights, by: &selection))
    }
  }
}
