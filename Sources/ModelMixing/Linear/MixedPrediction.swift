/// What the posterior says of a linear mixture at some inputs.
public struct MixedPrediction: Sendable, Codable, Equatable {
  /// What is predicted, which says what its spread consists of.
  public enum Target: String, Sendable, Codable, CaseIterable {
    /// Σ_k w_k f_k alone: the parameters' uncertainty, neither the models' errors nor noise.
    case mean
    /// The quantity itself: the models' errors too, as the rule combines them, without the noise of an observation.
    case quantity
    /// A new observation: with noise.
    case observation
  }

  /// What is predicted.
  public let target: Target
  /// The probabilities of the quantiles.
  public let probabilities: [Double]
  /// The mixture, one a row.
  public let mixture: [PredictionSummary]
  /// w_k, models × rows.
  public let weights: [[PredictionSummary]]
}
