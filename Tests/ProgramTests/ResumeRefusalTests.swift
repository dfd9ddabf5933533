import Foundation
import Testing

/// What `eb-tune resume` refuses, each with one sentence that names the file.
@Suite struct ResumeRefusalTests {
  /// A run that was killed after a few iterations.
  private func killed() throws -> Program {
    let program = try Program()
    try program.write(FoldTests.rows(40), to: "rows.csv")
    try program.write(FoldTests.rows(10), to: "test.csv")
    let run = try program.start([
      "--data", "rows.csv", "--test-data", "test.csv", "--target", "y", "--expert", "x", "--model", "moe", "--experts",
      "1", "--schedule", "persistent-sga", "--iterations", "1000000", "--out", "run",
    ])
    try run.wait {
      try program.exists("run/checkpoint") && program.read("run/trace.jsonl").count { $0 == "\n" } >= 3
    }
    let locked = try program.run("resume", "run")
    expectFailure(locked, status: 73, mentions: ["run: ", "going on"])
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

  @Test(.timeLimit(.minutes(30))) func damagedCheckpoints() throws {
    let program = try killed()
    defer { program.remove() }
    let file = program.directory.appendingPathComponent("run/checkpoint")
    let whole = try Data(contentsOf: file)
    for length in [0, 10, 30, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(to: file)
      try expectRefusal(program, mentions: ["run/checkpoint: the checkpoint is damaged"])
    }
    for place in [25, 90, 120, 300, whole.count / 3, whole.count - 2] {
      var bytes = whole
      bytes[place] ^= 4
      try bytes.write(to: file)
      try expectRefusal(program, mentions: ["run/checkpoint: the checkpoint is damaged"])
    }
    var later = whole
    later[19] = UInt8(ascii: "2")
    try later.write(to: file)
    try expectRefusal(program, mentions: ["run/checkpoint", "no checkpoint, or one of another version"])
    try (whole + Data("more\n".utf8)).write(to: file)
    try expectRefusal(program, mentions: ["damaged"])
    try whole.write(to: file)
    try program.write("", to: "run/trace.jsonl")
    try expectRefusal(program, mentions: ["run/trace.jsonl", "that the checkpoint has finished"])
  }

  @Test(.timeLimit(.minutes(30))) func whatChangedSince() throws {
    let program = try killed()
    defer { program.remove() }
    let configuration = try program.read("run/config.json")
    for (from, to, words) in [
      ("\"version\" : \"", "\"version\" : \"9.", ["run/config.json", "version 9.", "this is version"]),
      ("\"experts\" : 1", "\"experts\" : 2", ["run/config.json", "command line"]),
      ("\"threads\" : ", "\"threads\" : 1", ["run/checkpoint", "config.json beside it", "edited"]),
      ("{", "", ["run/config.json", "JSON"]),
    ] {
      let range = try #require(configuration.range(of: from))
      try program.write(configuration.replacingCharacters(in: range, with: to), to: "run/config.json")
      try expectRefusal(program, mentions: words)
    }
    try program.write(configuration, to: "run/config.json")
    for name in ["rows.csv", "test.csv"] {
      let rows = try program.read(name)
      try program.write(rows + "9,9\n", to: name)
      try expectRefusal(program, mentions: ["\(name): the file has changed since the run in run"])
      try FileManager.default.removeItem(at: program.directory.appendingPathComponent(name))
      try expectRefusal(program, status: 66, mentions: ["\(name): there is no such file"])
      try program.write(rows, to: name)
    }
  }

  @Test func whereThereIsNoRun() throws {
    let program = try Program()
    defer { program.remove() }
    try program.makeFolder("empty")
    try program.makeFolder("path/gamma-1")
    try program.write("x", to: "file")
    for name in ["absent", "empty", "path", "file"] {
      expectFailure(try program.run("resume", name), status: 66, mentions: ["\(name)/config.json"])
    }
    expectFailure(try program.run("resume"), status: 64, mentions: ["dir"])
    expectFailure(try program.run("resume", "run", "--threads", "0"), status: 64, mentions: ["--threads"])
    #expect(try program.names(in: "empty").isEmpty)
  }
}
