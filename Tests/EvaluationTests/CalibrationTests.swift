import Evaluation
import LogDensities
import Testing

@Suite struct CalibrationTests {
  /// SciPy is exact for few values, and approximate, as is the library above 2000, in the middle of the distribution of more
  /// than 140: there they agree to 2e-5.
  @Test func pValuesOfSciPy() throws {
    for reference in try EvaluationFixture.read().kolmogorov {
      let found = KolmogorovSmirnov.pValue(statistic: reference.statistic, count: reference.count)
      let tolerance = reference.count > 140 && reference.pValue > 1e-3 ? 2e-5 : 1e-9
      #expect(abs(found - reference.pValue) <= tolerance * reference.pValue, "\(reference): \(found)")
    }
    #expect(KolmogorovSmirnov.pValue(statistic: 1, count: 3) == 0)
    #expect(KolmogorovSmirnov(uniform: [0.5]).statistic == 0.5 && KolmogorovSmirnov(uniform: [0.5]).pValue == 1)
    #expect(KolmogorovSmirnov(uniform: [0.1, 0.2, 0.9]).statistic == 2.0 / 3 - 0.2)
  }

  /// Transforms of right predictions are uniform, and p-values of 400 such data sets are too: their own test falls below 1e-4
  /// in one of 10,000 seeds.
  @Test func rightPredictionsAreUniform() throws {
    let pValues = try (0..<400).map { seed in
      let (y, means, deviations) = gaussianRows(60, seed: 50_000 + UInt64(seed))
      return try Calibration(.gaussian(observed: y, means: means, standardDeviations: deviations)).test.pValue
    }
    #expect(KolmogorovSmirnov(uniform: pValues).pValue > 1e-4)
  }

  /// The same from predictive draws: 400 rows of 999 draws each. False alarm: 1 in 100, 5 standard errors for coverage.
  @Test func drawsOfRightPredictionsAreUniform() throws {
    var random = RandomStream(seed: 33, purpose: .test)
    let (y, means, deviations) = gaussianRows(400, seed: 32)
    let draws = zip(means, deviations).map { mean, deviation in
      (0..<999).map { _ in mean + deviation * random.normal() }
    }
    let found = try Calibration(RowPredictions(observed: y, draws: draws), bins: 20)
    #expect(found.test.pValue > 0.01 && found.sentence.contains("Nothing speaks against"))
    #expect(found.histogram.count == 20 && found.histogram.reduce(0, +) == 400)
    #expect(found.coverage.map(\.level) == [0.5, 0.8, 0.9, 0.95])
    for one in found.coverage {
      #expect(abs(one.share.value - one.level) < 5 * (one.level * (1 - one.level) / 400).squareRoot())
    }
    #expect(found.envelope(probability: 0.999).violations(of: found.probabilities).isEmpty)
  }

  @Test(arguments: [(0.4, 0.0, "too narrow"), (2.5, 0, "too wide"), (1, 0.7, "larger"), (1, -0.7, "smaller")])
  func faultsHaveTheirWords(_ factor: Double, _ shift: Double, _ words: String) throws {
    let (y, means, deviations) = gaussianRows(300, seed: 77)
    let found = try Calibration(
      .gaussian(
        observed: y, means: zip(means, deviations).map { $0 - shift * $1 },
        standardDeviations: deviations.map { factor * $0 }))
    #expect(found.test.pValue < 0.01 && found.sentence.contains(words), "\(found.sentence)")
    #expect(!found.envelope().violations(of: found.probabilities).isEmpty)
  }

  @Test func endsAreInside() throws {
    let found = try Calibration(probabilities: [0, 1, 0.25, 0.75, 0.5], bins: 4)
    #expect(found.histogram == [1, 1, 1, 2])
    #expect(found.coverage[0].share.value == 0.6 && found.coverage[3].share.value == 0.6)
  }

  @Test func whatIsNoProbability() {
    #expect(throws: EvaluationError.empty) { try Calibration(probabilities: []) }
    #expect(throws: EvaluationError.notAProbability(row: 1, value: 1.5)) { try Calibration(probabilities: [0.5, 1.5]) }
    #expect(throws: (any Error).self) { try Calibration(probabilities: [.nan]) }
  }
}

@Suite struct UniformEnvelopeTests {
  @Test func bandsByTheRecursionInPython() throws {
    for reference in try EvaluationFixture.read().envelopes {
      let found = UniformEnvelope(count: reference.count, points: reference.points, probability: reference.level)
      #expect(found.lower == reference.lower && found.upper == reference.upper)
      #expect(abs(found.probability - reference.probability) < 1e-9)
      #expect(found.probability >= reference.level && found.points.count == reference.points)
    }
  }

  /// The probability of being inside, counted over 4000 sets of uniform values: within 4 binomial standard errors, a false
  /// alarm in 16,000 seeds.
  @Test func insideAsOftenAsItSays() {
    let envelope = UniformEnvelope(count: 80, points: 40, probability: 0.9)
    var random = RandomStream(seed: 6, purpose: .test)
    let inside = (0..<4000).count { _ in envelope.violations(of: (0..<80).map { _ in random.uniform() }).isEmpty }
    let expected = envelope.probability
    #expect(abs(Double(inside) / 4000 - expected) < 4 * (expected * (1 - expected) / 4000).squareRoot())
  }

  @Test func oneValue() {
    let envelope = UniformEnvelope(count: 1)
    #expect(envelope.points == [0.5] && envelope.lower == [0] && envelope.upper == [1])
  }
}
