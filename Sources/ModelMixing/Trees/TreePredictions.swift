/// What the posterior says of mixture and weights at some points.
public struct TreePredictions: Sendable, Codable, Equatable {
  /// The probabilities of the quantiles.
  public let probabilities: [Double]
  /// Whether the mixture's spread and quantiles are those of a new response, or those of the mean Σ w_k f_k alone.
  public let includesNoise: Bool
  /// How the weights were constrained.
  public let weightConstraint: WeightConstraint
  /// Σ w_k f_k (with noise where `includesNoise`), one a point.
  public let mixture: [PredictionSummary]
  /// w_k, models × points.
  public let weights: [[PredictionSummary]]
}

/// Which weights a prediction uses.
public enum WeightConstraint: String, Sendable, Codable {
  /// The sampled ones: of any sign, of any sum.
  case none
  /// Each draw's weights at each point, moved to the nearest point of the simplex. The trees were fitted without; a mixture of
  /// projected weights is another than the fitted one.
  case simplex
}

/// Every draw of mixture and weights at some points, in the chains × draws order that diagnostics take.
public struct TreePredictionDraws: Sendable, Equatable {
  /// Σ w_k f_k without noise: points × chains × draws.
  public let mixture: [[[Double]]]
  /// w_k: models × points × chains × draws.
  public let weights: [[[[Double]]]]
}
