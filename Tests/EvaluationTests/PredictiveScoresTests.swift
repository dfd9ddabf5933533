import Evaluation
import Foundation
import LogDensities
import Testing

@Suite struct PredictiveScoresTests {
  /// Against expectations in closed form on 20,000 right Gaussian predictions; each bound is 5 standard errors, so that five of
  /// them alarm falsely at fewer than 3 in a million seeds.
  @Test func gaussianPredictionsInClosedForm() throws {
    let count = 20_000
    let (y, means, _) = gaussianRows(count, seed: 21)
    var random = RandomStream(seed: 22, purpose: .test)
    let observed = means.map { $0 + 1.5 * random.normal() }
    #expect(observed != y)
    let scores = PredictiveScores(
      .gaussian(observed: observed, means: means, standardDeviations: [Double](repeating: 1.5, count: count)))
    func near(_ score: Score, _ truth: Double) -> Bool { abs(score.value - truth) < 5 * (score.standardError ?? 0) }
    let lppd = try #require(scores.lppd)
    #expect(near(lppd, -Double(count) * (0.5 + log(1.5) + 0.5 * log(2 * Double.pi))))
    #expect(near(scores.coverage, 0.95) && near(scores.expectedSquaredError, 2 * 2.25))
    #expect(abs(scores.intervalLength.value - 3 * 1.959_963_984_540_054) < 1e-9)
    #expect(near(scores.crps, 1.5 / Double.pi.squareRoot()))
    #expect(near(scores.r2, 1 - 2.25 / (9 + 2.25)))
    // Standard errors of the same in closed form: √(N/2) and √(p (1 − p) / N).
    #expect(abs((lppd.standardError ?? 0) / (0.5 * Double(count)).squareRoot() - 1) < 0.05)
    #expect(abs((scores.coverage.standardError ?? 0) / (0.95 * 0.05 / Double(count)).squareRoot() - 1) < 0.1)
  }

  /// The delta method against the spread of R² over 2000 data sets of 200 rows: that spread is known to 1.6 %, so 10 % is more
  /// than six standard errors.
  @Test func errorOfR2() {
    let found = (0..<2000).map { seed in
      let (y, means, deviations) = gaussianRows(200, seed: 1000 + UInt64(seed))
      return PredictiveScores(.gaussian(observed: y, means: means, standardDeviations: deviations)).r2
    }
    let values = found.map(\.value)
    let mean = values.reduce(0, +) / 2000
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1999).squareRoot()
    let error = found.reduce(0) { $0 + ($1.standardError ?? 0) } / 2000
    #expect(abs(error / spread - 1) < 0.1)
  }

  /// The delta method and the jackknife agree to first order in 1/N, also where predictions are poor and shifted.
  @Test(arguments: [0.0, 2, 6]) func errorOfR2ByTheJackknife(_ noise: Double) {
    var random = RandomStream(seed: 41, purpose: .test)
    let (y, means, _) = gaussianRows(1000, seed: 40)
    let mean = means.map { $0 + noise * (random.normal() + 0.3) }
    let score = PredictiveScores(predictions(y, mean: mean)).r2
    let left = y.indices.map { row in
      var (observed, predicted) = (y, mean)
      observed.remove(at: row)
      predicted.remove(at: row)
      return PredictiveScores(predictions(observed, mean: predicted)).r2.value
    }
    let centre = left.reduce(0, +) / 1000
    let jackknife = (left.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } * 999 / 1000).squareRoot()
    #expect(abs((score.standardError ?? 0) / jackknife - 1) < 0.02)
  }

  private func predictions(
    _ observed: [Double], logDensity: [Double]? = nil, mean: [Double]? = nil, lower: Double = -1, upper: Double = 1
  ) -> RowPredictions {
    let same = { (value: Double) in [Double](repeating: value, count: observed.count) }
    return RowPredictions(
      observed: observed, logDensity: logDensity, mean: mean ?? observed, lower: same(lower), upper: same(upper),
      probability: same(0.5), squaredError: same(1), crps: same(1))
  }

  @Test func endsOfIntervalsAreInside() {
    let scores = PredictiveScores(predictions([-1, 1, 1.000_000_1, -1.000_000_1]))
    #expect(scores.coverage.value == 0.5 && scores.intervalLength == Score(value: 2, standardError: 0))
    #expect(scores.lppd == nil && scores.r2.value == 1 && scores.r2.standardError == 0)
  }

  @Test(arguments: [[-1, -Double.infinity], [Double.infinity, -.infinity], [.nan, -1]])
  func impossibleRows(_ logDensity: [Double]) {
    let scores = PredictiveScores(predictions([0, 1], logDensity: logDensity))
    #expect(scores.lppd == Score(value: -.infinity, standardError: nil))
  }

  @Test func responsesThatDoNotVary() {
    let constant = PredictiveScores(predictions([0.1, 0.1, 0.1], mean: [0, 0.1, 0.2]))
    #expect(constant.r2 == Score(value: -.infinity, standardError: nil))
    let single = PredictiveScores(predictions([0.1], logDensity: [-2]))
    #expect(single.r2 == Score(value: -.infinity, standardError: nil))
    #expect(single.lppd == Score(value: -2, standardError: nil) && single.crps.standardError == nil)
    #expect(single.coverage == Score(value: 1, standardError: nil))
  }

  /// A sum has ArviZ's convention (N), a mean the unbiased one (N − 1).
  @Test func conventionsOfErrors() {
    #expect(Score.sum(of: [1, 3]) == Score(value: 4, standardError: 2.0.squareRoot()))
    #expect(Score.mean(of: [1, 3]) == Score(value: 2, standardError: 1))
  }
}
