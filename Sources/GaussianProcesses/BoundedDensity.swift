#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// A box lᵢ ≤ xᵢ ≤ uᵢ as the image of ℝᵈ: x = m + h sin(z / h) with m the middle and h half the width, as in MINUIT.
///
/// Near the middle z is x; a maximum at a bound is a smooth maximum in z, at a finite place, unlike under a logistic map.
struct Box: Sendable {
  let lower: [Double]
  let upper: [Double]

  private func half(_ index: Int) -> Double { 0.5 * (upper[index] - lower[index]) }

  func point(of unbounded: [Double]) -> [Double] {
    unbounded.indices.map { index in
      0.5 * (lower[index] + upper[index]) + half(index) * sin(unbounded[index] / half(index))
    }
  }

  /// A point on a bound is moved inside by 1 % of the width: the map's slope is 0 there, and a climb would never leave.
  func unbounded(of point: [Double]) -> [Double] {
    point.indices.map { index in
      let share = (point[index] - 0.5 * (lower[index] + upper[index])) / half(index)
      return half(index) * asin(min(0.98, max(-0.98, share)))
    }
  }

  func slope(at unbounded: Double, _ index: Int) -> Double { cos(unbounded / half(index)) }

  /// Mirrors what lies outside at the bounds.
  func reflected(_ value: Double, _ index: Int) -> Double {
    let width = upper[index] - lower[index]
    var offset = (value - lower[index]).truncatingRemainder(dividingBy: 2 * width)
    if offset < 0 { offset += 2 * width }
    return lower[index] + min(offset, 2 * width - offset)
  }

  /// Whether `point` is at a bound up to rounding, 1e-4 of the width.
  func bound(at point: [Double], _ index: Int) -> Bound? {
    let margin = 1e-4 * (upper[index] - lower[index])
    return point[index] <= lower[index] + margin ? .lower : point[index] >= upper[index] - margin ? .upper : nil
  }

  /// The largest entry of the gradient that does not press against a bound.
  func projectedGradient(_ gradient: [Double], at point: [Double]) -> Double {
    gradient.indices.reduce(0) { largest, index in
      switch bound(at: point, index) {
      case .lower? where gradient[index] <= 0: largest
      case .upper? where gradient[index] >= 0: largest
      default: max(largest, abs(gradient[index]))
      }
    }
  }

  /// A side of the box.
  enum Bound: Sendable { case lower, upper }
}

/// A log density inside a box, as a function on ℝᵈ for a climb; no Jacobian, as a maximum is looked for.
struct BoundedDensity<Base: LogDensity>: LogDensity {
  let base: Base
  let box: Box

  var dimension: Int { base.dimension }

  func evaluate(
    at position: Span<Double>, gradient: inout MutableSpan<Double>
  ) throws(LogDensityError) -> Double {
    let unbounded = (0..<position.count).map { position[$0] }
    let point = box.point(of: unbounded)
    let value = try base.evaluate(at: point.span, gradient: &gradient)
    for index in point.indices { gradient[index] *= box.slope(at: unbounded[index], index) }
    return value
  }
}
