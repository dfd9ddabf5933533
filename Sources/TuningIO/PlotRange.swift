extension ClosedRange<Double> {
  /// The range between two ends in either order, a NaN standing for 0: ends that come from a file may be anything, and a
  /// figure is no reason to stop.
  public init(between first: Double, and second: Double) {
    let (first, second) = (first.isNaN ? 0 : first, second.isNaN ? 0 : second)
    self = Swift.min(first, second)...Swift.max(first, second)
  }
}
