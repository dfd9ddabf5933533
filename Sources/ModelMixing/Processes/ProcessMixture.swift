/// What the posterior says of the mixed quantity at some inputs.
public struct ProcessMixture: Sendable, Codable, Equatable {
  /// Of what spread and quantiles are.
  public enum Quantity: String, Sendable, Codable {
    /// The mixed quantity itself.
    case latent
    /// A new observation of it, with the noise of the kernel's white terms.
    case observation
  }

  /// Of what spread and quantiles are.
  public let quantity: Quantity
  /// The probabilities of the quantiles.
  public let probabilities: [Double]
  /// The means, one an input.
  public let mean: [Double]
  /// The standard deviations: of the process at one θ, and of its mean between draws of θ.
  public let standardDeviation: [Double]
  /// The standard deviations between draws of the mean at one θ alone: how much not knowing the kernel matters.
  public let meanDeviation: [Double]
  /// The quantiles, probabilities × inputs, exact for the mixture over draws.
  public let quantiles: [[Double]]
}
