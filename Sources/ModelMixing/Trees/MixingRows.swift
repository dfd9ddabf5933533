/// Rows at which models are mixed: inputs that the weights depend on, and each model's prediction.
public struct MixingRows: Sendable, Equatable {
  /// The inputs, column by column.
  public let inputs: [[Double]]
  /// f_k(x), model by model.
  public let predictions: [[Double]]

  /// Rows.
  /// - Throws: `MixingError` where lengths differ or a number is not finite.
  public init(inputs: [[Double]], predictions: [[Double]]) throws(MixingError) {
    guard let first = inputs.first else { throw .noInputs }
    guard !predictions.isEmpty else { throw .noModels }
    guard !first.isEmpty else { throw .noRows }
    for (index, column) in inputs.enumerated() {
      try Self.check(column, "Input column \(index + 1)", count: first.count)
    }
    for (index, column) in predictions.enumerated() {
      try Self.check(column, "The prediction of model \(index + 1)", count: first.count)
    }
    self.inputs = inputs
    self.predictions = predictions
  }

  /// The number of rows.
  public var count: Int { inputs.first?.count ?? 0 }
  /// The number of models K.
  public var models: Int { predictions.count }

  static func check(_ column: [Double], _ what: String, count: Int) throws(MixingError) {
    guard column.count == count else { throw .ragged(what: what, expected: count, found: column.count) }
    if let row = column.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: what, row: row) }
  }
}

/// What trees learn from: rows with a response each.
public struct TreeMixingData: Sendable, Equatable {
  /// The rows.
  public let rows: MixingRows
  /// y, one a row.
  public let response: [Double]
  /// The known relative scale s of each row's noise, whose standard deviation is σ s.
  public let noiseScales: [Double]

  /// Data.
  /// - Parameter noiseScales: All 1 where it is nil.
  /// - Throws: `MixingError` where lengths differ or a number cannot be used.
  public init(
    rows: MixingRows, response: [Double], noiseScales: [Double]? = nil
  ) throws(MixingError) {
    try MixingRows.check(response, "The response", count: rows.count)
    let scales = noiseScales ?? [Double](repeating: 1, count: rows.count)
    try MixingRows.check(scales, "The noise scale", count: rows.count)
    if let row = scales.firstIndex(where: { $0 <= 0 }) { throw .noiseScale(row: row) }
    self.rows = rows
    self.response = response
    self.noiseScales = scales
  }
}
