import Evaluation
import Foundation
import LogDensities
import Testing

@Suite struct ModelRankingTests {
  private func agrees(_ found: Double?, _ expected: Double, _ tolerance: Double = 1e-10) -> Bool {
    found.map { abs($0 - expected) <= tolerance * max(abs(expected), 1) } ?? false
  }

  @Test func rankingOfArviZ() throws {
    let reference = try EvaluationFixture.read().comparison
    let ranking = try ModelRanking(reference.models.map { ($0.name, LeaveOneOut(exact: $0.rows)) })
    #expect(ranking.entries.map(\.name) == reference.ranking.map(\.name))
    for (found, expected) in zip(ranking.entries, reference.ranking) {
      #expect(agrees(found.elpd.value, expected.elpd) && agrees(found.elpd.standardError, expected.standardError))
      #expect(agrees(found.lag.value, expected.difference))
      #expect(agrees(found.lag.standardError, expected.differenceError))
      #expect(agrees(found.weight, expected.weight, 1e-4), "\(found) \(expected)")
      #expect(reference.models[found.index].name == found.name && found.unreliableRows == 0)
    }
    #expect(ranking.sentence.contains("too close to tell"))
    let clear = try ModelRanking(
      reference.models.filter { ["mixture", "plain"].contains($0.name) }.map { ($0.name, LeaveOneOut(exact: $0.rows)) })
    #expect(clear.sentence.contains("better than plain by 9.6 ± 2.9"))
  }

  @Test func impossibleModelsComeLast() throws {
    let good = LeaveOneOut(exact: [-1, -2])
    let broken = LeaveOneOut(exact: [-.infinity, 0])
    let ranking = try ModelRanking([("broken", broken), ("good", good), ("twin", good)])
    #expect(ranking.entries.map(\.name) == ["good", "twin", "broken"] && ranking.entries.map(\.index) == [1, 2, 0])
    #expect(ranking.entries[2].weight == 0 && ranking.entries[2].lag == Score(value: .infinity, standardError: nil))
    #expect(ranking.entries[0].lag == Score(value: 0, standardError: 0))
    #expect(ranking.entries[0].weight == 0.5 && ranking.entries[1].weight == 0.5)
    #expect(throws: EvaluationError.impossibleRow(0)) { try ModelRanking([("broken", broken)]) }
    #expect(throws: EvaluationError.empty) { try ModelRanking([]) }
    #expect(throws: EvaluationError.rowsDiffer(2, 1)) {
      try ModelRanking([("a", good), ("b", LeaveOneOut(exact: [1]))])
    }
    // One row cannot tell, a row of probability 0 can.
    let (sure, unsure) = (LeaveOneOut(exact: [-1]), LeaveOneOut(exact: [-90]))
    #expect(try ModelRanking([("a", sure), ("b", unsure)]).sentence.contains("too close to tell: 89.0 nats"))
    #expect(try ModelRanking([("a", good), ("b", broken)]).sentence.contains("a predicts better than b by ∞ nats"))
    #expect(try ModelRanking([("alone", good)]).sentence.contains("only model"))
  }

  @Test func unreliableRowsAreCounted() throws {
    var random = RandomStream(seed: 4, purpose: .test)
    let wild = (0..<200).map { _ in -8 * abs(random.normal()) * abs(random.normal()) }
    let loo = try PSISLOO(
      PointwiseLogLikelihood(
        chains: 2, drawsPerChain: 100, rows: 2, rowByRow: wild + [Double](repeating: -1, count: 200)))
    let ranking = try ModelRanking([("wild", LeaveOneOut(loo)), ("tame", LeaveOneOut(exact: [-1, -1]))])
    let entry = try #require(ranking.entries.first { $0.name == "wild" })
    #expect(entry.unreliableRows == 1 && entry.effectiveParameters == loo.effectiveParameters)
    #expect(ranking.sentence.contains("Pareto"))
  }

  /// Two models, one right in a share of rows by a factor r and wrong by as much elsewhere: the best weight is
  /// (share r − (1 − share)) / (r − 1).
  @Test func stackingInClosedForm() {
    let (share, ratio) = (0.6, 4.0)
    let first = (0..<50).map { Double($0) < share * 50 ? log(ratio) - 800 : -800 }
    let second = (0..<50).map { Double($0) < share * 50 ? -800 : log(ratio) - 800 }
    let found = StackingWeights([first, second])
    #expect(abs(found.values[0] - (share * ratio - (1 - share)) / (ratio - 1)) < 1e-9 && found.gap < 1e-9)
  }

  /// Conditions of Karush, Kuhn and Tucker on ten models of 200 rows: no derivative above 1.
  @Test func stackingIsOptimal() {
    var random = RandomStream(seed: 12, purpose: .test)
    let base = (0..<200).map { _ in random.normal() }
    let models = (0..<10).map { _ in base.map { $0 + 0.8 * random.normal() } }
    let found = StackingWeights(models)
    #expect(abs(found.values.reduce(0, +) - 1) < 1e-12 && found.values.allSatisfy { $0 >= 0 })
    let mixture = (0..<200).map { row in (0..<10).reduce(0) { $0 + found.values[$1] * exp(models[$1][row]) } }
    for (model, weight) in zip(models, found.values) {
      let slope = zip(model, mixture).reduce(0) { $0 + exp($1.0) / $1.1 } / 200
      #expect(slope < 1 + 1e-8 && (weight == 0 || slope > 1 - 1e-5))
    }
    #expect(StackingWeights([base]).values == [1])
    // A model that is hopeless everywhere loses all its weight.
    #expect(StackingWeights([base, base.map { $0 - 900 }]).values == [1, 0])
  }
}
