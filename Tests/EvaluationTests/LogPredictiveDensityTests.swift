import Evaluation
import Foundation
import Testing

@Suite struct LogPredictiveDensityTests {
  private let impossible = -Double.infinity

  private func density(
    _ values: [Double], rows: Int, logWeights: [Double]? = nil
  ) throws -> LogPredictiveDensity {
    try LogPredictiveDensity(
      PointwiseLogLikelihood(chains: 1, drawsPerChain: values.count / rows, rows: rows, rowByRow: values),
      logWeights: logWeights)
  }

  @Test func meansOfDensities() throws {
    let found = try density([log(0.2), log(0.4), -2000, -2000 + log(3.0), 900, impossible], rows: 3)
    for (a, b) in zip(found.rows, [log(0.3), -2000 + log(2.0), 900 - log(2.0)]) { #expect(abs(a - b) < 1e-12) }
    #expect(found.score.value == found.rows.reduce(0, +) && found.impossibleRows.isEmpty)
    #expect(found.sentence.contains("positive"))
  }

  @Test func weightsOfDraws() throws {
    let found = try density([log(0.2), log(0.4), impossible, -1], rows: 2, logWeights: [log(3.0) + 50, 50])
    for (a, b) in zip(found.rows, [log(0.25), -1 - log(4.0)]) { #expect(abs(a - b) < 1e-12) }
    // A draw without weight neither helps nor hides the others.
    let left = try density([800, -700, -1, impossible], rows: 2, logWeights: [impossible, 0])
    #expect(left.rows == [-700, impossible])
  }

  @Test func impossibleInAllDraws() throws {
    let found = try density([-1, -1, impossible, impossible, impossible, -3], rows: 3)
    #expect(found.impossibleRows == [1] && found.score == Score(value: impossible, standardError: nil))
    #expect(found.sentence.contains("1 of 3 rows") && found.sentence.contains("row 2"))
    #expect(throws: EvaluationError.notANumber(row: 0, draw: 1, value: .infinity)) {
      try density([-1, .infinity], rows: 1)
    }
    #expect(throws: EvaluationError.empty) {
      try LogPredictiveDensity(PointwiseLogLikelihood(chains: 1, drawsPerChain: 0, rows: 3, rowByRow: []))
    }
  }
}
