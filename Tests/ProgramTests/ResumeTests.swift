import Foundation
import Testing
import _TestSupport

/// `eb-tune resume DIR` goes on with a run that was killed, and not a byte tells.
@Suite struct ResumeTests {
  /// A run of all stages: iterations, a choice on fresh draws, final draws, refitted folds.
  static let options = [
    "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--experts", "2", "--model", "moe",
    "--folds",
    "3", "--final-draws", "300", "--out", "run",
  ]

  /// A whole run in the folder `whole`, and the rows for another in `cut`.
  private func prepared(_ options: [String] = options) throws -> Program {
    let program = try Program()
    for folder in ["whole", "cut"] {
      try program.makeFolder(folder)
      try program.write(FoldTests.rows(40), to: folder + "/rows.csv")
    }
    let outcome = try program.run(options, in: "whole")
    try #require(outcome.status == 0, "\(outcome.error)")
    return program
  }

  static func expectSameFiles(_ program: Program, location: SourceLocation = #_sourceLocation) throws {
    for file in ["trace.jsonl", "priors.json", "draws.csv", "posterior.csv", "report.json"] {
      let same = try program.read("cut/run/\(file)") == program.read("whole/run/\(file)")
      #expect(same, "\(file)", sourceLocation: location)
    }
    #expect(try program.names(in: "cut/run") == RunFiles.all, sourceLocation: location)
  }

  private func traceLines(_ program: Program) -> Int {
    ((try? program.read("cut/run/trace.jsonl")) ?? "").count { $0 == "\n" }
  }

  /// Each life of the run lasts for a random time, from before its first file to the middle of its folds.
  @Test(.timeLimit(.minutes(30)), arguments: [UInt64(1), 2]) func killedAgainAndAgain(seed: UInt64) throws {
    let program = try prepared()
    defer { program.remove() }
    var random = SplitMix(state: seed)
    var kills = 0
    while kills < 25 {
      let isBegun = program.exists("cut/run/config.json")
      let run = try program.start(isBegun ? ["resume", "run"] : Self.options + ["--overwrite"], in: "cut")
      // Longer and longer, so that the run comes to its end on a busy machine too.
      usleep(UInt32.random(in: 1_000...60_000 + 40_000 * UInt32(kills), using: &random))
      run.send(SIGKILL)
      guard try run.finish().reason == .uncaughtSignal else { break }
      kills += 1
    }
    #expect(kills > 1)
    let isBegun = program.exists("cut/run/config.json")
    let outcome = try program.run(isBegun ? ["resume", "run"] : Self.options + ["--overwrite"], in: "cut")
    #expect(outcome.status == 0, "\(outcome.error)")
    try Self.expectSameFiles(program)
  }

  /// What to wait for before the program is killed.
  enum Moment: Sendable {
    case lines(Int)
    case sentence(String)
  }

  @Test(
    .timeLimit(.minutes(30)),
    arguments: [
      Moment.lines(1), .lines(4), .sentence("Drawing the posterior at the tuned priors"), .sentence("Fold 1 of 3"),
      .sentence("Fold 3 of 3"),
    ])
  func killedAtEveryStage(moment: Moment) throws {
    let program = try prepared()
    defer { program.remove() }
    let run = try program.start(Self.options, in: "cut")
    try run.wait {
      switch moment {
      case .lines(let count): traceLines(program) >= count
      case .sentence(let text): try run.errorSoFar().contains(text)
      }
    }
    run.send(SIGKILL)
    #expect(try run.finish().reason == .uncaughtSignal)
    if case .sentence("Fold 3 of 3") = moment { #expect(program.exists("cut/run/draws.csv")) }
    let outcome = try program.run(["resume", "cut/run/", "--threads", "1", "--quiet", "--json"])
    #expect(outcome.status == 0 && outcome.error.isEmpty, "from elsewhere: \(outcome.error)")
    try Self.expectSameFiles(program)
    if case .sentence("Fold 3 of 3") = moment {
      #expect(outcome.output.hasPrefix("{"))
    }
  }

  /// Every kind of schedule has a memory of its own.
  @Test(
    .timeLimit(.minutes(30)),
    arguments: ["paper-adam", "adam-polyak", "saem", "newton", "pooled-newton-plain"])
  func schedules(_ name: String) throws {
    let options = [
      "--problem", "switch", "--schedule", name, "--iterations", "12", "--warmup", "40", "--final-draws", "20",
      "--folds",
      "0", "--tune", "all", "--gamma", name == "saem" ? "0" : "0.3", "--out", "run",
    ]
    let program = try prepared(options)
    defer { program.remove() }
    let run = try program.start(options, in: "cut")
    try run.wait { traceLines(program) >= 3 }
    run.send(SIGKILL)
    _ = try run.finish()
    let outcome = try program.run(["resume", "run"], in: "cut")
    #expect(outcome.status == 0, "\(outcome.error)")
    try Self.expectSameFiles(program)
  }

  @Test(.timeLimit(.minutes(30)), arguments: [SIGINT, SIGTERM]) func interruptedTwice(signal: Int32) throws {
    let options = [
      "--problem", "switch", "--schedule", "persistent-sga", "--iterations", "40", "--warmup", "40", "--final-draws",
      "20",
      "--folds", "0", "--out", "run",
    ]
    let program = try prepared(options)
    defer { program.remove() }
    for (arguments, lines) in [(options, 3), (["resume", "run"], 8)] {
      let run = try program.start(arguments, in: "cut")
      try run.wait { traceLines(program) >= lines }
      run.send(signal)
      let outcome = try run.finish()
      #expect(outcome.reason == .exit && outcome.status == 75 && outcome.output.isEmpty, "\(outcome.error)")
      #expect(outcome.error.contains("continue with: eb-tune resume run ("), "\(outcome.error)")
      let iterations = try RunFiles.trace(program.read("cut/run/trace.jsonl")).map(\.info.iteration)
      #expect(iterations == Array(0..<iterations.count) && iterations.count >= lines)
      #expect(outcome.error.contains("after \(iterations.count) of at most 40 iterations"), "\(outcome.error)")
    }
    let outcome = try program.run(["resume", "run"], in: "cut")
    #expect(outcome.status == 0 && !outcome.error.contains("iteration 7/"), "\(outcome.error)")
    try Self.expectSameFiles(program)
  }

  @Test func aFinishedRunStaysAsItIs() throws {
    let program = try prepared()
    defer { program.remove() }
    func contents() throws -> [Data] {
      try RunFiles.all.map { try Data(contentsOf: program.directory.appendingPathComponent("whole/run/\($0)")) }
    }
    let before = try contents()
    for _ in 0..<2 {
      let outcome = try program.run(["resume", "run"], in: "whole")
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      #expect(outcome.output == "run: the run is finished; its report is in run/report.json.\n")
    }
    let asJSON = try program.run("resume", "whole/run", "--json")
    #expect(try asJSON.status == 0 && asJSON.output == program.read("whole/run/report.json"))
    #expect(try contents() == before)
  }
}
