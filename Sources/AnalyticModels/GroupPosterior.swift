import LogDensities

/// The joint log density of an analytic model at one λ.
public struct GroupPosterior<Model: AnalyticModel>: LogDensity {
  let model: Model
  let location: Double
  let scale: Double
  let smoothing: Double

  /// The number of parameters.
  public var dimension: Int { model.dimension }

  /// ln p(y | θ) + ln p(θ | λ) with its gradient; −∞ at positions too far out for numbers.
  public func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    guard position.count == dimension else {
      throw .dimensionMismatch(expected: dimension, found: position.count)
    }
    for index in 0..<gradient.count { gradient[index] = 0 }
    let likelihood = model.addLikelihoodGradient(at: position, to: &gradient)
    let prior = model.prior.addGradient(
      at: position, location: location, scale: scale, smoothing: smoothing, to: &gradient)
    let value = likelihood + prior
    return value < .infinity ? value : -.infinity
  }
}
