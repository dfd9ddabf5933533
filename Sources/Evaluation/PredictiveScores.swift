/// The paper's metrics of predictions (section 6), each with its standard error over rows.
public struct PredictiveScores: Sendable, Codable, Equatable {
  /// The log pointwise predictive density (26), a sum; nil of a model that gives no density.
  public let lppd: Score?
  /// CIC95 (27): the share of rows inside the central 95 % predictive interval.
  public let coverage: Score
  /// CIL95 (28): the mean length of that interval.
  public let intervalLength: Score
  /// eMSE (29): the mean squared error of predictive draws.
  public let expectedSquaredError: Score
  /// R² (30) of the predictive mean, 1 at best; its error by the delta method; −∞ without an error where the responses
  /// do not vary.
  public let r2: Score
  /// The mean continuous ranked probability score.
  public let crps: Score

  /// The metrics of predictions of at least one row.
  ///
  /// LPPD is −∞ without an error where a row has the log density −∞ (or NaN, which no density gives); its error is
  /// `Score.sum(of:)`'s, that of ArviZ's elpd. Of one row no score has an error.
  public init(_ predictions: RowPredictions) {
    precondition(!predictions.observed.isEmpty, "there is a row to be scored")
    let (y, mean) = (predictions.observed, predictions.mean)
    let (lower, upper) = (predictions.lower, predictions.upper)
    lppd = predictions.logDensity.map { rows in Score.sum(of: rows.map { $0.isNaN ? -.infinity : $0 }) }
    coverage = .mean(of: y.indices.map { lower[$0] <= y[$0] && y[$0] <= upper[$0] ? 1 : 0 })
    intervalLength = .mean(of: zip(upper, lower).map { $0 - $1 })
    expectedSquaredError = .mean(of: predictions.squaredError)
    r2 = Self.determination(of: y, by: mean)
    crps = .mean(of: predictions.crps)
  }

  /// R² = 1 − a / b with a the mean of (y − ŷ)² and b that of (y − ȳ)². Its influence function of a row is
  /// −((y − ŷ)² − (a / b) (y − ȳ)²) / b: the mean ȳ itself adds nothing to first order.
  private static func determination(of y: [Double], by prediction: [Double]) -> Score {
    guard let first = y.first, y.contains(where: { $0 != first }) else {
      return Score(value: -.infinity, standardError: nil)
    }
    let centre = y.reduce(0, +) / Double(y.count)
    let spread = y.map { ($0 - centre) * ($0 - centre) }
    let error = zip(y, prediction).map { ($0 - $1) * ($0 - $1) }
    let total = spread.reduce(0, +)
    let ratio = error.reduce(0, +) / total
    let scale = Double(y.count) / total
    let influence = zip(error, spread).map { scale * ($0 - ratio * $1) }
    return Score(value: 1 - ratio, standardError: Score.mean(of: influence).standardError)
  }
}
