import Diagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The expected log predictive density of rows that are left out in turn, from draws of the posterior of all rows.
///
/// Vehtari, Gelman and Gabry (2017) with the smoothing of Vehtari et al. (2024), see `ParetoSmoothing`; the length of
/// the smoothed tail takes account of autocorrelation by each row's own relative efficiency, as in the R package loo.
///
/// At a λ that was tuned on the same rows this is no way to choose λ: it prefers priors that overfit.
public struct PSISLOO: Sendable, Codable, Equatable {
  /// One row.
  public struct Row: Sendable, Codable, Equatable {
    /// ln p(y_n | y without n); −∞ where a draw gives the row probability 0.
    public let elpd: Double
    /// What leaving the row out costs it, ln p(y_n | y) − elpd: its share of `effectiveParameters`.
    public let optimism: Double
    /// Pareto k̂ of the row's importance weights; ∞ where there is no estimate to believe.
    public let khat: Double
    /// Effective draws over draws of the row's likelihood, or what was given.
    public let relativeEfficiency: Double
  }

  /// In the order of the data.
  public let rows: [Row]
  /// The number of draws.
  public let draws: Int

  /// From the log-likelihood of every row and draw.
  /// - Parameter logWeights: One log weight a draw, chain by chain, up to a constant; −∞ leaves a draw out; nil where all
  ///   draws count alike.
  /// - Parameter relativeEfficiency: One for all rows, positive, as ArviZ takes it from the parameters; nil where each row
  ///   is to have its own.
  /// - Throws: `EvaluationError` for nothing to evaluate, and for values that are NaN or +∞.
  public init(
    _ likelihood: PointwiseLogLikelihood, logWeights: [Double]? = nil, relativeEfficiency: Double? = nil
  ) throws(EvaluationError) {
    precondition(logWeights.map { $0.count == likelihood.draws } ?? true, "one weight a draw")
    try likelihood.checked()
    let logWeights = Self.normalised(logWeights, draws: likelihood.draws)
    draws = likelihood.draws
    rows = (0..<likelihood.rows).map { Self.row(likelihood, $0, logWeights, relativeEfficiency) }
  }

  /// The sum over rows.
  public var elpd: Double { rows.reduce(0) { $0 + $1.elpd } }
  /// The standard error of the sum as in `Score.sum(of:)`; nil of one row, and where elpd is −∞.
  public var standardError: Double? { Score.sum(of: rows.map(\.elpd)).standardError }
  /// p_loo, the effective number of parameters.
  public var effectiveParameters: Double { rows.reduce(0) { $0 + $1.optimism } }

  /// The k̂ above which a row is not to be believed with this number of draws: min(1 − 1 / log₁₀ S, 0.7).
  public var threshold: Double { min(1 - 1 / log10(Double(max(draws, 2))), 0.7) }
  /// Rows with k̂ above 0.7, counted from 0.
  public var badRows: [Int] { rows.indices.filter { rows[$0].khat > 0.7 } }
  /// Rows with k̂ above `threshold`, counted from 0.
  public var unreliableRows: [Int] { rows.indices.filter { rows[$0].khat > threshold } }
  /// Rows that a draw gives probability 0, counted from 0.
  public var impossibleRows: [Int] { rows.indices.filter { rows[$0].elpd == -.infinity } }

  /// Whether to believe it, in a sentence.
  public var sentence: String {
    if let row = impossibleRows.first {
      return "\(impossibleRows.count) of \(rows.count) rows have probability 0 in a draw (the first is row \(row + 1)):"
        + " elpd is −∞."
    }
    let count = unreliableRows.count
    let limit = decimalText(threshold)
    return count == 0
      ? "All Pareto k are below \(limit)."
      : "\(count) of \(rows.count) rows have a Pareto k above \(limit): their elpd is not to be believed; refit without"
        + " them."
  }

  private static func row(_ likelihood: PointwiseLogLikelihood, _ index: Int, _ logWeights: [Double]?, _ given: Double?)
    -> Row
  {
    let values = likelihood.row(index)
    let peak = values.max() ?? 0
    let scaled = (0..<likelihood.chains).map { chain in
      let start = values.startIndex + chain * likelihood.drawsPerChain
      return values[start..<start + likelihood.drawsPerChain].map { peak > -.infinity ? exp($0 - peak) : 0 }
    }
    let efficiency = given ?? EffectiveSampleSize.mean(scaled) / Double(likelihood.draws)
    let isImpossible = zip(values, values.indices).contains { value, place in
      value == -.infinity && (logWeights?[place - values.startIndex] ?? 0) > -.infinity
    }
    guard !isImpossible else {
      return Row(elpd: -.infinity, optimism: .infinity, khat: .infinity, relativeEfficiency: efficiency)
    }
    let smoothing = ParetoSmoothing(logWeights: ratios(values, logWeights), relativeEfficiency: max(efficiency, 1e-12))
    var (left, all) = (0.0, 0.0)
    let uniform = 1 / Double(likelihood.draws)
    for (draw, likelihood) in scaled.joined().enumerated() {
      left += exp(smoothing.logWeights[draw]) * likelihood
      all += (logWeights.map { exp($0[draw]) } ?? uniform) * likelihood
    }
    return Row(
      elpd: peak + log(left), optimism: log(all) - log(left), khat: smoothing.khat, relativeEfficiency: efficiency)
  }

  /// ln of the weight of each draw where the row is left out.
  private static func ratios(_ values: ArraySlice<Double>, _ logWeights: [Double]?) -> [Double] {
    guard let logWeights else { return values.map { -$0 } }
    return zip(values, logWeights).map { $1 > -.infinity ? $1 - $0 : -.infinity }
  }

  private static func normalised(_ logWeights: [Double]?, draws: Int) -> [Double]? {
    logWeights.map { ImportanceWeights(logWeights: $0).values.map { log($0) } }
  }
}

extension PSISLOO {
  /// How much better one model predicts the same rows than another.
  public typealias Comparison = LeaveOneOut.Comparison

  /// This model compared with another one of the same rows.
  /// - Throws: `EvaluationError` where rows differ in number, or one has probability 0 in a draw of either model.
  public func compared(with other: PSISLOO) throws(EvaluationError) -> Comparison {
    try LeaveOneOut(self).compared(with: LeaveOneOut(other))
  }
}
