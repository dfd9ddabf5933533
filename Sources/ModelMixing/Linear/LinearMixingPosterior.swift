import LogDensities
import Priors

/// ln p(y | θ) + ln p(θ | λ) + ln |dθ/dq| of a linear mixture.
public struct LinearMixingPosterior: LogDensity {
  let mixture: LinearMixture
  let supports: [Support]
  let prior: ProductPrior
  /// Where the density jumps; see `LinearMixingModel.discontinuity`.
  public let discontinuity: String?

  /// The length of a position.
  public var dimension: Int { supports.count }

  /// The log density and its gradient; some arrays of the size of the data are made, none in the loop over rows unless a
  /// model makes them.
  /// - Throws: `LogDensityError.failed` for weights that jump: their gradient says nothing of what lies beyond.
  public func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    guard position.count == dimension, gradient.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: position.count)
    }
    if let discontinuity {
      throw .failed("No sampler that follows gradients is right here: \(discontinuity). Slice sampling is.")
    }
    let parameters = supports.indices.map { supports[$0].value(at: position[$0]) }
    var value = mixture.evaluate(at: parameters.span, gradient: &gradient)
    guard value > -.infinity else { return value }
    for index in supports.indices where supports[index] != .real {
      gradient[index] *= supports[index].slope(at: position[index])
    }
    value += prior.addGradient(at: position, to: &gradient)
    prior.addLogJacobian(at: position, to: &value, gradient: &gradient)
    for index in 0..<dimension where !gradient[index].isFinite { return -.infinity }
    return value.isFinite ? value : -.infinity
  }

  /// The log density alone, jumps or not; −∞ outside its support.
  public func logDensity(at position: Span<Double>) throws(LogDensityError) -> Double {
    guard position.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: position.count)
    }
    let parameters = supports.indices.map { supports[$0].value(at: position[$0]) }
    var value = mixture.logLikelihood(at: parameters)
    guard value > -.infinity else { return value }
    value += prior.logDensity(at: position)
    for index in supports.indices { value += supports[index].logJacobian(at: position[index]) }
    return value.isFinite ? value : -.infinity
  }
}
