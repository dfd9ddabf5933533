/// What a fitted model predicts of observed rows, whatever the model is: one entry a row in every array.
public struct RowPredictions: Sendable, Codable, Equatable {
  /// The responses that were predicted.
  public var observed: [Double]
  /// ln p(y_n | x_n, data); nil of a model that gives no density.
  public var logDensity: [Double]?
  /// The predictive means.
  public var mean: [Double]
  /// The 2.5 % quantiles of the predictive distributions.
  public var lower: [Double]
  /// The 97.5 % quantiles.
  public var upper: [Double]
  /// P(Y_n ≤ y_n | x_n, data), the probability integral transform: uniform where the model is right.
  public var probability: [Double]
  /// E (y_n − Ŷ_n)² over the predictive distribution Ŷ_n: one row's part of eMSE (29).
  public var squaredError: [Double]
  /// The continuous ranked probability score E |Ŷ_n − y_n| − ½ E |Ŷ_n − Ŷ_n′| (Gneiting and Raftery 2007); smaller is better.
  public var crps: [Double]

  /// Predictions from summaries that somebody has already; every array has one entry a row.
  public init(
    observed: [Double], logDensity: [Double]?, mean: [Double], lower: [Double], upper: [Double],
    probability: [Double], squaredError: [Double], crps: [Double]
  ) {
    let count = observed.count
    precondition(
      [mean, lower, upper, probability, squaredError, crps].allSatisfy { $0.count == count }
        && logDensity.map { $0.count == count } ?? true, "one entry a row")
    self.observed = observed
    self.logDensity = logDensity
    self.mean = mean
    self.lower = lower
    self.upper = upper
    self.probability = probability
    self.squaredError = squaredError
    self.crps = crps
  }
}
