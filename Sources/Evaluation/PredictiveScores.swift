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
  /// R² (30) of the predictive mean, 1 at best; its error by the delta method. NaN-free: −∞ where the responses do not vary.
  public let r2: Score
  /// The mean continuous ranked probability score.
  public let crps: Score
}
