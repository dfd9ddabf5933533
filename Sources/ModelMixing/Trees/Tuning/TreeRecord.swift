#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is kept of a draw of tree mixing, as numbers in a row of fixed length. Trees have no fixed number of coordinates, but the
/// density of their leaves, the likelihood and what people ask for depend on few numbers:
///
///     leaves, K means of leaf entries, K sums of squares about them, ln σ,
///     f(x_n) at the N rows of data, K mean weights, K mean shares
///
/// Weights may be negative and need not sum to 1. *Shares* are weights projected on the simplex, row by row, and averaged over
/// the rows and one more row of equal weights; without that a model whose weights are negative everywhere had a share of
/// exactly 0, which no softmax gives, and an entropy penalty would be infinite.
struct TreeRecord: Sendable, Equatable {
  /// The number of models K.
  let models: Int
  /// The number of rows N.
  let rows: Int

  /// What the densities of leaves and noise depend on: the first numbers of a record.
  var statistics: Int { 2 * models + 2 }
  var logSigma: Int { 2 * models + 1 }
  var mixture: Int { statistics }
  var weights: Int { statistics + rows }
  var shares: Int { statistics + rows + models }
  var length: Int { statistics + rows + 2 * models }

  /// The leaf statistics of the record that begins at `start`.
  func leafStatistics(_ values: Span<Double>, at start: Int = 0) -> LeafStatistics {
    LeafStatistics(
      leaves: Int(exactly: values[start]) ?? 0, means: (1...models).map { values[start + $0] },
      squares: (1...models).map { values[start + models + $0] })
  }

  /// Appends the record of a draw whose weights at the rows are `weights`, K numbers a row.
  func append(
    _ leaves: LeafStatistics, sigma: Double, weights: [Double], _ problem: TreeProblem, to positions: inout [Double]
  ) {
    positions.append(Double(leaves.leaves))
    positions.append(contentsOf: leaves.means)
    positions.append(contentsOf: leaves.squares)
    positions.append(log(sigma))
    for row in 0..<rows { positions.append(problem.combine(row, weights, at: row * models)) }
    var means = [Double](repeating: 0, count: models)
    var shares = [Double](repeating: 1 / Double(models), count: models)
    var projected = weights
    var sorted = means
    var span = projected.mutableSpan
    var room = sorted.mutableSpan
    for row in 0..<rows {
      SimplexProjection.project(&span, from: row * models, count: models, sorted: &room)
      for model in 0..<models {
        means[model] += weights[row * models + model]
        shares[model] += span[row * models + model]
      }
    }
    for mean in means { positions.append(mean / Double(rows)) }
    for share in shares { positions.append(share / Double(rows + 1)) }
  }

  /// A name for each number; `models` names the models.
  func names(_ models: [String]) -> [String] {
    ["leaves"] + models.map { "leafMean[\($0)]" } + models.map { "leafSquares[\($0)]" } + ["sigma"]
      + (1...rows).map { "mixture[\($0)]" } + models.map { "weight[\($0)]" } + models.map { "share[\($0)]" }
  }
}
