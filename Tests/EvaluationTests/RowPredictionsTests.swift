import Evaluation
import Foundation
import LogDensities
import Testing

@Suite struct RowPredictionsTests {
  @Test func gaussianScoreIsTheIntegral() throws {
    for reference in try EvaluationFixture.read().mixtures {
      let found = gaussianMixtureCRPS(
        weights: reference.weights, means: reference.means, standardDeviations: reference.standardDeviations,
        observed: reference.observed)
      #expect(abs(found - reference.crps) < 1e-10)
      if reference.weights.count == 1 {
        let single = gaussianCRPS(
          mean: reference.means[0], standardDeviation: reference.standardDeviations[0], observed: reference.observed)
        #expect(abs(single - reference.crps) < 1e-10 && abs(single - found) < 1e-14)
      }
    }
    #expect(gaussianCRPS(mean: 1, standardDeviation: 0, observed: 3.5) == 2.5)
    #expect(gaussianCRPS(mean: 0, standardDeviation: 1e-300, observed: 2) == 2)
    #expect(abs(gaussianCRPS(mean: 0, standardDeviation: 1, observed: 0) - 0.233_694_977_255_109_1) < 1e-15)
  }

  @Test func gaussianFieldsInClosedForm() {
    let found = RowPredictions.gaussian(
      observed: [1, 2, 5], means: [1, 0, 5], standardDeviations: [2, 1, 0])
    #expect(abs((found.logDensity ?? [])[0] + log(2) + 0.5 * log(2 * Double.pi)) < 1e-15)
    #expect(abs((found.logDensity ?? [])[1] + 2 + 0.5 * log(2 * Double.pi)) < 1e-15)
    #expect(abs(found.upper[0] - 1 - 2 * 1.959_963_984_540_054) < 1e-13 && found.lower[0] == 2 - found.upper[0])
    #expect(found.probability[0] == 0.5 && abs(found.probability[1] - 0.977_249_868_051_820_8) < 1e-15)
    #expect(found.squaredError == [4, 5, 0] && found.crps[2] == 0)
    // All mass at the mean: certain there, impossible elsewhere, and never NaN.
    #expect((found.logDensity ?? [])[2] == .infinity && found.probability[2] == 0.5)
    let off = RowPredictions.gaussian(observed: [6], means: [5], standardDeviations: [0])
    #expect(off.logDensity == [-.infinity] && off.probability == [1] && off.crps == [1])
  }

  /// Sixty thousand draws by quantiles leave an error of their spacing only.
  @Test func drawsOfGaussiansAgreeWithTheClosedForm() throws {
    let (y, means, deviations) = gaussianRows(5, seed: 11)
    let exact = RowPredictions.gaussian(observed: y, means: means, standardDeviations: deviations)
    let draws = zip(means, deviations).map { quantileDraws($0, $1, 60_000) }
    let found = try RowPredictions(observed: y, draws: draws, logDensity: exact.logDensity)
    for (left, right) in [
      (found.mean, exact.mean), (found.lower, exact.lower), (found.upper, exact.upper),
      (found.probability, exact.probability), (found.squaredError, exact.squaredError), (found.crps, exact.crps),
    ] {
      for (a, b) in zip(left, right) { #expect(abs(a - b) < 1e-3) }
    }
    #expect(found.logDensity == exact.logDensity && found.observed == y)
  }

  /// The fair score of few independent draws is right on average: 20,000 sets of four draws. The bound is 5 standard
  /// errors, a false alarm in 2 million seeds; the plain score is off by 30 of them.
  @Test func theScoreOfFewDrawsIsUnbiased() throws {
    var random = RandomStream(seed: 5, purpose: .test)
    let sets = 20_000
    let draws = (0..<sets).map { _ in (0..<4).map { _ in random.normal() } }
    let found = try RowPredictions(observed: [Double](repeating: 0.7, count: sets), draws: draws)
    let score = Score.mean(of: found.crps)
    let truth = gaussianCRPS(mean: 0, standardDeviation: 1, observed: 0.7)
    #expect(abs(score.value - truth) < 5 * (score.standardError ?? 0))
    let plain = zip(found.crps, draws).map { fair, draws in
      fair + draws.reduce(0) { sum, a in sum + draws.reduce(0) { $0 + abs(a - $1) } } * (1 / 24.0 - 1 / 32.0)
    }
    #expect(Score.mean(of: plain).value - truth > 20 * (score.standardError ?? 0))
  }

  /// By hand, against the double sum of the definition.
  @Test func smallSamplesByHand() throws {
    let draws = [3.0, 1, 2, 2, 7]
    let found = try RowPredictions(observed: [2], draws: [draws])
    #expect(found.mean == [3] && found.lower[0] == 1.1 && abs(found.upper[0] - 6.6) < 1e-14)
    #expect(found.probability == [0.4] && found.squaredError == [(1 + 1 + 25) / 5.0])
    let pairs = draws.reduce(0) { sum, a in sum + draws.reduce(0) { $0 + abs(a - $1) } }
    #expect(abs(found.crps[0] - (7 / 5.0 - pairs / 40)) < 1e-14)
    // One draw has no spread.
    let single = try RowPredictions(observed: [2], draws: [[5]])
    #expect(single.crps == [3] && single.lower == [5] && single.upper == [5] && single.probability == [0])
  }

  @Test func equalWeightsAreNoWeights() throws {
    var random = RandomStream(seed: 8, purpose: .test)
    let draws = (0..<3).map { _ in (0..<37).map { _ in random.normal() } }
    let plain = try RowPredictions(observed: [0, 1, -2], draws: draws)
    let weighted = try RowPredictions(
      observed: [0, 1, -2], draws: draws, weights: [Double](repeating: 1 / 37.0, count: 37))
    for (left, right) in [
      (plain.mean, weighted.mean), (plain.lower, weighted.lower), (plain.upper, weighted.upper),
      (plain.probability, weighted.probability), (plain.crps, weighted.crps),
      (plain.squaredError, weighted.squaredError),
    ] {
      for (a, b) in zip(left, right) { #expect(abs(a - b) < 1e-12) }
    }
    // A draw of weight 0 is no draw, wherever it lies.
    let more = try RowPredictions(
      observed: [0, 1, -2], draws: draws.map { $0 + [1e6] }, weights: [Double](repeating: 1 / 37.0, count: 37) + [0])
    for (a, b) in zip(more.upper + more.crps, weighted.upper + weighted.crps) { #expect(abs(a - b) < 1e-12) }
  }

  /// Draws of N(0, 2²) weighted to N(0.5, 1): all fields go to the closed form.
  @Test func weightsMoveTheDistribution() throws {
    let wide = quantileDraws(0, 2, 40_000)
    let raw = wide.map { exp(-0.5 * ($0 - 0.5) * ($0 - 0.5) + 0.125 * $0 * $0) }
    let sum = raw.reduce(0, +)
    let found = try RowPredictions(observed: [1.3], draws: [wide], weights: raw.map { $0 / sum })
    let exact = RowPredictions.gaussian(observed: [1.3], means: [0.5], standardDeviations: [1])
    for (a, b) in [
      (found.mean, exact.mean), (found.lower, exact.lower), (found.upper, exact.upper),
      (found.probability, exact.probability), (found.squaredError, exact.squaredError), (found.crps, exact.crps),
    ] { #expect(abs(a[0] - b[0]) < 2e-3) }
  }

  @Test func drawsThatCannotBeScored() {
    func predict(_ observed: [Double], _ draws: [[Double]]) throws {
      _ = try RowPredictions(observed: observed, draws: draws)
    }
    #expect(throws: EvaluationError.empty) { try predict([], []) }
    #expect(throws: EvaluationError.empty) { try predict([1], [[]]) }
    #expect(throws: EvaluationError.rowsDiffer(1, 2)) { try predict([1], [[1], [2]]) }
    #expect(throws: EvaluationError.ragged(row: 1, found: 1, expected: 2)) { try predict([1, 2], [[1, 2], [2]]) }
    #expect(throws: EvaluationError.responseNotFinite(row: 0, value: .infinity)) { try predict([.infinity], [[1]]) }
    #expect {
      try predict([1, 2], [[1, 2], [3, .nan]])
    } throws: { error in "\(error)".contains("draw 2 of row 2 is nan") }
    #expect("\(EvaluationError.ragged(row: 1, found: 1, expected: 2))".contains("Row 2 has 1"))
  }
}
