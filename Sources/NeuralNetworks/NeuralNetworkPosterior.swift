import LogDensities
import Priors

/// ln p(y | X, θ) + ln p(θ | λ) + ln |dθ/dq| of a network: what is sampled.
public struct NeuralNetworkPosterior: LogDensity {
  let likelihood: NeuralNetworkLikelihood
  let prior: ProductPrior

  /// The length of a position.
  public var dimension: Int { prior.dimension }

  /// The log density and its gradient; nothing is allocated.
  public func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    guard position.count == dimension, gradient.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: position.count)
    }
    var value = likelihood.evaluate(at: position, gradient: &gradient)
    guard value > -.infinity else { return value }
    value += prior.addGradient(at: position, to: &gradient)
    prior.addLogJacobian(at: position, to: &value, gradient: &gradient)
    return value.isFinite ? value : -.infinity
  }
}
