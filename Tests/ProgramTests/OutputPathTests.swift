import Foundation
import Testing

/// Directories with names that nobody should give, and those that two want at once.
@Suite struct OutputPathTests {
  private func tune(_ program: Program, _ out: String, _ more: String...) throws -> Program.Outcome {
    try program.run(["--problem", "switch", "-q", "--out", out] + short + more)
  }

  @Test(
    .timeLimit(.minutes(30)),
    arguments: [
      "a b/c", "it's \"quoted\"", "Läufe/σ 𝛌 🎲", "two\nlines", "tab\t", "trailing///", "./x/../y", "%s%n",
      "$(HOME)", "*",
      ".hidden", String(repeating: "n", count: 250),
      Array(repeating: String(repeating: "d", count: 200), count: 12).joined(separator: "/"),
    ])
  func strangeNames(name: String) throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try tune(program, name)
    let folder = name.hasSuffix("/") ? "trailing" : name == "./x/../y" ? "y" : name
    try #require(outcome.status == 0, "\(outcome.error)")
    #expect(try program.names(in: folder) == RunFiles.all)
    let report = try program.run("report", name, "--out", "page.html")
    #expect(report.status == 0, "\(report.error)")
    for file in ["report.json", "draws.csv"] {
      try FileManager.default.removeItem(at: program.directory.appendingPathComponent(folder + "/" + file))
    }
    let resumed = try program.run("resume", name, "-q")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try program.names(in: folder) == RunFiles.all)
    expectFailure(try tune(program, name), status: 73, mentions: ["--overwrite"])
  }

  @Test(.timeLimit(.minutes(30))) func namesThatCannotBe() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("x", to: "file")
    for name in ["", "file", "file/below", String(repeating: "n", count: 300), "/proc/none/run", "/dev/null"] {
      let outcome = try tune(program, name)
      #expect(
        outcome.reason == .exit && [64, 73].contains(outcome.status), "\(name): \(outcome.status) \(outcome.error)")
      #expect(
        outcome.error.split(separator: "\n").count == 1 && outcome.error.hasPrefix("eb-tune: "), "\(outcome.error)")
    }
    let long = Array(repeating: String(repeating: "d", count: 200), count: 30).joined(separator: "/")
    let outcome = try tune(program, long)
    #expect(outcome.status == 73 && outcome.error.split(separator: "\n").count == 1, "\(outcome.error.suffix(200))")
  }

  /// A link is followed, also where it is the same directory under two names; a link to nowhere is refused.
  @Test(.timeLimit(.minutes(30))) func links() throws {
    let program = try Program()
    defer { program.remove() }
    try program.makeFolder("real")
    try FileManager.default.createSymbolicLink(
      atPath: program.directory.appendingPathComponent("link").path, withDestinationPath: "real")
    try FileManager.default.createSymbolicLink(
      atPath: program.directory.appendingPathComponent("dangling").path, withDestinationPath: "nowhere")
    #expect(try tune(program, "link").status == 0)
    #expect(try program.names(in: "real") == RunFiles.all)
    expectFailure(try tune(program, "real"), status: 73, mentions: ["real", "--overwrite"])
    let dangling = try tune(program, "dangling")
    #expect(dangling.status == 0 || dangling.status == 73, "\(dangling.error)")
    #expect(dangling.error.split(separator: "\n").count <= 1)
  }

  /// Of many that begin at once in one directory, one writes; the others say so.
  @Test(.timeLimit(.minutes(30))) func severalAtOnce() throws {
    let program = try Program()
    defer { program.remove() }
    let runs = try (0..<6).map { _ in try program.start(["--problem", "switch", "-q", "--out", "new/run"] + short) }
    let outcomes = try runs.map { try $0.finish() }
    #expect(outcomes.count { $0.status == 0 } == 1, "\(outcomes.map(\.error))")
    for outcome in outcomes where outcome.status != 0 { expectFailure(outcome, status: 73, mentions: ["new/run"]) }
    #expect(try program.names(in: "new/run") == RunFiles.all)
    #expect(try RunFiles.trace(program.read("new/run/trace.jsonl")).map(\.info.iteration) == [0, 1])
  }
}
