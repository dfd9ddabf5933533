import Foundation
import LogDensities
import Testing

@testable import ModelMixing

@Suite struct TreeMoveTests {
  private static func tiny(_ minimumLeafRows: Int) throws -> TinyTrees {
    let cuts = minimumLeafRows == 1 ? [[0.5], [0.35, 0.65]] : [[0.25, 0.5], [0.35, 0.65]]
    return try TinyTrees(cuts: cuts, minimumLeafRows: minimumLeafRows)
  }

  /// The library's ratio of every proposal of every tree against p(T′) q(T′→T) / p(T) q(T→T′) counted from the definitions.
  @Test(arguments: [1, 2]) func ratiosAreThoseOfTheDefinitions(minimumLeafRows: Int) throws {
    let tiny = try Self.tiny(minimumLeafRows)
    var checked = [Int](repeating: 0, count: 4)
    for shape in tiny.shapes {
      for move in TreeMove.allCases {
        for step in tiny.steps(move, from: shape) {
          guard let there = tiny.logPrior[step.target], let here = tiny.logPrior[shape] else { continue }
          let back = tiny.steps(TinyTrees.reverse(move), from: step.target)
            .filter { $0.target == shape }.reduce(0) { $0 + $1.probability }
          let expected =
            there + log(tiny.weight(TinyTrees.reverse(move)) * back) - here - log(tiny.weight(move) * step.probability)
          #expect(abs(step.logRatio - expected) < 1e-11, "\(move) \(shape) → \(step.target)")
          checked[move.index] += 1
        }
      }
    }
    #expect(checked.allSatisfy { $0 > (minimumLeafRows == 1 ? 20 : 3) }, "\(checked)")
  }

  /// π(T) P(T→T′) = π(T′) P(T′→T) for every pair, and Σ π P = π: exact, all moves together.
  @Test(arguments: [1, 2]) func transitionsKeepThePosterior(minimumLeafRows: Int) throws {
    let tiny = try Self.tiny(minimumLeafRows)
    #expect(tiny.shapes.count > (minimumLeafRows == 1 ? 20 : 8))
    let rows = Dictionary(uniqueKeysWithValues: tiny.shapes.map { ($0, tiny.transitions(from: $0)) })
    var flow: [Shape: Double] = [:]
    for (shape, row) in rows {
      let mass = try #require(tiny.posterior[shape])
      let leaving = row.values.reduce(0, +)
      #expect(leaving < 1 + 1e-12)
      flow[shape, default: 0] += mass * (1 - leaving)
      for (target, probability) in row {
        flow[target, default: 0] += mass * probability
        let back = (tiny.posterior[target] ?? 0) * (rows[target]?[shape] ?? 0)
        #expect(abs(mass * probability - back) < 1e-14)
      }
    }
    for (shape, mass) in tiny.posterior { #expect(abs((flow[shape] ?? 0) - mass) < 1e-13) }
  }

  /// Proposals come as often as the definitions say. With 20,000 of them and |z| < 5 for some 150 outcomes the false-alarm rate
  /// is 1e-4.
  @Test func proposalsComeAsOftenAsDefined() throws {
    let tiny = try TinyTrees()
    let large = tiny.shapes.sorted { $0.tree(models: 2).leaves > $1.tree(models: 2).leaves }
    var stream = RandomStream(seed: 17, purpose: .test)
    for shape in [.leaf, large[0], large[7], large[20]] {
      let tree = shape.tree(models: 2)
      let rows = tiny.leafRows(tree)
      for move in TreeMove.allCases {
        let expected = tiny.steps(move, from: shape)
        var counts = [Int](repeating: 0, count: expected.count)
        for _ in 0..<20_000 {
          let proposal = move.propose(for: tree, leafRows: rows, in: tiny.space, tiny.mixing.moves, &stream)
          guard let proposal else { continue }
          let index = try #require(expected.firstIndex { $0.edit == proposal.edit })
          #expect(proposal.logRatio == expected[index].logRatio)
          counts[index] += 1
        }
        for (count, step) in zip(counts, expected) {
          let mean = 20_000 * step.probability
          #expect(abs(Double(count) - mean) < 5 * (mean * (1 - step.probability)).squareRoot() + 1e-6)
        }
      }
    }
  }

  @Test func movesComeAsOftenAsSet() {
    var stream = RandomStream(seed: 5, purpose: .test)
    let settings = TreeMoveSettings(grow: 1, prune: 2, change: 3, perturb: 0)
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<30_000 { counts[settings.draw(&stream).index] += 1 }
    // |z| < 5: false-alarm rate 2e-6.
    for (count, share) in zip(counts, [1.0 / 6, 2.0 / 6, 3.0 / 6, 0]) {
      #expect(abs(Double(count) - 30_000 * share) <= 5 * (30_000 * share * (1 - share)).squareRoot())
    }
  }
}
