import Foundation
import Testing

@testable import Sampling

@Suite struct TurnCriterionTests {
  /// The criterion on two pieces given by the momenta of their states.
  private func continues(_ earlier: [[Double]], _ later: [[Double]]) -> Bool {
    let dimension = earlier[0].count
    let slab = VectorSlab(vectors: 6, dimension: dimension)
    for (piece, momenta) in [earlier, later].enumerated() {
      slab[3 * piece].assign((0..<dimension).map { index in momenta.reduce(0) { $0 + $1[index] } })
      slab[3 * piece + 1].assign(momenta[0])
      slab[3 * piece + 2].assign(momenta[momenta.count - 1])
    }
    return TurnCriterion.continues(
      earlier: .init(sum: slab[0], left: slab[1], right: slab[2]),
      later: .init(sum: slab[3], left: slab[4], right: slab[5]))
  }

  /// Momenta of a harmonic oscillator at the given angles.
  private func circle(_ angles: [Double]) -> [[Double]] { angles.map { [cos($0), sin($0)] } }

  @Test func goesOnStraight() {
    #expect(continues([[1, 0], [1, 0.1]], [[1, 0.2], [1, 0.3]]))
  }

  @Test func stopsPastHalfATurn() {
    let step = 0.2 * Double.pi
    #expect(continues(circle([0, step]), circle([2 * step, 3 * step])))
    #expect(!continues(circle([0, 2 * step]), circle([4 * step, 6 * step])))
  }

  /// After a whole turn and a little, both ends point along the small sum of all momenta: the ends alone see no turn.
  @Test func seesWholeTurns() {
    let step = 2 * Double.pi / 3.4
    let momenta = circle((0..<4).map { Double($0) * step })
    let sum = [0, 1].map { index in momenta.reduce(0) { $0 + $1[index] } }
    let endsAgree = [momenta[0], momenta[3]].allSatisfy { sum[0] * $0[0] + sum[1] * $0[1] > 0 }
    #expect(endsAgree)
    #expect(!continues(Array(momenta[0..<2]), Array(momenta[2..<4])))
  }

  /// Forwards and backwards are the same trajectory.
  @Test func isSymmetricInTime() {
    for count in 1...12 {
      let angles = (0..<8).map { Double($0) * 0.08 * Double(count) }
      let momenta = circle(angles)
      let reversed = momenta.reversed().map { $0.map { -$0 } }
      #expect(
        continues(Array(momenta[0..<4]), Array(momenta[4..<8]))
          == continues(Array(reversed[0..<4]), Array(reversed[4..<8])))
    }
  }

  @Test func stopsAtNaN() {
    #expect(!continues([[.nan, 0]], [[1, 0]]))
  }

  /// The fused products agree with plain sums at lengths that do and do not fill the lanes.
  @Test(arguments: [1, 3, 4, 5, 57])
  func sumsOverAllCoordinates(dimension: Int) {
    let unit = [Double](repeating: 1, count: dimension)
    let slab = VectorSlab(vectors: 1, dimension: dimension)
    slab[0].assign(unit)
    let momenta = TurnCriterion.Momenta(sum: slab[0], left: slab[0], right: slab[0])
    let products = TurnCriterion.products(momenta, momenta)
    for index in 0..<6 { #expect(products[index] == 2 * Double(dimension)) }
  }
}
