/// ln p(y_n | all other rows) of every row: the common ground of PSIS-LOO and of models that know it exactly.
public struct LeaveOneOut: Sendable, Codable, Equatable {
  /// In the order of the data.
  public let rows: [Double]
  /// Pareto k̂ of every row; nil where the values are exact.
  public let khat: [Double]?
  /// The k̂ above which a row is not to be believed; nil where the values are exact.
  public let threshold: Double?

  /// Values that are exact, such as those of a Gaussian process at fixed hyperparameters.
  public init(exact rows: [Double]) {
    self.rows = rows
    khat = nil
    threshold = nil
  }

  /// Estimates by Pareto smoothed importance sampling.
  public init(_ loo: PSISLOO) {
    rows = loo.rows.map(\.elpd)
    khat = loo.rows.map(\.khat)
    threshold = loo.threshold
  }

  /// The sum over rows with its standard error.
  public var elpd: Score { .sum(of: rows) }
  /// How many rows are not to be believed.
  public var unreliableRows: Int { zip(khat ?? [], repeatElement(threshold ?? 0, count: rows.count)).count { $0 > $1 } }
}
