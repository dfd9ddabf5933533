import Foundation
import Testing

/// Ctrl-C ends a run after writing what is finished, whatever it is doing; what killed it leaves whole lines.
@Suite struct InterruptionTests {
  private let endless = [
    "--problem", "switch", "--schedule", "persistent-sga", "--warmup", "30", "--draws", "6", "--iterations", "1000000",
    "--out", "run",
  ]
  /// A final stage of minutes.
  private let endlessDraws = ["--problem", "switch", "--final-draws", "300000", "--out", "run"] + short.prefix(6)

  private func traceLines(_ program: Program) throws -> Int {
    guard program.exists("run/trace.jsonl") else { return 0 }
    return try program.read("run/trace.jsonl").count { $0 == "\n" }
  }

  @Test(.timeLimit(.minutes(30)), arguments: [SIGINT, SIGTERM])
  func duringTuning(signal: Int32) throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.start(endless)
    try run.wait { try traceLines(program) >= 2 }
    run.send(signal)
    let outcome = try run.finish()
    #expect(outcome.reason == .exit && outcome.status == 75, "\(outcome.error)")
    #expect(outcome.output.isEmpty)
    let last = try #require(outcome.error.split(separator: "\n").last)
    #expect(last.hasPrefix("eb-tune: Interrupted after ") && last.hasSuffix("run/priors.json)."), "\(last)")
    #expect(last.contains("iterations; continue with: eb-tune resume run ("), "\(last)")
    #expect(outcome.error.hasSuffix("\n"))
    #expect(try program.names(in: "run") == RunFiles.tuned)
    let text = try program.read("run/trace.jsonl")
    let trace = try RunFiles.trace(text)
    #expect(text.hasSuffix("\n") && trace.map(\.info.iteration) == Array(0..<trace.count))
    #expect(last.contains("after \(trace.count) of at most 1000000 iterations"))
    let priors = try program.json(RunFiles.Priors.self, "run/priors.json")
    #expect(priors.bestIteration == trace.last { $0.info.isBest }?.info.iteration)
  }

  @Test(.timeLimit(.minutes(30))) func duringTheFinalDraws() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.start(endlessDraws)
    try run.wait { try run.errorSoFar().contains("Drawing the posterior at the tuned priors") }
    run.send(SIGINT)
    let outcome = try run.finish()
    #expect(outcome.status == 75 && outcome.output.isEmpty)
    let last = try #require(outcome.error.split(separator: "\n").last)
    #expect(last.contains("while drawing the final posterior") && last.hasSuffix("run/priors.json)."), "\(last)")
    #expect(try program.names(in: "run") == RunFiles.tuned)
    #expect(try RunFiles.trace(program.read("run/trace.jsonl")).count == 2)
  }

  /// The warm-up of the first iteration would take minutes.
  @Test(.timeLimit(.minutes(30))) func beforeTheFirstIteration() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.start(["--problem", "switch", "--schedule", "paper", "--warmup", "1000000", "--out", "run"])
    try run.wait { try run.errorSoFar().contains("Tuning ") }
    run.send(SIGINT)
    let outcome = try run.finish()
    #expect(outcome.status == 75 && outcome.output.isEmpty)
    #expect(outcome.error.split(separator: "\n").last?.contains("before the first iteration") == true)
    #expect(!program.exists("run/priors.json") && !program.exists("run/draws.csv"))
  }

  /// Both signals wait while the program is stopped, so that the second finds it saving.
  @Test(.timeLimit(.minutes(30))) func aSecondSignalEndsAtOnce() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.start(endless)
    try run.wait { try traceLines(program) >= 1 }
    for signal in [SIGSTOP, SIGINT, SIGTERM, SIGCONT] { run.send(signal) }
    let outcome = try run.finish()
    #expect(outcome.reason == .exit && [128 + SIGINT, 128 + SIGTERM].contains(outcome.status), "\(outcome.error)")
    #expect(try RunFiles.trace(program.read("run/trace.jsonl")).count >= 1)
  }

  @Test(.timeLimit(.minutes(30))) func killed() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.start(endless)
    try run.wait { try traceLines(program) >= 3 }
    run.send(SIGKILL)
    #expect(try run.finish().reason == .uncaughtSignal)
    let text = try program.read("run/trace.jsonl")
    #expect(text.hasSuffix("\n"))
    #expect(try RunFiles.trace(text).count >= 3)
    #expect(!program.exists("run/draws.csv") && !program.exists("run/priors.json"))
    let again = try program.run(["--problem", "switch", "--quiet", "--out", "run", "--overwrite"] + short)
    #expect(again.status == 0)
    #expect(try RunFiles.trace(program.read("run/trace.jsonl")).count == 2)
  }
}
