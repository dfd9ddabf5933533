import Sampling

/// Precision weighting with covariances between inputs, two models at a time: with C and V the covariances of what is mixed
/// already and of the next model, S = C + V, H = V S⁻¹ and G = C S⁻¹, the mean is H m + G f and the covariance H C Hᵀ + G V Gᵀ.
///
/// This is (C⁻¹ + V⁻¹)⁻¹ without an inverse of C or V, which smooth errors do not have in floating point, and which a sure
/// model does not have at all; the sum of two terms stays positive.
struct CorrelatedPrecision {
  private(set) var weights: [[Double]]
  private(set) var means: [Double]
  private(set) var covariance: [Double]

  init(_ predictions: ModelPredictions, _ covariances: [[Double]]) throws(MixingError) {
    SingleThreadedBLAS.ensure()
    let count = predictions.count
    weights = [[Double](repeating: 1, count: count)]
    means = predictions.means[0]
    covariance = covariances[0]
    for (name, matrix) in zip(predictions.names, covariances) { try Self.check(matrix, name, count) }
    for model in 1..<max(1, predictions.models) { try combine(predictions, covariances, model: model) }
  }

  private mutating func combine(_ predictions: ModelPredictions, _ covariances: [[Double]], model: Int)
    throws(MixingError)
  {
    let (n, other, added) = (means.count, predictions.means[model], covariances[model])
    let sum = zip(covariance, added).map(+)
    // Where both are sure the sum has an empty row, and there is nothing to solve.
    let open = (0..<n).filter { sum[$0 * (n + 1)] > 0 }
    for row in 0..<n where sum[row * (n + 1)] == 0 {
      guard agree(means[row], other[row]) else {
        let sure = covariances.firstIndex { $0[row * (n + 1)] == 0 } ?? 0
        throw .sureModelsDisagree(predictions.names[sure], predictions.names[model], row: row)
      }
    }
    let inverse = try Self.inverse(sum, rows: open, of: n, predictions.names[model])
    var keep = SquareMatrix(rows: n, elements: added) * inverse
    var take = SquareMatrix(rows: n, elements: covariance) * inverse
    for row in 0..<n {
      // A sure model takes all exactly, since rounding would leave a variance that the next model could be weighed against.
      let share: Double
      switch (covariance[row * (n + 1)] == 0, added[row * (n + 1)] == 0) {
      case (false, false): continue
      case (true, false): share = 0
      case (false, true): share = 1
      case (true, true): share = 1 / Double(covariances[...model].count { $0[row * (n + 1)] == 0 })
      }
      keep.setRow(row, diagonal: 1 - share)
      take.setRow(row, diagonal: share)
    }
    // About what is mixed already: models which agree exactly give exactly that.
    let steps = take.times(zip(other, means).map(-))
    means = zip(means, steps).map(+)
    weights = weights.map { keep.times($0) } + [take.times([Double](repeating: 1, count: n))]
    covariance = zip(keep.sandwiching(covariance), take.sandwiching(added)).map(+)
  }

  /// S⁻¹ on the rows `open`, 0 elsewhere. S is scaled to a unit diagonal first: variances may differ by many orders.
  private static func inverse(
    _ sum: [Double], rows open: [Int], of n: Int, _ name: String
  ) throws(MixingError) -> SquareMatrix {
    let scales = open.map { sum[$0 * (n + 1)].squareRoot() }
    var scaled = [Double](repeating: 0, count: open.count * open.count)
    for (i, row) in open.enumerated() {
      for (j, column) in open.enumerated() {
        scaled[i * open.count + j] = sum[row * n + column] / scales[i] / scales[j]
      }
    }
    var result = SquareMatrix(rows: n)
    guard !open.isEmpty else { return result }
    guard let inverse = SymmetricMatrix(dimension: open.count, elements: scaled).inverse() else {
      throw .covariance(
        model: name, row: open[0],
        reason: "added to those of the models before it, it has no inverse: they are sure of one combination of inputs")
    }
    for (i, row) in open.enumerated() {
      for (j, column) in open.enumerated() {
        result[row, column] = inverse.elements[i * open.count + j] / scales[i] / scales[j]
      }
    }
    return result
  }

  /// That a matrix is a covariance: correlations in [−1, 1], and no combination of inputs of negative variance.
  private static func check(_ matrix: [Double], _ name: String, _ n: Int) throws(MixingError) {
    let deviations = (0..<n).map { matrix[$0 * (n + 1)].squareRoot() }
    for row in 0..<n {
      for column in 0..<row
      where abs(matrix[row * n + column]) > (1 + 1e-9) * deviations[row] * deviations[column] {
        throw .covariance(model: name, row: row, reason: "a correlation lies outside −1 and 1")
      }
    }
    try MixingError.checkCovariance(matrix, of: name, rows: n)
  }
}
