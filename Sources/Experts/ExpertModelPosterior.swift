import LogDensities
import Priors

/// ln p(y | X, θ) + ln p(θ | λ) + ln |dθ/dq| of an experts model, without any ordering: what is sampled.
public struct ExpertPosterior: LogDensity {
  let likelihood: ExpertLikelihood
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
    value += prior.addGradient(at: position, to: &gradient)
    prior.addLogJacobian(at: position, to: &value, gradient: &gradient)
    return value.isFinite ? value : -.infinity
  }
}
