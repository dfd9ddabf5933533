/// The natural gradient: divides each entry by the expected prior information of its coordinate.
///
/// A gradient of a location has the size 1/scale, so a plain step at scale 0.01 is thrown far away; this one is not,
/// whatever the units. For normal priors a step of 1 is a step of expectation maximisation, to first order.
public struct NaturalScaling: GradientTransform {
  /// The scaling.
  public init() {}

  /// Each entry over its information.
  public func update(
    _ gradient: [Double], _ state: Memoryless, at point: TuningPoint
  ) -> (ascent: [Double], state: Memoryless) {
    (zip(gradient, point.information).map { $1 > 0 ? $0 / $1 : $0 }, state)
  }
}
