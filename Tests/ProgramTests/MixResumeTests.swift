import Foundation
import Testing

/// What `eb-tune resume` refuses of a mixture, each with one sentence that names the file, and how a stopped one ends.
@Suite struct MixResumeTests {
  private static let rows = (0..<20).map { row in
    let x = Double(row) / 19
    return "\(x),\(sin(3 * x) + 0.05 * sin(37.1 * Double(row))),\(3 * x),\(1.4 - 1.3 * x)"
  }

  /// A mixture that was killed after a few iterations.
  private func killed() throws -> Program {
    let program = try Program()
    for name in ["rows.csv", "grid.csv", "test.csv"] {
      try program.write((["x,y,low,high"] + Self.rows).joined(separator: "\n") + "\n", to: name)
    }
    let run = try program.start([
      "mix", "--data", "rows.csv", "--target", "y", "--target-error", "0.05", "--inputs", "x", "--model",
      "low=low,0.2", "--model", "high=high,0.2", "--predict", "grid.csv", "--test-data", "test.csv", "--weights", "cdf",
      "--schedule", "persistent-sga", "--iterations", "1000000", "--out", "run",
    ])
    try run.wait {
      try program.exists("run/checkpoint") && program.read("run/trace.jsonl").count { $0 == "\n" } >= 3
    }
    expectFailure(try program.run("resume", "run"), status: 73, mentions: ["run: ", "going on"])
    run.send(SIGKILL)
    _ = try run.finish()
    return program
  }

  private func expectRefusal(
    _ program: Program, status: Int32 = 65, mentions words: [String], location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try program.names(in: "run")
    expectFailure(try program.run("resume", "run"), status: status, mentions: words, location: location)
    #expect(try program.names(in: "run") == before, sourceLocation: location)
  }

  @Test(.timeLimit(.minutes(5))) func whatChangedSince() throws {
    let program = try killed()
    defer { program.remove() }
    let file = program.directory.appendingPathComponent("run/checkpoint")
    let whole = try Data(contentsOf: file)
    for length in [0, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: file)
      try expectRefusal(program, mentions: ["run/checkpoint: the checkpoint is damaged"])
    }
    try whole.write(to: file)
    let configuration = try program.read("run/config.json")
    for (from, to, words) in [
      ("\"version\" : \"", "\"version\" : \"9.", ["run/config.json", "version 9.", "this is version"]),
      ("\"weights\" : \"cdf\"", "\"weights\" : \"sigmoid\"", ["run/config.json", "command line"]),
      ("\"threads\" : ", "\"threads\" : 1", ["run/checkpoint", "config.json beside it", "edited"]),
      ("\"cdf\",", "\"waves\",", ["run/config.json", "command line", "mixture"]),
      ("{", "", ["run/config.json", "JSON"]),
    ] {
      let range = try #require(configuration.range(of: from))
      try program.write(configuration.replacingCharacters(in: range, with: to), to: "run/config.json")
      try expectRefusal(program, mentions: words)
    }
    try program.write(configuration, to: "run/config.json")
    for name in ["rows.csv", "grid.csv", "test.csv"] {
      let rows = try program.read(name)
      try program.write(rows + "2,2,2,2\n", to: name)
      try expectRefusal(program, mentions: ["\(name): the file has changed since the run in run"])
      try FileManager.default.removeItem(at: program.directory.appendingPathComponent(name))
      try expectRefusal(program, status: 66, mentions: ["\(name): there is no such file"])
      try program.write(rows, to: name)
    }
    try program.write("", to: "run/trace.jsonl")
    try expectRefusal(program, mentions: ["run/trace.jsonl", "that the checkpoint has finished"])
  }

  /// A directory may be moved with its data; Ctrl-C says how to go on; a finished run is shown.
  @Test(.timeLimit(.minutes(5))) func interruptedAndMoved() throws {
    let program = try Program()
    defer { program.remove() }
    try program.makeFolder("a")
    try program.write((["x,y,low,high"] + Self.rows).joined(separator: "\n") + "\n", to: "a/rows.csv")
    let command = [
      "mix", "--data", "rows.csv", "--target", "y", "--target-error", "0.05", "--inputs", "x", "--model",
      "low=low,0.2", "--model", "high=high,0.2", "--weights", "sigmoid", "--warmup", "50", "--final-draws", "100",
      "--schedule", "persistent-sga", "--iterations", "400", "-q", "--out",
    ]
    #expect(try program.run(command + ["whole"], in: "a").status == 0)
    let run = try program.start(command + ["cut"], in: "a")
    try run.wait {
      try program.exists("a/cut/checkpoint") && program.read("a/cut/trace.jsonl").count { $0 == "\n" } >= 2
    }
    run.send(SIGINT)
    let outcome = try run.finish()
    expectFailure(
      outcome, status: 75, mentions: ["Interrupted after", "eb-tune resume cut", "cut/priors.json"])
    try FileManager.default.moveItem(
      at: program.directory.appendingPathComponent("a"), to: program.directory.appendingPathComponent("b"))
    let resumed = try program.run("resume", "b/cut", "--json", "-q")
    expectFailure(resumed, status: 66, mentions: ["rows.csv"])
    let there = try program.run(["resume", "cut", "--json", "-q"], in: "b")
    #expect(there.status == 0, "\(there.error)")
    for name in ["trace.jsonl", "priors.json", "draws.csv", "predictions.csv", "mixture.svg"] {
      #expect(try program.read("b/cut/\(name)") == program.read("b/whole/\(name)"), "\(name)")
    }
    let again = try program.run("resume", "b/cut", "--json")
    #expect(try again.status == 0 && again.output == program.read("b/cut/report.json"))
  }
}
