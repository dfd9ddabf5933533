extension PosteriorPredictive {
  /// The predictive density of one row on a grid of responses, and how well each of its values is known.
  public struct DensityCurve: Sendable, Codable, Equatable {
    /// p(y | x, data) at every y of the grid.
    public var density: [Double]
    /// The 2.5 % quantile over draws of p(y | x, θ), at every y by itself.
    public var lower: [Double]
    /// The 97.5 % quantile.
    public var upper: [Double]
  }

  /// The predictive density of every row at every y of `grid`, with pointwise central 95 % intervals over the draws.
  public func densities(on grid: [Double]) -> [DensityCurve] { chunks.flatMap { densities(of: $0, on: grid) } }

  /// The predictive density of every row at every y of `grid`, on at most `threads` threads.
  public func densities(on grid: [Double], threads: Int) async -> [DensityCurve] {
    await overChunks(threads: threads) { densities(of: $0, on: grid) }
  }

  private func densities(of chunk: Range<Int>, on grid: [Double]) -> [DensityCurve] {
    var selection = WeightedSelection()
    return overRows(of: chunk) { row in
      let mixture = row.mixture(nil)
      let intervals = grid.map {
        Interval(of: mixture.densityByDraw(at: $0), weights: drawWeights, by: &selection)
      }
      return DensityCurve(
        density: intervals.map(\.mean), lower: intervals.map(\.lower), upper: intervals.map(\.upper))
    }
  }
}
