import Foundation
import Testing

/// `eb-tune select` from outside, on rows few enough for a test.
@Suite struct SelectCommandTests {
  private struct Report: Decodable {
    struct Score: Decodable, Equatable {
      let value: Double
      let standardError: Double?
    }

    struct Configuration: Decodable, Equatable {
      let combination: String
      let experts: Int
      let gate: String
      let priors: String
      let entropyWeight: Double?
    }

    struct Trial: Decodable {
      let name: String
      let configuration: Configuration
      let parameters: Int
      let leaveOneOut: Score?
      let isInParetoSet: Bool
      let verdict: String
      let sentence: String
    }

    struct Skipped: Decodable {
      let configuration: Configuration
      let reason: String
    }

    let rows: Int
    let testRows: Int
    let trials: [Trial]
    let skipped: [Skipped]
    let remarks: [String]
    let chosen: String?
    let command: String?
    let files: [String]
  }

  private static let data = ["select", "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x"]
  private static let few = ["--final-draws", "150", "--chains", "2"]

  /// Two lines that cross, one on either side: two experts, neither one nor three.
  private func twoLines(_ program: Program, rows: Int = 120) throws {
    let lines = (0..<rows).map { row in
      let x = -2 + 4 * (Double(row) + 0.5) / Double(rows)
      return "\(x),\((x < 0 ? -2 * x : 3 * x - 4) + 0.3 * sin(37.1 * Double(row)) * cos(11.3 * Double(row)))"
    }
    try program.write((["x,y"] + lines).joined(separator: "\n") + "\n", to: "rows.csv")
  }

  private func report(_ outcome: Program.Outcome) throws -> Report {
    try #require(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  /// Finished trials by key, each without its seconds.
  private func trials(_ program: Program, _ folder: String) throws -> [String: String] {
    var result: [String: String] = [:]
    for line in try program.read("\(folder)/trials.jsonl").split(separator: "\n") {
      let key = try #require(line.firstMatch(of: /"key":"([^"]*)"/)?.output.1)
      result[String(key)] = String(line).replacing(/,?"seconds":[^,}]*/, with: "")
    }
    return result
  }

  /// The right number of experts is chosen, the same with one thread and with two, and everything is kept in files.
  @Test func choosesTwoExpertsForTwoLines() throws {
    let program = try Program()
    defer { program.remove() }
    try twoLines(program)
    let arguments = Self.data + Self.few + ["--models", "moe"]
    let outcome = try program.run(arguments + ["--out", "one", "--threads", "1"])
    #expect(outcome.status == 0, "\(outcome.error)")
    for words in ["verdict", "first", "chosen", "Chosen: MoE with 2 experts", "eb-tune tune --data rows.csv"] {
      #expect(outcome.output.contains(words), "\(words) in \(outcome.output)")
    }
    #expect(outcome.error.contains("trial 3/3"))
    #expect(
      try program.names(in: "one") == ["pareto.svg", "report.txt", "selection.json", "trials.jsonl", "verdict.json"])
    #expect(try outcome.output.hasPrefix(program.read("one/report.txt")))
    #expect(try program.read("one/pareto.svg").contains("<polyline"))

    let again = try program.run(arguments + ["--out", "two", "--threads", "2", "-q", "--json"])
    #expect(again.error.isEmpty)
    let report = try report(again)
    #expect(try trials(program, "one") == trials(program, "two"))
    #expect(try program.read("one/report.txt") == program.read("two/report.txt"))
    #expect(report.rows == 120 && report.testRows == 0 && report.files.count == 4)
    #expect(report.trials.map(\.configuration.experts) == [1, 2, 3])
    // M = 1: a, b, σ; then 2 a, 2 b, 2 gate, 2 σ; then 3 a, 3 b, 4 gate, 3 σ.
    #expect(report.trials.map(\.parameters) == [3, 8, 13])
    #expect(report.trials.prefix(2).map(\.verdict) == ["first", "chosen"])
    #expect(["passed over", "dominated"].contains(report.trials[2].verdict))
    #expect(report.trials.prefix(2).map(\.isInParetoSet) == [true, true])
    let scores = report.trials.compactMap(\.leaveOneOut)
    // The two lines leave noise of a tenth of the spread of the rows: a nat and more a row.
    #expect(scores.count == 3 && scores[1].value > scores[0].value + 60)
    #expect(report.chosen == "MoE with 2 experts")

    // The command that is printed is one that runs.
    let words = try #require(report.command).split(separator: " ").dropFirst().map(String.init)
    #expect(try program.run(words + short + ["-q"]).status == 0)
  }

  /// Killed in the middle, with half a line: finished trials stay as they are, and the report is that of an
  /// uninterrupted run. The grid may grow, the settings may not change unless the user starts over.
  @Test func goesOnWhereItWas() throws {
    let program = try Program()
    defer { program.remove() }
    try twoLines(program, rows: 60)
    let arguments = Self.data + Self.few + ["--models", "moe,boe", "--experts", "1,2", "--threads", "1"]
    #expect(try program.run(arguments + ["--out", "whole", "-q"]).status == 0)
    let running = try program.start(arguments + ["--out", "run"])
    try running.wait { try running.errorSoFar().contains("trial 1/3") }
    running.send(SIGKILL)
    _ = try running.finish()
    let kept = try trials(program, "run")
    #expect((1...2).contains(kept.count) && !program.exists("run/report.txt"))
    let text = try program.read("run/trials.jsonl")
    try program.write(text + text.prefix(90).replacing("\n", with: ""), to: "run/trials.jsonl")

    let outcome = try program.run(arguments + ["--out", "run"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      outcome.error.contains("\(kept.count) of 3 trials are there already") && outcome.error.contains("trial 3/3"))
    #expect(try program.read("run/report.txt") == program.read("whole/report.txt"))
    #expect(try program.read("run/trials.jsonl").hasPrefix(text))
    #expect(try trials(program, "run") == trials(program, "whole"))

    let more = try report(program.run(arguments + ["--gate-degree", "1,2", "--out", "run", "--json"]))
    #expect(more.trials.count == 5 && more.trials[0].configuration.gate.isEmpty)
    #expect(try trials(program, "run").count == 5)
    expectFailure(
      try program.run(arguments + ["--out", "run", "--seed", "2"]), status: 73,
      mentions: ["the selection there has other settings", "--seed is 1 there and 2 here"])
    #expect(try program.run(arguments + ["--out", "run", "--seed", "2", "--overwrite", "-q"]).status == 0)
    #expect(try trials(program, "run").count == 3)
    try program.write("no trial\n", to: "run/trials.jsonl")
    expectFailure(
      try program.run(arguments + ["--out", "run", "--seed", "2"]), status: 65, mentions: ["trials.jsonl", "line 1"])
  }

  /// A short warmup is a short warmup, and a trial that failed is run again.
  @Test func warmupIsAsAskedAndFailuresAreMadeAgain() throws {
    let program = try Program()
    defer { program.remove() }
    try twoLines(program, rows: 20)
    let arguments =
      Self.data + Self.few + ["--models", "moe", "--experts", "1", "--warmup", "60", "--out", "run", "-q"]
    #expect(try program.run(arguments).status == 0)
    #expect(try program.read("run/selection.json").contains("\"--warmup\" : \"60\""))
    let key = try #require(try program.read("run/trials.jsonl").firstMatch(of: /"key":"([^"]*)"/)?.1)
    try program.write("{\"failure\":\"it broke.\",\"key\":\"\(key)\"}\n", to: "run/trials.jsonl")
    let again = try program.run(arguments)
    #expect(again.status == 0 && again.error.isEmpty && again.output.contains("Chosen: "))
    #expect(try !program.read("run/trials.jsonl").contains("it broke"))
  }

  /// Ctrl-C ends a selection with a sentence and keeps what is finished.
  @Test func interrupted() throws {
    let program = try Program()
    defer { program.remove() }
    try twoLines(program, rows: 60)
    let arguments = Self.data + ["--models", "moe", "--chains", "1", "--threads", "1", "--out", "run"]
    let running = try program.start(arguments + ["--final-draws", "100000", "--max-depth", "4"])
    try running.wait { try running.errorSoFar().contains("trial 1/3") }
    running.send(SIGINT)
    let outcome = try running.finish()
    #expect(outcome.status == 75 && outcome.output.isEmpty)
    #expect(outcome.error.contains("eb-tune: Interrupted after ") && outcome.error.contains("goes on from run"))
    #expect(try (1...2).contains(trials(program, "run").count))
    #expect(try program.names(in: "run") == ["selection.json", "trials.jsonl"])
  }

  /// Tuned beside untuned, several priors and gates, a shape too large for its rows: nothing of it is silent.
  @Test func saysWhatToMindAndWhatWasLeftOut() throws {
    let program = try Program()
    defer { program.remove() }
    try twoLines(program, rows: 12)
    let outcome = try program.run(
      Self.data + [
        "--models", "boe", "--experts", "1-2", "--gate-degree", "1,6", "--tune", "both", "--gamma", "0.5",
        "--prior-set", "default", "--prior-set", "narrow gate: gate=laplace(0,0.5)", "--final-draws", "20", "--chains",
        "2", "--test-fraction", "0.1", "--json", "--tau", "0.3",
      ])
    let report = try report(outcome)
    // One expert: untuned and tuned. Two: two priors, tuned or not; the gate of degree 6 has 13 parameters for 11 rows.
    #expect(report.trials.map(\.configuration.experts).sorted() == [1, 1, 2, 2, 2, 2])
    #expect(report.skipped.count == 2)
    #expect(report.skipped.allSatisfy { $0.configuration.gate == "poly(x,6)" && $0.reason.contains("11 rows") })
    #expect(Set(report.trials.map(\.configuration.entropyWeight)) == [nil, 0, 0.5])
    for words in ["Tuned and untuned", "no entropy", "With one expert", "default and narrow gate", "Without the "] {
      #expect(report.remarks.contains { $0.contains(words) }, "\(words) in \(report.remarks)")
    }
    #expect(report.trials.map(\.sentence).allSatisfy { $0.hasSuffix(".") })
    #expect(
      outcome.error.contains("Skipped: BoE with 2 experts (gate poly(x,6), default priors). Its 13 parameters")
    )
  }

  @Test func badInput() throws {
    let program = try Program()
    defer { program.remove() }
    try twoLines(program, rows: 12)
    let cases: [(arguments: [String], status: Int32, words: [String])] = [
      (["--experts", "0-2"], 64, ["--experts", "0-2", "1 to 100"]),
      (["--experts", "3-1"], 64, ["3-1"]),
      (["--experts", "two"], 64, ["two"]),
      (["--experts", "7-9"], 65, ["No trial", "12 rows"]),
      (["--models", "mo"], 64, ["\"mo\"", "moe"]),
      (["--gates", "poly(x,2)"], 64, ["--gate", "--gates"]),
      (["--gate-degree", "0"], 64, ["--gate-degree"]),
      (["--prior-set", "wide"], 64, ["wide", "slopes=normal(0,2)"]),
      (["--prior-set", "wide:"], 64, ["wide:"]),
      (["--prior-set", "wide: slopes=norml(0,2)"], 64, ["norml", "normal"]),
      (["--prior-set", "own"], 64, ["own"]),
      (["--prior-set", "a: gate=normal(0,1)", "--prior-set", "a: gate=normal(0,2)"], 64, ["\"a\" twice"]),
      (["--gamma", "1"], 64, ["--tune"]),
      (["--tune", "yes", "--gamma", "1,1"], 64, ["twice"]),
      (["--tune", "perhaps"], 64, ["perhaps"]),
      (["--tau", "1"], 64, ["--tau"]),
      (["--draws", "5"], 64, ["--final-draws"]),
      (["--folds", "5"], 64, ["--folds"]),
    ]
    for bad in cases {
      expectFailure(
        try program.run(Self.data + bad.arguments + ["--out", "x"]), status: bad.status, mentions: bad.words)
      #expect(!program.exists("x"))
    }
    expectFailure(try program.run(Self.data + ["--overwrite"]), status: 64, mentions: ["--out"])
    expectFailure(
      try program.run("select", "--data", "rows.csv", "--target", "y", "--expert", "x", "--gates", "z"), status: 64,
      mentions: ["z"])
  }
}
