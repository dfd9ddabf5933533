import Foundation
import LogDensities
import Testing

@testable import Experts

@Suite struct RelabellingTests {
  /// Draws around one point, each numbered at random.
  private func switched(
    _ model: ExpertModel, spread: Double, apart: Double, draws: Int, seed: UInt64
  ) -> (truth: [Double], switched: [Double]) {
    var stream = RandomStream(seed: seed, purpose: .test)
    let m = model.architecture.experts
    var centre = (0..<model.dimension).map { _ in 0.3 * stream.normal() }
    for expert in 0..<m { centre[expert] = apart * Double(expert) }
    var truth: [Double] = []
    var mixed: [Double] = []
    for _ in 0..<draws {
      let draw = centre.map { $0 + spread * stream.normal() }
      truth += draw
      var order = Array(0..<m)
      for i in stride(from: m - 1, to: 0, by: -1) { order.swapAt(i, stream.integer(below: i + 1)) }
      var moved = draw
      var span = moved.mutableSpan
      model.architecture.permute(&span, by: order)
      mixed += moved
    }
    return (truth, mixed)
  }

  @Test(arguments: [2, 3, 4, 7]) func `random numberings are undone, up to one numbering of all`(experts: Int) throws {
    let model = try ExpertModel(.cocoafuse, experts: experts, data: syntheticRows(30, seed: 21))
    let (truth, mixed) = switched(model, spread: 0.1, apart: 2, draws: 100, seed: 22)
    let result = try model.relabelled(mixed)
    #expect(result.ambiguity == 0)
    // One permutation must take every renumbered draw to the truth: that of the first draw.
    let d = model.dimension
    let first = Array(result.positions[0..<d])
    let order = model.architecture.sorting(first.span, by: .intercepts)
    for draw in 0..<100 {
      var position = Array(result.positions[draw * d..<(draw + 1) * d])
      var span = position.mutableSpan
      model.architecture.permute(&span, by: order)
      for i in 0..<d { #expect(abs(position[i] - truth[draw * d + i]) < 1e-12) }
    }
  }

  @Test func `experts that are alike are reported as ambiguous`() throws {
    let model = try ExpertModel(.moe, experts: 2, data: syntheticRows(30, seed: 23))
    let apart = try model.relabelled(switched(model, spread: 0.2, apart: 5, draws: 200, seed: 24).switched)
    let alike = try model.relabelled(switched(model, spread: 1, apart: 0, draws: 200, seed: 24).switched)
    #expect(apart.ambiguity < 0.01)
    #expect(alike.ambiguity > 0.2)
  }

  /// Later draws of a posterior that has moved keep the numbers of earlier ones; by themselves they would get others.
  @Test func `a labelling carried over numbers later draws alike`() throws {
    let model = try ExpertModel(.cocoafuse, experts: 3, data: syntheticRows(30, seed: 27))
    let d = model.dimension
    func meanIntercepts(_ positions: [Double]) -> [Double] {
      (0..<3).map { expert in
        stride(from: expert, to: positions.count, by: d).reduce(0) { $0 + positions[$1] } / Double(positions.count / d)
      }
    }
    var labelling: Labelling?
    var others = 0
    var first: [Double] = []
    for seed in UInt64(0)..<8 {
      var (_, mixed) = switched(model, spread: 0.1, apart: 2, draws: 60, seed: 28)
      // The same centre with other numbers, moved a little from one call to the next.
      var stream = RandomStream(seed: seed, purpose: .test)
      for start in stride(from: 0, to: mixed.count, by: d) {
        var position = Array(mixed[start..<start + d])
        for index in 0..<3 { position[index] += 0.1 * Double(seed) }
        let by = allPermutations(3)[stream.integer(below: 6)]
        var span = position.mutableSpan
        model.architecture.permute(&span, by: by)
        mixed.replaceSubrange(start..<start + d, with: position)
      }
      let result = try model.relabelled(mixed, to: labelling)
      labelling = result.labelling
      #expect(result.ambiguity == 0)
      let found = meanIntercepts(result.positions)
      if first.isEmpty { first = found }
      for (a, b) in zip(found, first) { #expect(abs(a - b - 0.1 * Double(seed)) < 0.15) }
      let alone = meanIntercepts(try model.relabelled(mixed).positions)
      if zip(alone, found).contains(where: { abs($0 - $1) > 1 }) { others += 1 }
    }
    #expect(others > 0, "any numbering would have done")
  }

  @Test func `one expert, no draws, too many experts`() throws {
    let one = try ExpertModel(.moe, experts: 1, data: syntheticRows(10, seed: 25))
    let draws = (0..<4 * one.dimension).map { Double($0) }
    #expect(try one.relabelled(draws).positions == draws)
    #expect(try one.relabelled(draws).ambiguity == 0)
    #expect(try one.relabelled([]).permutations.isEmpty)
    let many = try ExpertModel(.moe, experts: 13, data: syntheticRows(10, seed: 25))
    #expect(throws: (any Error).self) { try many.relabelled([Double](repeating: 0, count: many.dimension)) }
  }

  @Test func `assignment and runner-up agree with enumeration`() {
    var stream = RandomStream(seed: 26, purpose: .test)
    for n in 1...6 {
      for _ in 0..<20 {
        let costs = (0..<n).map { _ in (0..<n).map { _ in stream.uniform() } }
        let all = allPermutations(n).map { order in order.indices.reduce(0) { $0 + costs[$1][order[$1]] } }.sorted()
        let best = Assignment(costs)
        #expect(abs(best.cost - all[0]) < 1e-14)
        #expect(Set(best.permutation).count == n)
        let chosen = best.permutation.indices.reduce(0) { $0 + costs[$1][best.permutation[$1]] }
        #expect(abs(chosen - all[0]) < 1e-14)
        let second = best.secondCost(costs)
        #expect(n == 1 ? second == .infinity : abs(second - all[1]) < 1e-14)
      }
    }
  }
}
