import LogDensities

/// ln p(y_n | θ_s) of every row n and draw s of several chains of equal length.
///
/// The draws of a row lie together: what leave-one-out methods read is one row at a time.
public struct PointwiseLogLikelihood: Sendable {
  /// The number of chains.
  public let chains: Int
  /// The number of draws in each chain.
  public let drawsPerChain: Int
  /// The number of rows of data.
  public let rows: Int
  /// Row by row, and chain by chain within a row (length rows × draws).
  public let values: [Double]

  /// The number of draws over all chains.
  public var draws: Int { chains * drawsPerChain }

  /// From values that lie row by row: the value of draw s in row n at n × draws + s.
  public init(chains: Int, drawsPerChain: Int, rows: Int, rowByRow values: [Double]) {
    precondition(values.count == chains * drawsPerChain * rows, "one value a row and draw")
    self.chains = chains
    self.drawsPerChain = drawsPerChain
    self.rows = rows
    self.values = values
  }

  /// From values that lie draw by draw: the value of draw s in row n at s × rows + n.
  public init(chains: Int, drawsPerChain: Int, rows: Int, drawByDraw values: [Double]) {
    precondition(values.count == chains * drawsPerChain * rows, "one value a row and draw")
    self.init(chains: chains, drawsPerChain: drawsPerChain, rows: rows) { draw, destination in
      for row in 0..<rows { destination[row] = values[draw * rows + row] }
    }
  }

  /// Of a model at positions of draws, one after the other and chain by chain.
  public init<Model: HierarchicalModel>(
    of model: Model, at positions: [Double], chains: Int, drawsPerChain: Int
  ) {
    precondition(positions.count == chains * drawsPerChain * model.dimension, "one position a draw")
    self.init(chains: chains, drawsPerChain: drawsPerChain, rows: model.rows) { draw, destination in
      let position = positions.span.extracting(draw * model.dimension..<(draw + 1) * model.dimension)
      model.pointwiseLogLikelihood(at: position, into: &destination)
    }
  }

  /// Fills one draw at a time, and turns blocks of draws around while they are in cache.
  private init(chains: Int, drawsPerChain: Int, rows: Int, fill: (Int, inout MutableSpan<Double>) -> Void) {
    let draws = chains * drawsPerChain
    let width = 32
    var values = [Double](repeating: 0, count: rows * draws)
    var block = [Double](repeating: 0, count: width * rows)
    var draw = [Double](repeating: 0, count: rows)
    for start in stride(from: 0, to: draws, by: width) {
      let count = min(width, draws - start)
      for offset in 0..<count {
        var destination = draw.mutableSpan
        fill(start + offset, &destination)
        block.replaceSubrange(offset * rows..<(offset + 1) * rows, with: draw)
      }
      for row in 0..<rows {
        for offset in 0..<count { values[row * draws + start + offset] = block[offset * rows + row] }
      }
    }
    self.init(chains: chains, drawsPerChain: drawsPerChain, rows: rows, rowByRow: values)
  }

  /// The draws of one row.
  func row(_ index: Int) -> ArraySlice<Double> { values[index * draws..<(index + 1) * draws] }

  /// The first value that is NaN or +∞.
  func checked() throws(EvaluationError) {
    guard draws > 0, rows > 0 else { throw .empty }
    guard let index = values.firstIndex(where: { !($0 < .infinity) }) else { return }
    throw .notANumber(row: index / draws, draw: index % draws, value: values[index])
  }
}
