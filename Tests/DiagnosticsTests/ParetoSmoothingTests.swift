import Diagnostics
import Foundation
import LogDensities
import Testing

@Suite struct ParetoSmoothingTests {
  /// Weights u^−k are exactly Pareto with shape k. With 4000 draws the tail has 189, and k̂ has a standard error near
  /// (1 + k) / √189 ≈ 0.1 (less by the prior); 0.4 is four of them: a false alarm in 16,000.
  @Test(arguments: [0.2, 0.5, 0.9]) func shapeOfParetoWeights(_ shape: Double) {
    var random = RandomStream(seed: 11, purpose: .test)
    let logWeights = (0..<4000).map { _ in -shape * log(random.openUniform()) }
    #expect(abs(ParetoSmoothing(logWeights: logWeights).khat - shape) < 0.4)
  }

  @Test func weightsAreNormalisedAndShiftInvariant() {
    var random = RandomStream(seed: 12, purpose: .test)
    let raw = (0..<500).map { _ in random.normal() }
    let smoothed = ParetoSmoothing(logWeights: raw)
    let shifted = ParetoSmoothing(logWeights: raw.map { $0 + 5000 })
    #expect(abs(smoothed.logWeights.reduce(0) { $0 + exp($1) } - 1) < 1e-12)
    #expect(abs(smoothed.khat - shifted.khat) < 1e-8)
    #expect(smoothed.isReliable)
  }

  @Test func equalWeightsNeedNoSmoothing() {
    let smoothed = ParetoSmoothing(logWeights: [Double](repeating: -3, count: 100))
    #expect(smoothed.khat == 0)
    #expect(smoothed.logWeights.allSatisfy { abs($0 + log(100)) < 1e-14 })
  }

  @Test func hopelessWeightsSaySo() {
    #expect(ParetoSmoothing(logWeights: [0, 1, 2]).khat == .infinity)
    #expect(ParetoSmoothing(logWeights: [Double](repeating: -.infinity, count: 50)).khat == .infinity)
    #expect(ParetoSmoothing(logWeights: [Double](repeating: .nan, count: 50)).khat == .infinity)
    // One weight carries everything.
    let single = ParetoSmoothing(logWeights: [0] + [Double](repeating: -.infinity, count: 99))
    #expect(single.khat == .infinity && !single.isReliable)
  }

  /// Many ties, at the cutoff too, and weights of 0: the tail has its length, order is kept, and all else is untouched.
  @Test func tiesKeepTheirOrder() {
    var random = RandomStream(seed: 14, purpose: .test)
    let raw = (0..<900).map { index in index % 3 == 0 ? -.infinity : (4 * random.normal()).rounded() / 4 }
    let smoothed = ParetoSmoothing(logWeights: raw)
    let order = raw.indices.sorted { raw[$0] == raw[$1] ? $0 < $1 : raw[$0] < raw[$1] }
    let shift = smoothed.logWeights[order[500]] - raw[order[500]]
    // ⌊3 √900⌋ = 90 of the largest.
    for place in order.dropLast(90) where raw[place] > -.infinity {
      #expect(abs(smoothed.logWeights[place] - raw[place] - shift) < 1e-12)
    }
    let tail = order.suffix(90).map { smoothed.logWeights[$0] }
    #expect(zip(tail, tail.dropFirst()).allSatisfy { $0 < $1 })
    #expect(smoothed.khat.isFinite && raw[order[809]] == raw[order[810]])
  }
}
