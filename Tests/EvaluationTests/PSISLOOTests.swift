import Diagnostics
import Evaluation
import Foundation
import Testing
import _TestSupport

@Suite struct PSISLOOTests {
  /// What `make_psis_loo.py` computed with ArviZ.
  struct Fixture: Decodable {
    struct Row: Decodable { let elpd, khat, optimism, relativeEfficiency: Double }
    struct Case: Decodable {
      let name: String
      let chains, drawsPerChain: Int
      let logLikelihood: [Double]
      let rows: [Row]
      let elpd, standardError, effectiveParameters: Double

      func likelihood() -> PointwiseLogLikelihood {
        PointwiseLogLikelihood(
          chains: chains, drawsPerChain: drawsPerChain, rows: rows.count, rowByRow: logLikelihood)
      }
    }
    let cases: [Case]
    let difference, differenceError: Double

    static func read() throws -> Fixture {
      try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.file("psis_loo.json")))
    }
  }

  private func agrees(_ found: Double?, _ expected: Double, _ scale: Double = 0) -> Bool {
    found.map { abs($0 - expected) <= 1e-8 * max(abs(expected), scale) } ?? false
  }

  @Test func valuesOfArviZ() throws {
    let fixture = try Fixture.read()
    var found: [PSISLOO] = []
    for one in fixture.cases {
      let loo = try PSISLOO(one.likelihood())
      for (row, expected) in zip(loo.rows, one.rows) {
        #expect(agrees(row.elpd, expected.elpd), "\(one.name)")
        #expect(agrees(row.khat, expected.khat), "\(one.name)")
        #expect(agrees(row.relativeEfficiency, expected.relativeEfficiency), "\(one.name)")
        // A difference of two numbers of the size of elpd.
        #expect(agrees(row.optimism, expected.optimism, abs(expected.elpd)), "\(one.name)")
      }
      #expect(agrees(loo.elpd, one.elpd) && agrees(loo.standardError, one.standardError))
      #expect(agrees(loo.effectiveParameters, one.effectiveParameters))
      #expect(loo.badRows == one.rows.indices.filter { one.rows[$0].khat > 0.7 })
      let limit = min(0.7, 1 - 1 / log10(Double(one.chains * one.drawsPerChain)))
      #expect(loo.threshold == limit && loo.unreliableRows == one.rows.indices.filter { one.rows[$0].khat > limit })
      #expect(!loo.badRows.isEmpty && loo.sentence.contains("not to be believed"))
      found.append(loo)
    }
    let comparison = try found[0].compared(with: found[1])
    #expect(agrees(comparison.difference, fixture.difference))
    #expect(agrees(comparison.standardError, fixture.differenceError))
    let (first, second) = (LeaveOneOut(found[0]), LeaveOneOut(found[1]))
    #expect(try first.compared(with: second) == comparison)
    #expect(first.elpd == Score(value: found[0].elpd, standardError: found[0].standardError))
    #expect(first.effectiveParameters == found[0].effectiveParameters)
    #expect(first.unreliableRows == found[0].unreliableRows.count)
  }

  /// One relative efficiency for all rows, as ArviZ's `loo` takes it.
  @Test func aGivenEfficiency() throws {
    let reference = try EvaluationFixture.read().efficiency
    let likelihood = PointwiseLogLikelihood(
      chains: 1, drawsPerChain: reference.draws, rows: reference.rows.count, rowByRow: reference.logLikelihood)
    let loo = try PSISLOO(likelihood, relativeEfficiency: reference.relativeEfficiency)
    for (row, expected) in zip(loo.rows, reference.rows) {
      #expect(agrees(row.elpd, expected.elpd) && agrees(row.khat, expected.khat))
      #expect(row.relativeEfficiency == reference.relativeEfficiency)
    }
  }

  /// One chain in halves is another estimate of efficiency only: the tail may have another length, weights stay alike.
  @Test func oneChainOrMany() throws {
    let one = try Fixture.read().cases[0]
    let split = { (chains: Int) in
      PointwiseLogLikelihood(
        chains: chains, drawsPerChain: 400 / chains, rows: one.rows.count, rowByRow: one.logLikelihood)
    }
    let given = try [1, 2, 4].map { try PSISLOO(split($0), relativeEfficiency: 1) }
    #expect(given[0] == given[1] && given[1] == given[2])
    let own = try PSISLOO(split(1))
    #expect(abs(own.elpd - given[0].elpd) < 0.1 * (own.standardError ?? 0))
  }

  @Test func bothLayoutsAreOne() throws {
    let one = try Fixture.read().cases[1]
    let (rows, draws) = (one.rows.count, one.chains * one.drawsPerChain)
    let turned = (0..<rows * draws).map { one.logLikelihood[($0 % rows) * draws + $0 / rows] }
    let other = PointwiseLogLikelihood(
      chains: one.chains, drawsPerChain: one.drawsPerChain, rows: rows, drawByDraw: turned)
    #expect(other.values == one.logLikelihood)
  }

  /// A conjugate normal mean: y_n ~ N(θ, 1), θ ~ N(0, 10²), with the exact leave-one-out density of every row. Ten thousand
  /// draws by quantiles, shuffled, have next to no error of their own.
  @Test func exactLeaveOneOut() throws {
    let y = [0.3, -1.1, 0.8, 1.9, -0.2, 0.4, 1.0, -0.7, 2.2, 0.1]
    let precision = 0.01 + Double(y.count)
    let draws = 10_000
    var random = SplitMix(state: 3)
    let theta = (0..<draws).map { (Double($0) + 0.5) / Double(draws) }.shuffled(using: &random).map {
      y.reduce(0, +) / precision + standardNormalQuantile($0) / precision.squareRoot()
    }
    let density = { (x: Double, mean: Double, variance: Double) in
      -0.5 * ((x - mean) * (x - mean) / variance + log(2 * Double.pi * variance))
    }
    let likelihood = PointwiseLogLikelihood(
      chains: 4, drawsPerChain: draws / 4, rows: y.count, rowByRow: y.flatMap { y in theta.map { density(y, $0, 1) } })
    let loo = try PSISLOO(likelihood)
    for (index, row) in loo.rows.enumerated() {
      let rest = precision - 1
      let truth = density(y[index], (y.reduce(0, +) - y[index]) / rest, 1 + 1 / rest)
      #expect(abs(row.elpd - truth) < 0.005)
    }
    #expect(loo.sentence.contains("All Pareto k") && abs(loo.effectiveParameters - 1) < 0.4)

    // The same from draws of a wider normal, weighted back: three times the posterior's deviation.
    let mean = y.reduce(0, +) / precision
    let wide = theta.map { mean + 3 * ($0 - mean) }
    let weights = wide.map { density($0, mean, 1 / precision) - density($0, mean, 9 / precision) + 77 }
    let weighted = try PSISLOO(
      PointwiseLogLikelihood(
        chains: 4, drawsPerChain: draws / 4, rows: y.count, rowByRow: y.flatMap { y in wide.map { density(y, $0, 1) } }),
      logWeights: weights)
    for (left, right) in zip(loo.rows, weighted.rows) { #expect(abs(left.elpd - right.elpd) < 0.01) }
    #expect(abs(weighted.effectiveParameters - loo.effectiveParameters) < 0.05)
  }

  @Test func oneRowHasNoStandardError() throws {
    let one = try Fixture.read().cases[2]
    let draws = one.drawsPerChain
    let loo = try PSISLOO(
      PointwiseLogLikelihood(
        chains: 1, drawsPerChain: draws, rows: 1, rowByRow: Array(one.logLikelihood.prefix(draws))))
    #expect(loo.standardError == nil && agrees(loo.elpd, one.rows[0].elpd))
  }

  /// All draws give a row the same density: leaving it out costs nothing, whatever the number of draws.
  @Test(arguments: [1, 3, 40]) func constantRows(_ draws: Int) throws {
    let loo = try PSISLOO(
      PointwiseLogLikelihood(
        chains: 2, drawsPerChain: draws, rows: 2, rowByRow: [Double](repeating: -1.5, count: 4 * draws)))
    #expect(abs(loo.elpd + 3) < 1e-12 && abs(loo.effectiveParameters) < 1e-12 && loo.standardError == 0)
  }

  /// A draw of weight 0 far above all others: neither does it count, nor do the others vanish beside it.
  @Test(arguments: [0.0, -300]) func aPeakWithoutWeight(height: Double) throws {
    var random = SplitMix(state: 5)
    let values = (0..<100).map { _ in -2000 + Double.random(in: 0...1, using: &random) }
    func loo(_ first: Double) throws -> PSISLOO {
      try PSISLOO(
        PointwiseLogLikelihood(chains: 2, drawsPerChain: 50, rows: 1, rowByRow: [first] + values.dropFirst()),
        logWeights: [-.infinity] + [Double](repeating: 0, count: 99))
    }
    let row = try loo(height).rows[0]
    #expect(row == (try loo(values[0]).rows[0]))
    #expect(row.elpd < -1999 && row.elpd > -2000.1 && row.optimism.isFinite && row.khat.isFinite)
  }

  @Test func fewDrawsAreSaidToBeFew() throws {
    func sentence(_ draws: Int) throws -> String {
      try PSISLOO(
        PointwiseLogLikelihood(
          chains: 2, drawsPerChain: draws / 2, rows: 1, rowByRow: (0..<draws).map { -Double($0 % 3) })
      ).sentence
    }
    #expect(try sentence(8).hasPrefix("8 draws are too few for PSIS"))
    #expect(try sentence(40).contains("Pareto k"))
  }

  @Test func densitiesThatAreNotFiniteAreDiagnosed() throws {
    var values = try Fixture.read().cases[0].logLikelihood
    func loo(_ logWeights: [Double]? = nil) throws -> PSISLOO {
      try PSISLOO(
        PointwiseLogLikelihood(chains: 4, drawsPerChain: 100, rows: 8, rowByRow: values), logWeights: logWeights)
    }
    let whole = try loo()
    values[2 * 400 + 17] = -.infinity
    let broken = try loo()
    #expect(broken.impossibleRows == [2] && broken.elpd == -.infinity && broken.standardError == nil)
    #expect(broken.rows[2].khat == .infinity && !broken.effectiveParameters.isNaN)
    #expect(broken.rows[3] == whole.rows[3] && broken.sentence.contains("row 3"))
    #expect(throws: EvaluationError.impossibleRow(2)) { try whole.compared(with: broken) }
    // A draw of weight 0 may give it probability 0.
    var logWeights = [Double](repeating: 0, count: 400)
    logWeights[17] = -.infinity
    #expect(try loo(logWeights).rows[2].elpd.isFinite)

    for value in [Double.nan, .infinity] {
      values[2 * 400 + 17] = value
      #expect {
        try loo()
      } throws: { error in
        guard case .notANumber(row: 2, draw: 17, _) = error as? EvaluationError else { return false }
        return "\(error)".contains("row 3 in draw 18")
      }
    }
    #expect(throws: EvaluationError.empty) {
      try PSISLOO(PointwiseLogLikelihood(chains: 0, drawsPerChain: 0, rows: 0, rowByRow: []))
    }
    #expect(throws: EvaluationError.rowsDiffer(8, 6)) {
      try whole.compared(with: PSISLOO(Fixture.read().cases[2].likelihood()))
    }
  }
}
