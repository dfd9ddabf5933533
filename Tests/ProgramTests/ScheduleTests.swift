import Foundation
import Testing

/// Every schedule runs, says which it was, and leaves results that hang together.
@Suite struct ScheduleTests {
  @Test(arguments: [
    "paper", "paper-adam", "persistent-sga", "soul", "adam-polyak", "mcem", "saem", "newton", "pooled-newton",
    "pooled-newton-plain",
  ])
  func eachNamesItself(schedule: String) throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(
      ["--problem", "switch", "--schedule", schedule, "--iterations", "3", "--final-draws", "20", "--out", "run"])
    try #require(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.contains("schedule \(schedule), "))
    let configuration = try program.json(RunFiles.Configuration.self, "run/config.json")
    #expect(configuration.schedule == schedule && configuration.iterations == 3)
    let isGradient = ["paper", "paper-adam", "persistent-sga", "soul", "adam-polyak"].contains(schedule)
    #expect((configuration.step != nil) == isGradient && (configuration.draws != nil) == isGradient)
    #expect(configuration.other["select"] == (schedule.hasPrefix("paper") ? "surrogate" : "evidence"))
    let trace = try RunFiles.trace(program.read("run/trace.jsonl"))
    #expect(trace.map(\.info.iteration) == Array(0..<trace.count) && (1...3).contains(trace.count))
    #expect(try #require(trace.first).info.lambda != #require(trace.last).info.lambda, "it moves")
    let report = try program.json(RunFiles.Report.self, "run/report.json")
    #expect(report.iterations == trace.count && report.gradientEvaluations > 0)
  }

  /// The default stops before its maximum, and sooner where less is asked of it.
  @Test func theDefaultStopsByItself() throws {
    let program = try Program()
    defer { program.remove() }
    func iterations(_ tolerance: String) throws -> Int {
      let outcome = try program.run(
        "--problem", "switch", "--tolerance", tolerance, "--final-draws", "20", "--quiet", "--json")
      try #require(outcome.status == 0, "\(outcome.error)")
      return try JSONDecoder().decode(RunFiles.Report.self, from: Data(outcome.output.utf8)).iterations
    }
    let (loose, strict) = (try iterations("0.1"), try iterations("0.001"))
    #expect(loose < strict && loose < 30, "\(loose), \(strict)")
  }

  @Test func intervalsAndCorrectedDeviations() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run("--problem", "switch", "--final-draws", "200", "--out", "run")
    try #require(outcome.status == 0, "\(outcome.error)")
    let report = try program.json(RunFiles.Report.self, "run/report.json")
    let intervals = report.coordinates.compactMap { coordinate in coordinate.interval.map { (coordinate.tuned, $0) } }
    #expect(report.coordinates.count == 5 && !intervals.isEmpty)
    for (tuned, interval) in intervals { #expect(interval.count == 2 && interval[0] < tuned && tuned < interval[1]) }
    let gain = try #require(report.logEvidenceGain)
    #expect(gain.value > 0 && gain.standardError > 0)

    let rows = RunFiles.csv(try program.read("run/posterior.csv"))
    #expect(
      rows[0] == [
        "name", "mean", "sd", "sd_corrected", "mean_averaged", "sd_averaged", "mean_data_units", "sd_data_units",
        "sd_corrected_data_units", "unit",
      ])
    let priors = try program.json(RunFiles.Priors.self, "run/priors.json").priors.map(\.parameter)
    let names = rows.dropFirst().map { $0[0] }
    #expect(Array(names.prefix(priors.count)) == priors)
    #expect(names.count > priors.count && names.dropFirst(priors.count).allSatisfy { $0.hasPrefix("predictive mean") })
    let draws = RunFiles.csv(try program.read("run/draws.csv"))
    for row in rows.dropFirst() {
      #expect(row.count == 10)
      let mean = try #require(Double(row[1]))
      let deviation = try #require(Double(row[2]))
      if !row[3].isEmpty { #expect(try #require(Double(row[3])) >= deviation, "\(row)") }
      guard let column = draws[0].firstIndex(of: row[0]), !draws[0].contains("log_weight") else { continue }
      let values = try draws.dropFirst().map { try #require(Double($0[column])) }
      let sum = values.reduce(0, +)
      #expect(abs(sum / Double(values.count) - mean) < 1e-6 * max(1, abs(mean)), "the mean of draws.csv: \(row[0])")
    }
    #expect(rows.dropFirst().contains { !$0[3].isEmpty })
  }

  /// The default schedule, every stage of it, and folds: not a bit depends on threads, nor on which run it is.
  @Test func sameBits() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(FoldTests.rows(40), to: "rows.csv")
    func output(_ threads: String) throws -> String {
      let outcome = try program.run(
        "--data", "rows.csv", "--target", "y", "--expert", "x", "--model", "moe", "--experts", "2", "--folds", "2",
        "--final-draws", "50", "--threads", threads, "--quiet", "--json", "--out", "none")
      try #require(outcome.status == 0, "\(outcome.error)")
      return outcome.output
    }
    let one = try output("1")
    #expect(try one == output("2"))
    #expect(try one == output("1"))
  }
}
