/// ln p(y_n | all other rows) of every row: the common ground of PSIS-LOO and of models that know it exactly.
public struct LeaveOneOut: Sendable, Codable, Equatable {
  /// In the order of the data.
  public let rows: [Double]
  /// Pareto k̂ of every row; nil where the values are exact.
  public let khat: [Double]?
  /// The k̂ above which a row is not to be believed; nil where the values are exact.
  public let threshold: Double?
  /// p_loo, the effective number of parameters; nil where it is not known.
  public let effectiveParameters: Double?

  /// Values that are exact, such as those of a Gaussian process at fixed hyperparameters.
  public init(exact rows: [Double]) {
    self.rows = rows
    khat = nil
    threshold = nil
    effectiveParameters = nil
  }

  /// Estimates by Pareto smoothed importance sampling.
  public init(_ loo: PSISLOO) {
    rows = loo.rows.map(\.elpd)
    khat = loo.rows.map(\.khat)
    threshold = loo.threshold
    effectiveParameters = loo.effectiveParameters
  }

  /// The same where every log density is more by `shift`, as of a quantity in other units.
  public func shifted(by shift: Double) -> LeaveOneOut {
    LeaveOneOut(
      rows: rows.map { $0 + shift }, khat: khat, threshold: threshold, effectiveParameters: effectiveParameters)
  }

  private init(rows: [Double], khat: [Double]?, threshold: Double?, effectiveParameters: Double?) {
    self.rows = rows
    self.khat = khat
    self.threshold = threshold
    self.effectiveParameters = effectiveParameters
  }

  /// The sum over rows with its standard error, √(N Var elpd_n) with the variance with N, as ArviZ has it.
  public var elpd: Score { .sum(of: rows) }
  /// How many rows are not to be believed.
  public var unreliableRows: Int { zip(khat ?? [], repeatElement(threshold ?? 0, count: rows.count)).count { $0 > $1 } }
  /// Rows that have probability 0 in a draw, counted from 0.
  public var impossibleRows: [Int] { rows.indices.filter { rows[$0] == -.infinity } }
}

extension LeaveOneOut {
  /// How much better one model predicts the same rows than another.
  public struct Comparison: Sendable, Codable, Equatable {
    /// elpd of the one less that of the other: positive where the one is better.
    public let difference: Double
    /// The standard error of the difference, from the differences of rows as in `Score.sum(of:)`; nil of one row.
    public let standardError: Double?
  }

  /// This model compared with another one of the same rows, row by row.
  /// - Throws: `EvaluationError` where rows differ in number, or one has probability 0 in a draw of either model.
  public func compared(with other: LeaveOneOut) throws(EvaluationError) -> Comparison {
    guard rows.count == other.rows.count else { throw .rowsDiffer(rows.count, other.rows.count) }
    if let row = (impossibleRows + other.impossibleRows).min() { throw .impossibleRow(row) }
    let score = Score.sum(of: zip(rows, other.rows).map { $0 - $1 })
    return Comparison(difference: score.value, standardError: score.standardError)
  }
}
