import LogDensities
import Priors

/// ln p(y | θ) + ln p(θ | λ) + ln |dθ/dq| of the parameters of a kernel: what is sampled.
public struct ProcessMixingPosterior: LogDensity {
  let likelihood: ProcessMixingLikelihood
  let prior: ProductPrior

  /// The number of free kernel parameters.
  public var dimension: Int { prior.dimension }

  /// The log density and its gradient, in O(n³) of the n rows; −∞ where the covariance matrix is not positive definite.
  public func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    guard position.count == dimension, gradient.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: position.count)
    }
    var value = try likelihood.evaluate(at: position, gradient: &gradient)
    guard value > -.infinity else { return value }
    value += prior.addGradient(at: position, to: &gradient)
    prior.addLogJacobian(at: position, to: &value, gradient: &gradient)
    return value.isFinite ? value : -.infinity
  }
}
