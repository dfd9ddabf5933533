import LogDensities
import Testing

@testable import ModelMixing

@Suite struct SimplexProjectionTests {
  @Test func knownProjections() {
    #expect(SimplexProjection.project([0.2, 0.3, 0.5]) == [0.2, 0.3, 0.5])
    #expect(SimplexProjection.project([3]) == [1])
    #expect(SimplexProjection.project([-2, 5]) == [0, 1])
    #expect(SimplexProjection.project([1, 1]) == [0.5, 0.5])
    #expect(SimplexProjection.project([0, 0, 0, 0]) == [0.25, 0.25, 0.25, 0.25])
  }

  /// The conditions of Karush, Kuhn and Tucker: p = max(0, x − t) for one t, with sum 1.
  @Test func projectionsAreNearest() {
    var stream = RandomStream(seed: 6, purpose: .test)
    for _ in 0..<500 {
      let point = (0...stream.integer(below: 8)).map { _ in 2 * stream.normal() }
      let projected = SimplexProjection.project(point)
      #expect(abs(projected.reduce(0, +) - 1) < 1e-12)
      let shifts = zip(point, projected).filter { $0.1 > 0 }.map { $0.0 - $0.1 }
      let shift = shifts[0]
      #expect(shifts.allSatisfy { abs($0 - shift) < 1e-12 })
      #expect(zip(point, projected).allSatisfy { $0.1 > 0 || $0.0 <= shift + 1e-12 })
    }
  }
}
