import Foundation
import Testing

/// `eb-tune benchmark` from outside, on problems small enough for a test.
@Suite struct BenchmarkCommandTests {
  private static let tiny = [
    "benchmark", "--problems", "gaussian-hierarchy", "--schedules", "persistent-sga,mcem", "--seeds", "2", "--budget",
    "16000",
  ]

  private struct Run: Decodable, Equatable {
    struct Job: Decodable, Hashable {
      let problem: String
      let schedule: String
      let step: Double
      let seed: Int
    }

    let job: Job
    let costs: [Int]
    let regrets: [Double]
    let proposal: [Double]
    let gradientEvaluations: Int
  }

  private struct Report: Decodable {
    struct Problem: Decodable {
      struct Summary: Decodable {
        struct Cost: Decodable {
          let tolerance: Double
          let failures: Int
        }

        let schedule: String
        let step: Double
        let runs: Int
        let costs: [Cost]
      }

      let name: String
      let best: [Summary]
      let all: [Summary]
      let undefined: [String]
      let winner: String?
    }

    let problems: [Problem]
    let files: [String]
  }

  private func runs(_ program: Program, _ folder: String) throws -> [Run.Job: Run] {
    let lines = try program.read("\(folder)/runs.jsonl").split(separator: "\n")
    let runs = try lines.map { try JSONDecoder().decode(Run.self, from: Data($0.utf8)) }
    return Dictionary(uniqueKeysWithValues: runs.map { ($0.job, $0) })
  }

  /// A comparison with all its files; the same numbers with another number of threads.
  @Test func comparesAndDoesNotDependOnThreads() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(Self.tiny + ["--out", "one", "--threads", "1", "--steps", "1,0.2"])
    #expect(outcome.status == 0, "\(outcome.error)")
    for words in ["gaussian-hierarchy", "persistent-sga (best of 2 steps", "mcem", "winner", "to 0.1", "to 0.01"] {
      #expect(outcome.output.contains(words), "\(words) in \(outcome.output)")
    }
    #expect(outcome.error.contains("run 6/6"))
    #expect(
      try program.names(in: "one") == ["benchmark.json", "regret-gaussian-hierarchy.svg", "report.txt", "runs.jsonl"])
    #expect(try program.read("one/report.txt").contains("persistent-sga (best of 2 steps"))
    #expect(try program.read("one/regret-gaussian-hierarchy.svg").contains("<polyline"))
    let first = try runs(program, "one")
    #expect(first.count == 6)
    for run in first.values {
      #expect(run.costs == run.costs.sorted() && run.costs.count == run.regrets.count)
      #expect(run.costs.last == run.gradientEvaluations && run.regrets.allSatisfy { $0 >= 0 })
      #expect(run.gradientEvaluations >= 16_000)
    }
    // Both schedules start tens of nats below the maximum and are within a nat of it by then.
    #expect(first.values.filter { $0.job.step == 1 }.allSatisfy { $0.regrets[0] > 1 && ($0.regrets.last ?? 99) < 1 })

    let again = try program.run(Self.tiny + ["--out", "two", "--threads", "4", "--steps", "1,0.2", "-q", "--json"])
    #expect(again.status == 0 && again.error.isEmpty)
    #expect(try runs(program, "two") == first)
    let report = try JSONDecoder().decode(Report.self, from: Data(again.output.utf8))
    #expect(report.problems.map(\.name) == ["gaussian-hierarchy"] && report.files.count == 3)
    #expect(report.problems[0].best.map(\.schedule) == ["persistent-sga", "mcem"])
    #expect(report.problems[0].all.count == 3)
    #expect(report.problems[0].best.allSatisfy { $0.runs == 2 && $0.costs.map(\.tolerance) == [0.1, 0.01] })
  }

  /// A run that was killed in the middle of a line: finished runs are kept as they are, the others made, and the whole is what an
  /// uninterrupted run gives. More schedules and seeds may join, other settings may not.
  @Test func goesOnWhereItWas() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run(Self.tiny + ["--out", "run", "-q"]).status == 0)
    let text = try program.read("run/runs.jsonl")
    let all = try runs(program, "run")
    let lines = text.split(separator: "\n")
    try program.write(lines[0] + "\n" + lines[1] + "\n" + lines[2].prefix(40), to: "run/runs.jsonl")
    let outcome = try program.run(Self.tiny + ["--out", "run"])
    #expect(outcome.status == 0)
    #expect(outcome.error.contains("2 of 4 runs are there already") && outcome.error.contains("run 2/2"))
    #expect(try program.read("run/runs.jsonl").hasPrefix(lines[0] + "\n" + lines[1] + "\n"))
    #expect(try runs(program, "run") == all)

    let more = try program.run(
      "benchmark", "--problems", "gaussian-hierarchy", "--schedules", "mcem,newton", "--seeds", "3", "--budget",
      "16000",
      "--out", "run")
    #expect(more.status == 0 && more.error.contains("run 4/4"), "\(more.error)")
    expectFailure(
      try program.run(Self.tiny + ["--out", "run", "--tolerance", "0.5"]), status: 73,
      mentions: ["other settings", "--tolerance", "0.1,0.01"])
    try program.write("no run\n", to: "run/runs.jsonl")
    expectFailure(try program.run(Self.tiny + ["--out", "run"]), status: 65, mentions: ["runs.jsonl", "line 1"])
  }

  /// Ctrl-C ends a benchmark with a sentence, and the same command goes on.
  @Test func interrupted() throws {
    let program = try Program()
    defer { program.remove() }
    let arguments = [
      "benchmark", "--problems", "gaussian-hierarchy", "--schedules", "paper", "--seeds", "6", "--budget", "100000",
      "--threads", "1", "--out", "run",
    ]
    let running = try program.start(arguments)
    try running.wait { try running.errorSoFar().contains("run 1/6") }
    running.send(SIGINT)
    let outcome = try running.finish()
    #expect(outcome.status == 75 && outcome.output.isEmpty)
    #expect(outcome.error.contains("eb-tune: Interrupted after ") && outcome.error.contains("goes on from run"))
    let finished = try runs(program, "run")
    #expect((1...5).contains(finished.count))
    #expect(try program.run(arguments + ["-q"]).status == 0)
    let all = try runs(program, "run")
    #expect(all.count == 6 && finished.allSatisfy { all[$0.key] == $0.value })
  }

  /// A schedule that knows no γ is left out and said, and the user's own rows are a problem like others.
  @Test func ownRowsWithEntropy() throws {
    let program = try Program()
    defer { program.remove() }
    let rows = (0..<80).map { row in
      let x = -2 + 4 * Double(row) / 79
      return "\(x),\((x < 0 ? -x : 2 * x) + 0.2 * sin(37.1 * Double(row)))"
    }
    try program.write((["x,y"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
    let outcome = try program.run(
      "benchmark", "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--test-fraction", "0.2",
      "--model", "moe", "--gamma", "0.5", "--schedules", "saem,pooled-newton", "--seeds", "1", "--budget", "60000",
      "--json", "--out", "run")
    #expect(outcome.status == 0, "\(outcome.error)")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    let problem = try #require(report.problems.first)
    #expect(problem.name == "study" && problem.best.map(\.schedule) == ["pooled-newton"])
    #expect(problem.undefined.count == 1 && problem.undefined[0].contains("saem"))
    #expect(problem.best[0].costs[0].failures == 0)
    #expect(try program.read("run/report.txt").contains("LPPD/row"))
    #expect(program.exists("run/surface-study.json"))
  }

  @Test func badInput() throws {
    let program = try Program()
    defer { program.remove() }
    let cases: [(arguments: [String], words: [String])] = [
      (["--problems", "gausian-hierarchy"], ["gausian-hierarchy", "gaussian-hierarchy"]),
      (["--problems", "nothing"], ["nothing", "motorcycle"]),
      (["--problems", "study"], ["--data"]),
      (["--schedules", "sem"], ["\"sem\"", "saem"]),
      (["--schedules", ""], ["\"\"", "paper"]),
      (["--seeds", "0"], ["--seeds", "1 to 10000"]),
      (["--steps", "1,-2"], ["--steps", "-2"]),
      (["--tolerance", "0"], ["--tolerance", "above 0"]),
      (["--budget", "5"], ["--budget", "100"]),
      (["--gamma", "-1"], ["--gamma"]),
      (["--threads", "0"], ["--threads"]),
      (["--problem", "power"], ["--problems"]),
      (["--problems", "switch", "--order", "intercepts"], ["--order"]),
      (["--problems", "switch", "--data", "rows.csv", "--target", "y", "--gate", "x"], ["study"]),
    ]
    for bad in cases {
      expectFailure(try program.run(["benchmark"] + bad.arguments + ["--out", "x"]), status: 64, mentions: bad.words)
      #expect(!program.exists("x"))
    }
  }
}
