import LogDensities
import Priors

extension NeuralNetworkModel {
  /// ln p of one block of parameters; −∞ where λ has no prior.
  public func logPrior(
    of block: NeuralNetworkBlock, at position: Span<Double>, given lambda: Hyperparameters
  ) -> Double {
    guard let prior = try? prior(at: lambda) else { return -.infinity }
    return prior.logDensity(of: architecture.range(of: block), at: position)
  }
}
