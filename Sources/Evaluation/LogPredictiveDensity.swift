import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// ln p(y_n | x_n, data) of every row from its log-likelihood in posterior draws: the logarithm of the mean over draws of
/// the density, one row's part of LPPD (26).
public struct LogPredictiveDensity: Sendable, Codable, Equatable {
  /// In the order of the data; −∞ where every draw of positive weight gives the row probability 0.
  public let rows: [Double]

  /// From the log-likelihood of every row and draw; draws that give a row probability 0 count as 0 in its mean.
  /// - Parameter logWeights: One log weight a draw, chain by chain, up to a constant; −∞ leaves a draw out; nil where all
  ///   draws count alike.
  /// - Throws: `EvaluationError` for nothing to evaluate, and for values that are NaN or +∞.
  public init(_ likelihood: PointwiseLogLikelihood, logWeights: [Double]? = nil) throws(EvaluationError) {
    precondition(logWeights.map { $0.count == likelihood.draws } ?? true, "one weight a draw")
    try likelihood.checked()
    let weights = logWeights.map { ImportanceWeights(logWeights: $0).values }
    rows = (0..<likelihood.rows).map { Self.logMeanExp(likelihood.row($0), weights) }
  }

  /// Rows that no draw of positive weight can explain, counted from 0.
  public var impossibleRows: [Int] { rows.indices.filter { rows[$0] == -.infinity } }

  /// LPPD with its standard error; −∞ without an error where a row is impossible.
  public var score: Score { .sum(of: rows) }

  /// Whether every row has a positive density, in a sentence.
  public var sentence: String {
    guard let row = impossibleRows.first else { return "Every row has a positive predictive density." }
    return
      "\(impossibleRows.count) of \(rows.count) rows have probability 0 in every draw (the first is row \(row + 1)):"
      + " LPPD is −∞. Look for an outlier, a wrong unit, or a noise scale near 0."
  }

  private static func logMeanExp(_ values: ArraySlice<Double>, _ weights: [Double]?) -> Double {
    guard let weights else {
      let peak = values.max() ?? -.infinity
      guard peak > -.infinity else { return -.infinity }
      return peak + log(values.reduce(0) { $0 + exp($1 - peak) } / Double(values.count))
    }
    // The peak over draws that count: another one may be so far above it that all of them would vanish.
    let peak = zip(values, weights).reduce(-Double.infinity) { $1.1 > 0 ? max($0, $1.0) : $0 }
    guard peak > -.infinity else { return -.infinity }
    return peak + log(zip(values, weights).reduce(0) { $1.1 > 0 ? $0 + $1.1 * exp($1.0 - peak) : $0 })
  }
}
