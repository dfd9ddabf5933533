import LogDensities
import Testing

@testable import Sampling

@Suite struct LeapfrogTests {
  private static let metrics: [Metric] = [
    .diagonal(scale: [0.5, 2, 1, 3, 0.1]),
    .dense(
      dimension: 5,
      factor: [2, 0.5, 0.1, 0, 1, 0, 1, -0.3, 0.2, 0, 0, 0, 0.7, 0, 0.1, 0, 0, 0, 1.5, 0.4, 0, 0, 0, 0, 0.9]),
    .lowRank(scale: [0.5, 2, 1, 3, 0.1], directions: [0.6, 0.8, 0, 0, 0, 0, 0, 0, 1, 0], stretch: [3, -0.8]),
  ]
  /// A density that is neither Gaussian nor symmetric.
  private let density = ClosureDensity(5) { q throws(LogDensityError) in
    var value = 0.0
    var gradient = q
    for i in 0..<5 {
      let next = q[(i + 1) % 5]
      value -= 0.5 * q[i] * q[i] + 0.1 * q[i] * q[i] * q[i] * q[i] + 0.2 * q[i] * next
      gradient[i] = -q[i] - 0.4 * q[i] * q[i] * q[i] - 0.2 * next - 0.2 * q[(i + 4) % 5]
    }
    return (value, gradient)
  }

  private func point(_ slab: borrowing VectorSlab, _ metric: borrowing MetricMap) throws -> PhasePoint {
    var point = PhasePoint(slab, first: 0, dimension: 5)
    point.position.assign([0.3, -0.2, 0.8, 0.1, -0.5])
    point.momentum.assign([1, -0.4, 0.2, 0.7, -1.1])
    try point.evaluate(density)
    metric.applyTransposed(point.gradient, into: point.force)
    return point
  }

  @Test(arguments: metrics)
  func isReversible(metric: Metric) throws {
    let map = MetricMap(metric)
    let slab = VectorSlab(vectors: PhasePoint.vectors + 1, dimension: 5)
    var point = try point(slab, map)
    let start = (point.position.array(count: 5), point.momentum.array(count: 5))
    for _ in 0..<20 { try point.leapfrog(0.1, density: density, metric: map, scratch: slab[4]) }
    #expect(zip(point.position.array(count: 5), start.0).contains { abs($0 - $1) > 0.1 })
    for _ in 0..<20 { try point.leapfrog(-0.1, density: density, metric: map, scratch: slab[4]) }
    for (a, b) in zip(point.position.array(count: 5) + point.momentum.array(count: 5), start.0 + start.1) {
      #expect(abs(a - b) < 1e-12)
    }
  }

  /// The energy error over a fixed time falls by 4 when the step is halved.
  @Test(arguments: metrics)
  func hasSecondOrderEnergyError(metric: Metric) throws {
    let map = MetricMap(metric)
    func error(steps: Int) throws -> Double {
      let slab = VectorSlab(vectors: PhasePoint.vectors + 1, dimension: 5)
      var point = try point(slab, map)
      let start = point.energy
      for _ in 0..<steps {
        try point.leapfrog(0.4 / Double(steps), density: density, metric: map, scratch: slab[4])
      }
      return point.energy - start
    }
    let errors = try [64, 128, 256].map(error(steps:))
    #expect(abs(errors[0] / errors[1] - 4) < 0.1)
    #expect(abs(errors[1] / errors[2] - 4) < 0.05)
  }

  /// The map preserves volume: the determinant of its Jacobian, by central differences, is 1.
  @Test func preservesVolume() throws {
    let oscillator = ClosureDensity(1) { q throws(LogDensityError) in
      (-0.25 * q[0] * q[0] * q[0] * q[0], [-q[0] * q[0] * q[0]])
    }
    let map = MetricMap(.diagonal(scale: [1.7]))
    func step(_ q: Double, _ p: Double) throws -> (q: Double, p: Double) {
      let slab = VectorSlab(vectors: PhasePoint.vectors + 1, dimension: 1)
      var point = PhasePoint(slab, first: 0, dimension: 1)
      point.position.assign([q])
      point.momentum.assign([p])
      try point.evaluate(oscillator)
      map.applyTransposed(point.gradient, into: point.force)
      for _ in 0..<3 { try point.leapfrog(0.3, density: oscillator, metric: map, scratch: slab[4]) }
      return (point.position.elements[0], point.momentum.elements[0])
    }
    let h = 1e-5
    let (right, left) = (try step(0.6 + h, 0.4), try step(0.6 - h, 0.4))
    let (up, down) = (try step(0.6, 0.4 + h), try step(0.6, 0.4 - h))
    let determinant = ((right.q - left.q) * (up.p - down.p) - (up.q - down.q) * (right.p - left.p)) / (4 * h * h)
    #expect(abs(determinant - 1) < 1e-8)
  }
}
