import Foundation
import LogDensities
import Testing

@testable import Sampling

/// Integers on a line, with weights: a trajectory whose whole behaviour is known.
private struct Line: Trajectory {
  /// Log weights by position; −∞ elsewhere.
  var logWeights: [Int: Double]
  /// Whether the states from … to … have turned.
  var turns: @Sendable (ClosedRange<Int>) -> Bool = { _ in false }
  var current = 0
  private(set) var ends = 0...0
  private(set) var visited: [Int] = []
  private(set) var joins: [ClosedRange<Int>] = []
  private var slots: [(range: ClosedRange<Int>, proposal: Int)] = []

  init(logWeights: [Int: Double], current: Int = 0, turns: @escaping @Sendable (ClosedRange<Int>) -> Bool) {
    self.logWeights = logWeights
    self.turns = turns
    self.current = current
    ends = current...current
    slots = Array(repeating: (ends, current), count: 14)
  }

  var proposal: Int { slots[0].proposal }

  mutating func extend(_ direction: Direction, into slot: Int) throws(LogDensityError) -> Double {
    switch direction {
    case .forward: ends = ends.lowerBound...ends.upperBound + 1
    case .backward: ends = ends.lowerBound - 1...ends.upperBound
    }
    let position = direction == .forward ? ends.upperBound : ends.lowerBound
    visited.append(position)
    slots[slot] = (position...position, position)
    return (logWeights[position] ?? -.infinity) - (logWeights[current] ?? 0)
  }

  mutating func join(_ next: Int, to slot: Int, _ direction: Direction) -> Bool {
    let (old, new) = (slots[slot].range, slots[next].range)
    // Adjacent, and on the side that the direction says.
    #expect(direction == .forward ? old.upperBound + 1 == new.lowerBound : new.upperBound + 1 == old.lowerBound)
    #expect(old.count == new.count)
    slots[slot].range = min(old.lowerBound, new.lowerBound)...max(old.upperBound, new.upperBound)
    joins.append(slots[slot].range)
    return !turns(slots[slot].range)
  }

  mutating func adoptProposal(of next: Int, in slot: Int) { slots[slot].proposal = slots[next].proposal }
}

@Suite struct TreeTests {
  private let flat = Dictionary(uniqueKeysWithValues: (-4096...4096).map { ($0, 0.0) })

  @Test(arguments: [0, 1, 2, 5, 10])
  func growsToItsMaximumDepth(depth: Int) throws {
    var stream = RandomStream(seed: 1, purpose: .test)
    var line = Line(logWeights: flat) { _ in false }
    var tree = Tree()
    try tree.grow(&line, maximumDepth: depth, stream: &stream)
    #expect(tree.depth == depth)
    #expect(tree.steps == (1 << depth) - 1)
    #expect(line.visited.count == tree.steps)
    #expect(Set(line.visited).count == tree.steps)
    #expect(line.joins.count == tree.steps)
    #expect(!tree.isDivergent)
    #expect(depth == 0 || tree.acceptance == 1)
  }

  /// All directions occur equally often: 2000 first steps, 1000 ± 5.4 standard deviations, false alarm 7e-8.
  @Test func directionsAreFair() throws {
    var stream = RandomStream(seed: 2, purpose: .test)
    var forward = 0
    for _ in 0..<2000 {
      var line = Line(logWeights: flat) { _ in false }
      var tree = Tree()
      try tree.grow(&line, maximumDepth: 1, stream: &stream)
      forward += line.visited[0] == 1 ? 1 : 0
    }
    #expect(abs(forward - 1000) < 120)
  }

  @Test func stopsWhereTheWholeTurns() throws {
    var stream = RandomStream(seed: 3, purpose: .test)
    var line = Line(logWeights: flat) { $0.count >= 8 }
    var tree = Tree()
    try tree.grow(&line, maximumDepth: 10, stream: &stream)
    #expect(tree.depth == 3)
    #expect(tree.steps == 7)
  }

  /// A subtree that turns within is dropped with everything in it, however much weight it has.
  @Test func dropsSubtreesThatTurn() throws {
    var stream = RandomStream(seed: 4, purpose: .test)
    var weights = flat
    for position in -4096...4096 where abs(position) > 3 { weights[position] = 200 }
    for _ in 0..<50 {
      // Any pair of states outside −3 ... 3 has turned.
      var line = Line(logWeights: weights) { $0.count == 2 && ($0.lowerBound > 3 || $0.upperBound < -3) }
      var tree = Tree()
      try tree.grow(&line, maximumDepth: 10, stream: &stream)
      #expect(tree.depth <= 3)
      #expect(!tree.isDivergent)
      #expect(abs(line.proposal) <= 4)
    }
  }

  @Test(arguments: [-1000.5, -Double.infinity, Double.nan])
  func divergesAtTheLimit(logWeight: Double) throws {
    var stream = RandomStream(seed: 5, purpose: .test)
    var line = Line(logWeights: [0: 0, 1: logWeight, -1: logWeight]) { _ in false }
    var tree = Tree()
    try tree.grow(&line, maximumDepth: 10, stream: &stream)
    #expect(tree.isDivergent)
    #expect(tree.steps == 1)
    #expect(tree.depth == 0)
    #expect(line.proposal == 0)
  }

  @Test func toleratesErrorsBelowTheLimit() throws {
    var stream = RandomStream(seed: 5, purpose: .test)
    var line = Line(logWeights: [0: 0, 1: -999, -1: -999]) { _ in false }
    var tree = Tree()
    try tree.grow(&line, maximumDepth: 1, stream: &stream)
    #expect(!tree.isDivergent)
    #expect(tree.depth == 1)
  }

  /// The transition leaves the weights invariant: states drawn by weight and moved once still have those frequencies, with
  /// a turning rule by position, a support that ends and uneven weights. 200,000 moves, each of 12 frequencies
  /// within 5 standard errors: false alarm 7e-6.
  @Test func leavesTheWeightsInvariant() throws {
    var stream = RandomStream(seed: 6, purpose: .test)
    let weights = (0..<12).map { 0.2 + stream.uniform() * Double(1 + $0 % 3) }
    let total = weights.reduce(0, +)
    let logWeights = Dictionary(uniqueKeysWithValues: weights.enumerated().map { ($0, log($1)) })
    let moves = 200_000
    var counts = [Int](repeating: 0, count: weights.count)
    var moved = 0
    for _ in 0..<moves {
      var target = stream.uniform() * total
      let start = weights.firstIndex { weight in
        target -= weight
        return target < 0
      }
      let current = try #require(start)
      var line = Line(logWeights: logWeights, current: current) { range in
        range.count == 8 || (range.count == 4 && range.lowerBound % 5 == 2)
      }
      var tree = Tree()
      try tree.grow(&line, maximumDepth: 10, stream: &stream)
      counts[line.proposal] += 1
      moved += line.proposal == current ? 0 : 1
    }
    for (count, weight) in zip(counts, weights) {
      let p = weight / total
      let error = (Double(moves) * p * (1 - p)).squareRoot()
      #expect(abs(Double(count) - Double(moves) * p) < 5 * error)
    }
    #expect(moved > moves / 3)
  }

  @Test func addsLogarithms() {
    let (total, share) = Tree.logSum(1, 2)
    #expect(abs(total - 2.313_261_687_518_223) < 1e-14)
    #expect(abs(share - 0.731_058_578_630_005) < 1e-14)
    #expect(Tree.logSum(0, -2000).total == 0)
    #expect(Tree.logSum(-2000, 0).share == 1)
  }
}
