import Foundation
import Testing

/// Where a run goes that names no directory.
@Suite struct StandardDirectoryTests {
  private let options = ["--problem", "switch", "--quiet"] + short

  @Test func aReadableNameAndANumber() throws {
    let program = try Program()
    defer { program.remove() }
    let first = try program.run(["--problem", "switch", "--gamma", "0.1"] + short)
    #expect(first.status == 0, "\(first.error)")
    #expect(first.error.hasPrefix("Writing to runs/switch-cocoafuse-gamma0.1; --out names another place.\n"))
    #expect(first.output.contains("Written: runs/switch-cocoafuse-gamma0.1/config.json"))
    #expect(try program.run(options + ["--gamma", "0.1"]).status == 0)
    #expect(try program.run(options + ["--gamma", "0.1", "--overwrite"]).status == 0)
    #expect(try program.run(options + ["--gamma", "0,0.1"]).status == 0)
    let seed = ["--seed", "3", "--experts", "3", "--schedule", "persistent-sga", "--draws", "4", "--model", "moe"]
    #expect(try program.run(options + seed).status == 0)
    try program.write(FoldTests.rows(40), to: "my odd; näme.v2.csv")
    let own = ["--data", "./my odd; näme.v2.csv", "--target", "y", "--expert", "x", "--quiet"] + short
    #expect(try program.run(own).status == 0)
    #expect(
      try program.names(in: "runs") == [
        "my-odd-näme.v2-cocoafuse-gamma0", "switch-cocoafuse-gamma0.1", "switch-cocoafuse-gamma0.1-2",
        "switch-cocoafuse-path", "switch-moe-3experts-gamma0-persistent-sga-seed3",
      ])
    #expect(try program.names(in: "runs/switch-cocoafuse-path") == ["gamma-0", "gamma-0.1", "path.json"])
    for name in ["switch-cocoafuse-gamma0.1", "switch-cocoafuse-gamma0.1-2"] {
      #expect(try program.names(in: "runs/\(name)") == RunFiles.all)
    }
    try StudyFileTests.expectSameResults(
      program, "runs/switch-cocoafuse-gamma0.1", "runs/switch-cocoafuse-gamma0.1-2")
    let again = try program.run("evidence", "runs/switch-cocoafuse-gamma0.1-2", "--draws", "8", "--quiet")
    #expect(again.status == 0, "\(again.error)")
  }

  @Test func nothingIsWrittenWhereThatIsSaid() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(options + ["--out", "none"])
    #expect(outcome.status == 0 && !outcome.output.contains("Written"))
    #expect(try program.run(options + ["--dry-run"]).status == 0)
    #expect(!program.exists("runs") && !program.exists("none"))
  }

  /// The superuser may write anywhere, so the obstacle is a file where the directory must go.
  @Test func runsOnWhereNothingCanBeWritten() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("not a directory", to: "runs")
    let outcome = try program.run(["--problem", "switch"] + short)
    #expect(outcome.status == 0 && outcome.output.hasPrefix("switch") && !outcome.output.contains("Written"))
    #expect(
      outcome.error.hasPrefix("No files are written, since --out is not given and runs: this is not a directory"),
      "\(outcome.error)")
    #expect(try program.run(["--problem", "switch", "--gamma", "0,1", "-q"] + short).status == 0)
    #expect(try program.run(options + ["--overwrite"]).status == 73, "replacing was asked for")
  }

  @Test func twoAtOnce() throws {
    let program = try Program()
    defer { program.remove() }
    let both = try (0..<2).map { _ in try program.start(options) }
    for run in both { #expect(try run.finish().status == 0) }
    #expect(try program.names(in: "runs") == ["switch-cocoafuse-gamma0", "switch-cocoafuse-gamma0-2"])
    try StudyFileTests.expectSameResults(program, "runs/switch-cocoafuse-gamma0", "runs/switch-cocoafuse-gamma0-2")
  }

  /// What is said on the way is decided anew by whoever resumes.
  @Test(.timeLimit(.minutes(30))) func resumed() throws {
    let program = try Program()
    defer { program.remove() }
    let arguments = [
      "--problem", "switch", "--schedule", "persistent-sga", "--draws", "4", "--iterations", "60", "--warmup", "40",
      "--final-draws", "20", "--json", "--quiet",
    ]
    let home = "runs/switch-cocoafuse-gamma0-persistent-sga"
    let run = try program.start(arguments)
    try run.wait {
      try program.exists("\(home)/trace.jsonl") && program.read("\(home)/trace.jsonl").contains("\n")
    }
    run.send(SIGKILL)
    _ = try run.finish()
    let outcome = try program.run("resume", home)
    #expect(outcome.status == 0 && outcome.output.hasPrefix("switch") && outcome.error.contains("iteration "))
    let whole = try program.run(arguments)
    #expect(whole.status == 0 && whole.error.isEmpty && whole.output.hasPrefix("{"))
    try StudyFileTests.expectSameResults(program, home, home + "-2")
    #expect(
      try program.read("\(home)/report.json").replacing(home, with: home + "-2")
        == program.read("\(home)-2/report.json"))
  }
}
