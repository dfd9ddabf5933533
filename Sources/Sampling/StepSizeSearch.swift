import LogDensities

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension NUTS {
  /// The bounds of a sensible step size, in units of the metric.
  static let stepSizes = 1e-12...1e7

  /// Doubles or halves the step size until the acceptance probability of one leapfrog step crosses 0.8 (Hoffman and
  /// Gelman 2014, algorithm 4, with Stan's threshold). Each trial has a fresh momentum and costs one gradient evaluation.
  mutating func searchStepSize(_ stream: inout RandomStream) throws(SamplingError) {
    let threshold = log(0.8)
    var direction = 0.0
    while true {
      let logRatio: Double
      do throws(LogDensityError) { logRatio = try trajectory.trialStep(&stream) } catch { throw .density(error) }
      let now: Double = logRatio > threshold ? 1 : -1
      if direction == 0 { direction = now }
      guard now == direction else { return }
      let next = stepSize * (direction > 0 ? 2 : 0.5)
      guard Self.stepSizes.contains(next) else { return }
      stepSize = next
    }
  }
}
