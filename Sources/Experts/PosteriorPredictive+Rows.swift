extension PosteriorPredictive {
  /// What is predicted of observed rows, exactly: one entry a row in every array.
  public struct RowSummaries: Sendable, Codable, Equatable {
    /// The responses that were predicted.
    public var observed: [Double]
    /// ln p(y_n | x_n, data).
    public var logDensity: [Double]
    /// The predictive means.
    public var mean: [Double]
    /// The 2.5 % quantiles of the predictive distributions.
    public var lower: [Double]
    /// The 97.5 % quantiles.
    public var upper: [Double]
    /// P(Y_n ≤ y_n | x_n, data), the probability integral transform.
    public var probability: [Double]
    /// E (y_n − Ŷ_n)² over the predictive distribution: (y_n − mean)² + variance.
    public var squaredError: [Double]
    /// The continuous ranked probability score; see `PredictiveMixture.crps`.
    public var crps: [Double]
  }

  /// The predictions of every row beside its response.
  public func rowSummaries() -> RowSummaries { joined(chunks.flatMap { scores(of: $0) }) }

  /// The predictions of every row beside its response, on at most `threads` threads.
  public func rowSummaries(threads: Int) async -> RowSummaries {
    joined(await overChunks(threads: threads) { scores(of: $0) })
  }

  private struct RowScore: Sendable {
    var logDensity, mean, lower, upper, probability, squaredError, crps: Double
  }

  private func scores(of chunk: Range<Int>) -> [RowScore] {
    let logDensities = logDensities(of: chunk)
    return overRows(of: chunk) { row in
      let y = rows.response[row.index]
      let mixture = row.mixture(drawWeights)
      let extent = mixture.extent(reach: 0)
      let quantiles = mixture.quantiles([0.025, 0.975])
      let error = y - extent.mean
      return RowScore(
        logDensity: logDensities[row.index - chunk.lowerBound], mean: extent.mean, lower: quantiles[0],
        upper: quantiles[1], probability: mixture.distribution(at: y).probability,
        squaredError: error * error + extent.variance, crps: mixture.crps(at: y))
    }
  }

  private func joined(_ scores: [RowScore]) -> RowSummaries {
    RowSummaries(
      observed: rows.response, logDensity: scores.map(\.logDensity), mean: scores.map(\.mean),
      lower: scores.map(\.lower), upper: scores.map(\.upper), probability: scores.map(\.probability),
      squaredError: scores.map(\.squaredError), crps: scores.map(\.crps))
  }
}
