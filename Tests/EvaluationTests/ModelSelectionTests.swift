import Evaluation
import Testing

@Suite struct ModelSelectionTests {
  private func trial(
    _ name: String, _ value: Double, _ error: Double?, _ experts: Int, _ parameters: Int
  ) -> SelectionTrial {
    SelectionTrial(
      name: name, metric: Score(value: value, standardError: error), experts: experts, parameters: parameters)
  }

  /// d = 100 and s² = 3² + 4², so that the bound is 1 − 25/10,000.
  @Test func theBound() {
    let bound = { (a: Score, b: Score) in ModelSelection.chebyshevLowerBound(that: a, exceeds: b) }
    let worse = Score(value: -200, standardError: 4)
    #expect(abs(bound(Score(value: -100, standardError: 3), worse) - 0.9975) < 1e-15)
    #expect(bound(Score(value: -197, standardError: 3), worse) == 0)
    #expect(bound(Score(value: -300, standardError: 3), worse) == 0)
    #expect(bound(worse, worse) == 0)
    #expect(bound(Score(value: -100, standardError: nil), worse) == 0)
    #expect(bound(Score(value: 1e-200, standardError: 0), Score(value: 0, standardError: 0)) == 1)
    #expect(bound(Score(value: .infinity, standardError: 0), worse) == 0)
  }

  /// The published LOO of the transition experiment: three experts are worth it, fusion over blend is not.
  @Test func publishedValues() {
    let trials = [
      trial("CoCoAFusE", -113.61, 17.70, 2, 21), trial("MoE3", -144.99, 19.53, 3, 24),
      trial("MoE2", -400.22, 21.95, 2, 14),
      trial("BoE", -141.10, 22.15, 2, 15),
    ]
    let found = ModelSelection(trials, threshold: 0.5)
    #expect(found.visited == [2, 3, 0] && found.best == 3)
    #expect(found.outcomes[1] == .dominated(by: 3) && found.outcomes[2] == .first)
    guard case .accepted(over: 2, let bound) = found.outcomes[3] else {
      Issue.record("\(found.outcomes[3])")
      return
    }
    let difference = 400.22 - 141.10
    #expect(abs(bound - (1 - (21.95 * 21.95 + 22.15 * 22.15) / (difference * difference))) < 1e-12)
    #expect(found.outcomes[0] == .passedOver(for: 3, bound: 0))
    #expect(found.sentence(for: 3).contains("BoE is worth its complexity: it beats MoE2 (PSIS-LOO −141.1 ± 22.2"))
    #expect(found.sentence(for: 0).contains("does not exceed τ = 0.50"))
    #expect(found.sentence(for: 1).contains("left out: BoE") && found.sentence(for: 2).contains("simplest"))
  }

  /// A trial that is passed over never becomes the one to beat.
  @Test func passedOverTrialsAreNotBuiltUpon() {
    let found = ModelSelection(
      [trial("a", 0, 1, 1, 1), trial("b", 1.2, 1, 1, 2), trial("c", 4, 1, 2, 3)], threshold: 0.5)
    #expect(found.outcomes == [.first, .passedOver(for: 0, bound: 0), .accepted(over: 0, bound: 0.875)])
    #expect(found.best == 2)
    #expect(ModelSelection(found.trials, threshold: 0.875).best == 0)
  }

  @Test func tiesAndDuplicates() {
    let twins = ModelSelection([trial("a", -5, 1, 2, 4), trial("b", -5, 1, 2, 4)], threshold: 0.5)
    #expect(twins.visited == [0, 1] && twins.outcomes == [.first, .passedOver(for: 0, bound: 0)] && twins.best == 0)
    // Two equal trials that a third dominates: both are out, for the same reason.
    let dominated = ModelSelection(
      [trial("a", -9, 1, 2, 4), trial("b", -9, 1, 2, 4), trial("c", -5, 1, 2, 4)], threshold: 0.5)
    #expect(dominated.outcomes == [.dominated(by: 2), .dominated(by: 2), .first] && dominated.visited == [2])
    // The one that dominates is named from the Pareto set, even where another dominated trial would do.
    let chain = ModelSelection(
      [trial("a", -9, 1, 3, 4), trial("b", -7, 1, 2, 4), trial("c", -5, 1, 1, 4)], threshold: 0.5)
    #expect(chain.outcomes == [.dominated(by: 2), .dominated(by: 2), .first])
  }

  @Test func zeroErrorsDecideByTheDifference() {
    let found = ModelSelection([trial("a", -5, 0, 1, 1), trial("b", -4.999, 0, 2, 2)], threshold: 0.99)
    #expect(found.outcomes == [.first, .accepted(over: 0, bound: 1)] && found.best == 1)
    // A bound has to exceed τ: 1 never does.
    #expect(ModelSelection(found.trials, threshold: 1).best == 0)
  }

  @Test func oneNoneAndUnusable() {
    let single = ModelSelection([trial("only", -5, nil, 2, 4)])
    #expect(single.best == 0 && single.outcomes == [.first] && single.threshold == 0.5)
    #expect(ModelSelection([]).best == nil)
    let none = ModelSelection([trial("a", -.infinity, nil, 1, 1), trial("b", .nan, nil, 1, 1)])
    #expect(none.best == nil && none.visited.isEmpty && none.outcomes == [.unusable, .unusable])
    #expect(none.sentence(for: 0).contains("left out: its PSIS-LOO is −∞"))
    #expect(none.sentence(for: 1).contains("undefined"))
    // An error that is not known proves nothing.
    let unknown = ModelSelection([
      trial("a", -500, 1, 1, 1), trial("b", -5, nil, 2, 2), trial("c", .infinity, nil, 1, 1),
    ])
    #expect(unknown.outcomes == [.first, .passedOver(for: 0, bound: 0), .unusable] && unknown.best == 0)
  }
}
