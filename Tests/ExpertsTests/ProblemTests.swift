import Foundation
import LogDensities
import Testing
import _TestSupport

@testable import Experts

struct ProblemTests {
  /// The numeric columns of a plain comma-separated file; a cell that is no number becomes NaN.
  private func columns(_ file: URL) throws -> NumericColumns {
    let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
    let names = lines[0].split(separator: ",").map(String.init)
    let rows = lines.dropFirst().map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    return NumericColumns(names: names, values: names.indices.map { column in rows.map { $0[column] } })
  }

  @Test(
    .enabled(
      if: SharedData.file("golden/data/power.csv") != nil && SharedData.file("data/pdb_load/pdb_train.csv") != nil,
      "needs the shared power data"))
  func powerFeaturesOfTheRealRows() throws {
    let file = try #require(SharedData.file("data/pdb_load/pdb_train.csv"))
    let raw = try columns(file)
    let golden = try columns(#require(SharedData.file("golden/data/power.csv")))
    let expertTerms = "fourier(hour,24,2),fourier(weekday,7,2),temperature"
    let experts = try Design.fit(FeatureTerm.parse(expertTerms), to: raw, bias: false).matrix
    let gate = try Design.fit(FeatureTerm.parse("fourier(month,12,2),poly(temperature,2)"), to: raw, bias: true).matrix
    #expect(experts.columns == 9 && gate.columns == 7)
    func compare(_ found: ArraySlice<Double>, _ name: String) throws {
      let expected = try golden.column(name)
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }, "\(name)")
    }
    for index in 0..<9 { try compare(experts.column(index), "xe\(index + 1)") }
    for index in 0..<7 { try compare(gate.column(index), "phi\(index + 1)") }
    let demand = try raw.column("demand")
    try compare(ResponseScaling.standardizing(demand, name: "demand").apply(demand)[...], "y")
  }

  @Test(.enabled(if: SharedData.file("golden/data/mcycle.csv") != nil, "needs the shared motorcycle data"))
  func motorcycleFeatures() throws {
    let golden = try columns(#require(SharedData.file("golden/data/mcycle.csv")))
    let problem = Motorcycle.problem(split: .none)
    let experts = try problem.expertDesign().matrix
    let gate = try problem.gateDesign().matrix
    #expect(experts.names == ["time_sin1", "time_cos1"])
    #expect(gate.names == ["bias", "time", "q"])
    // The reference file has the cosine first.
    let pairs: [(ArraySlice<Double>, String)] = [
      (experts.column(1), "xe1"), (experts.column(0), "xe2"), (gate.column(0), "phi1"), (gate.column(1), "phi2"),
      (gate.column(2), "phi3"), (try problem.trainingResponse()[...], "y"),
    ]
    for (found, name) in pairs {
      let expected = try golden.column(name)
      #expect(found.count == 133 && expected.count == 133)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 }, "\(name)")
    }
  }

  @Test(.enabled(if: SharedData.file("data/mcycle/mcycle.csv") != nil, "needs the shared motorcycle data"))
  func motorcycleRowsAreTheFile() throws {
    let file = try columns(#require(SharedData.file("data/mcycle/mcycle.csv")))
    #expect(file.values == [Motorcycle.columns().values[0], Motorcycle.columns().values[2]])
  }

  @Test func motorcycleSplit() throws {
    let all = Motorcycle.columns()
    #expect(all.rows == 133)
    // Column sums of the published file.
    #expect(abs(all.values[0].reduce(0, +) - 3348.8) < 1e-9 && abs(all.values[2].reduce(0, +) + 3397.6) < 1e-9)
    let problem = Motorcycle.problem(split: .random(seed: 3))
    #expect(problem.training.rows == 75 && problem.test.rows == 58)
    #expect(Set(problem.training.values[0]).count == 75, "no time twice in the training rows")
    #expect(Motorcycle.problem(split: .random(seed: 3)) == problem)
    #expect(Motorcycle.problem(split: .random(seed: 4)).training != problem.training)
    #expect(try problem.trainingResponse().map(abs).max() == 1)
    let together = zip(
      (problem.training.values[0] + problem.test.values[0]), (problem.training.values[2] + problem.test.values[2]))
    #expect(Set(together.map { "\($0) \($1)" }) == Set(zip(all.values[0], all.values[2]).map { "\($0) \($1)" }))
  }

  @Test func motorcyclePriorsFitTheModel() {
    let priors = Motorcycle.priors
    // M = 3 experts, 2 expert features, 3 gate features.
    #expect(priors.flattened(withBehaviour: true).count == 3 + 6 + 6 + 3 + 3)
    #expect(priors.flattened(withBehaviour: false).count == 3 + 6 + 6 + 3)
    #expect(priors.flattened(withBehaviour: true)[4] == LocationScale(0, 0.01))
    #expect(priors.flattened(withBehaviour: true)[10] == LocationScale(-30, 0.1))
    #expect(priors.flattened(withBehaviour: true)[20] == LocationScale(-1, 0.2))
  }

  @Test func powerSimulationHasTheShapeOfTheRealData() throws {
    let problem = PowerSimulation.problem()
    #expect(problem.isSimulated && problem.summary.hasPrefix("Simulated"))
    #expect(problem.training.rows == 1000 && problem.test.rows == 250)
    #expect(problem.training.columnNames == ["hour", "weekend", "month", "temperature", "demand"])
    let allowed: [String: ClosedRange<Double>] = [
      "hour": 1...24, "weekend": 0...1, "month": 1...12, "temperature": -20...110, "demand": 6000...30_000,
    ]
    for (name, range) in allowed {
      for part in [problem.training, problem.test] {
        let column = try part.column(name)
        #expect(column.allSatisfy { range.contains($0) && $0 == $0.rounded() }, "\(name)")
        #expect(Set(column).count > (name == "weekend" ? 1 : 6), "\(name)")
      }
    }
    // The real history: demand 14,675 ± 2,895, temperature 50.6 ± 18.3. One fixed seed: no false alarms.
    let demand = Moments(of: try problem.training.column("demand"))
    #expect(abs(demand.mean - 14_675) < 700 && abs(demand.standardDeviation - 2895) < 400)
    let temperature = Moments(of: try problem.training.column("temperature"))
    #expect(abs(temperature.mean - 50.6) < 3 && abs(temperature.standardDeviation - 18.3) < 2.5)
    #expect(try problem.expertDesign().matrix.columns == 9)
    #expect(try problem.gateDesign().matrix.names.first == "bias")
    #expect(try problem.expertDesign().design.scaleWarnings.isEmpty)
  }

  @Test func powerSimulationIsReproducible() {
    #expect(PowerSimulation.problem(seed: 5) == PowerSimulation.problem(seed: 5))
    #expect(PowerSimulation.problem(seed: 5).training != PowerSimulation.problem(seed: 6).training)
    let clock = ContinuousClock()
    #expect(clock.measure { _ = PowerSimulation.problem() } < .milliseconds(500))
  }

  @Test func powerCalendar() throws {
    let hours = PowerSimulation.hourlyWeather(seed: 1)
    #expect(hours.rows == (8 * 365 + 2) * 24)
    // 31 December 2014 was a Wednesday.
    #expect(hours.values.prefix(3).map { $0.last } == [24, 0, 12])
    #expect(hours.values[2].filter { $0 == 2 }.count == (8 * 28 + 2) * 24)
  }

  @Test func powerRegimesAreMixedAndFused() {
    #expect(PowerSimulation.gate(weekend: 0, month: 1, temperature: 15)[0] > 0.95)
    #expect(PowerSimulation.gate(weekend: 0, month: 7, temperature: 85)[2] > 0.95)
    #expect(PowerSimulation.gate(weekend: 1, month: 4, temperature: 52)[1] > 0.8)
    #expect(PowerSimulation.behaviour(month: 4) > 0.95 && PowerSimulation.behaviour(month: 10) < 0.01)
  }

  @Test func switchRowsAreAtPlusAndMinusThree() throws {
    let problem = SwitchProblem.problem(seed: 2)
    #expect(problem.training.rows == 500 && problem.test.rows == 500)
    let y = try problem.training.column("y")
    // Beyond 5 noise standard deviations: probability 6e-7 a row, 3e-4 for all.
    #expect(y.allSatisfy { abs(abs($0) - 3) < 1.25 })
    let x = try problem.training.column("x")
    let up = zip(x, y).filter { $0.0 > 0 && $0.1 > 0 }.count
    // P(y > 0 | x > 0) = 0.744 for τ = 2; four standard errors of some 250 rows are 0.11.
    #expect(abs(Double(up) / Double(x.filter { $0 > 0 }.count) - 0.744) < 0.11)
    #expect(SwitchProblem.problem(seed: 2) == problem)
  }

  @Test func transitionRowsFollowTheBetaMean() throws {
    let problem = TransitionProblem.problem(seed: 2, rows: 4000)
    let x = try problem.training.column("x")
    let y = try problem.training.column("y")
    let residuals = zip(x, y).map { $1 - (6 / (1 + exp(-2 * $0)) - 3) }
    let moments = Moments(of: residuals)
    // Var(y | x) = 36 p (1 − p)/21 + 1/16, averaged over x ~ N(0, 1): 0.333.
    var total = 0.0
    for position in x {
      let p = 1 / (1 + exp(-2 * position))
      total += 36 * p * (1 - p) / 21 + 1.0 / 16
    }
    let expected = total / Double(x.count)
    // Four standard errors: of the mean 4·0.58/√4000, of the variance about 4·√2/√4000 relative.
    #expect(abs(moments.mean) < 0.037)
    #expect(abs(moments.standardDeviation * moments.standardDeviation / expected - 1) < 0.1)
  }

  @Test func betaVariablesHaveTheirMoments() {
    var stream = RandomStream(seed: 1, purpose: .test)
    for (a, b) in [(0.3, 0.5), (2.0, 3.0), (15.0, 5.0), (1e-4, 20.0)] {
      let draws = (0..<20_000).map { _ in stream.beta(a, b) }
      let moments = Moments(of: draws)
      let variance = a * b / ((a + b) * (a + b) * (a + b + 1))
      // 4.5 standard errors of the mean: false alarm 7e-6 a case.
      #expect(abs(moments.mean - a / (a + b)) < 4.5 * (variance / 20_000).squareRoot())
      #expect(draws.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
  }

  @Test func namesFindTheirProblems() {
    for name in BuiltInProblem.allCases { #expect(name.problem().name == name.rawValue) }
  }
}
