import Evaluation

/// The columns of the paper's tables, and the continuous ranked probability score, which they do not have.
public enum PaperMetric: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
  /// PSIS-LOO over the training rows, a sum.
  case loo
  /// Log pointwise predictive density over the test rows, a sum.
  case lppd
  /// CIC95.
  case coverage
  /// CIL95.
  case length
  /// eMSE.
  case squaredError
  /// R², 1 at best.
  case r2
  /// The continuous ranked probability score.
  case crps

  /// What the table calls it.
  public var title: String {
    switch self {
    case .loo: "LOO"
    case .lppd: "LPPD"
    case .coverage: "CIC95"
    case .length: "CIL95"
    case .squaredError: "eMSE"
    case .r2: "R²"
    case .crps: "CRPS"
    }
  }

  /// Digits after the point that it is printed with.
  public var digits: Int {
    switch self {
    case .loo, .lppd, .coverage, .length: 2
    case .squaredError, .r2, .crps: 4
    }
  }

  /// The metric of a fitted model; nil where there is none.
  public func value(of scores: ModelScores) -> Score? {
    switch self {
    case .loo: scores.leaveOneOut?.elpd
    case .lppd: scores.test?.lppd
    case .coverage: scores.test?.coverage
    case .length: scores.test?.intervalLength
    case .squaredError: scores.test?.expectedSquaredError
    case .r2: scores.test?.r2
    case .crps: scores.test?.crps
    }
  }
}
