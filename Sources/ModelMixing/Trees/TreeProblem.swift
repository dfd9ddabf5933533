/// The data as the sampler reads it: row-major predictions, bins instead of inputs, precisions instead of scales.
struct TreeProblem: Sendable {
  let rows: Int
  let models: Int
  /// f, K numbers a row.
  let predictions: [Double]
  let response: [Double]
  /// s of each row.
  let scales: [Double]
  /// 1/s² of each row.
  let precisions: [Double]
  /// The bins of the inputs, column by column.
  let bins: [Int32]
  /// f/s², K numbers a row.
  let weighted: [Double]
  /// Which rows each split sends left.
  let splits: SplitMasks

  init(_ data: MixingData, _ said: ModelPredictions, grid: CutGrid) throws(MixingError) {
    rows = data.count
    models = said.models
    let columns = said.means
    predictions = (0..<rows).flatMap { row in columns.map { $0[row] } }
    response = data.response
    let areKnown = data.responseErrors.contains { $0 > 0 }
    if areKnown, let row = data.responseErrors.firstIndex(of: 0) { throw .noiseScale(row: row) }
    scales = areKnown ? data.responseErrors : [Double](repeating: 1, count: rows)
    precisions = scales.map { 1 / ($0 * $0) }
    bins = grid.bins(of: data.inputs)
    splits = SplitMasks(bins: bins, rows: rows, cutCounts: grid.counts)
    var size = 0.0
    for row in 0..<rows {
      let sum = columns.reduce(abs(response[row])) { $0 + abs($1[row]) }
      size += precisions[row] * sum * sum
    }
    var weighted: [Double] = []
    for row in 0..<rows {
      for i in 0..<models { weighted.append(precisions[row] * predictions[row * models + i]) }
    }
    self.weighted = weighted
    guard size.isFinite, precisions.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .overflow }
  }

  /// Numbers of a row's, or a leaf's, statistics: K (K + 1)/2 of f fᵀ/s² and K of f r/s².
  var termWidth: Int { models * (models + 3) / 2 }

  /// f · v of a row with the vector at `start` of `values`.
  @inline(__always)
  func combine(_ row: Int, _ values: [Double], at start: Int) -> Double {
    var sum = 0.0
    for model in 0..<models { sum += predictions[row * models + model] * values[start + model] }
    return sum
  }
}
