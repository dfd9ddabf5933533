import LogDensities

extension PhasePoint {
  /// One leapfrog step of size ε (negative: backwards in time) of H(q, p) = −ln π(q) + ½ |p|²: half a kick, a drift,
  /// half a kick, with the position moved by S p (Neal 2011, equations 2.28 to 2.30). One gradient evaluation.
  ///
  /// `scratch` holds S p meanwhile.
  mutating func leapfrog(
    _ stepSize: Double, density: any LogDensity, metric: borrowing MetricMap, scratch: Vector
  ) throws(LogDensityError) {
    momentum.add(0.5 * stepSize, force)
    metric.apply(momentum, into: scratch)
    position.add(stepSize, scratch)
    try evaluate(density)
    metric.applyTransposed(gradient, into: force)
    momentum.add(0.5 * stepSize, force)
  }
}
