import LogDensities

/// ln p(y | X, φ) + ln p(φ) in the logarithms of free hyperparameters, locations as they are.
struct HyperparameterPosterior<Hyperprior: LogDensity>: LogDensity {
  let likelihood: MarginalLikelihood
  let prior: Hyperprior

  var dimension: Int { likelihood.dimension }

  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    let value = try likelihood.evaluate(at: position, gradient: &gradient)
    guard value > -.infinity else { return value }
    var own = [Double](repeating: 0, count: dimension)
    var span = own.mutableSpan
    let density = try prior.evaluate(at: position, gradient: &span)
    for index in own.indices { gradient[index] += own[index] }
    let sum = value + density
    return sum.isFinite ? sum : -.infinity
  }
}

/// No prior: 0 everywhere.
struct FlatHyperprior: LogDensity {
  let dimension: Int

  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    for index in 0..<gradient.count { gradient[index] = 0 }
    return 0
  }
}
