import Foundation
import Testing

/// A path over γ is resumed by its own directory.
@Suite struct ResumePathTests {
  private let options = [
    "--problem", "switch", "--gamma", "0,0.5,2", "--schedule", "persistent-sga", "--iterations", "30", "--warmup", "40",
    "--draws", "4", "--final-draws", "20", "--folds", "0", "--out", "path",
  ]

  private func expectSameFiles(_ program: Program) throws {
    #expect(try program.read("cut/path/path.json") == program.read("whole/path/path.json"))
    for folder in ["gamma-0", "gamma-0.5", "gamma-2"] {
      for file in ["trace.jsonl", "priors.json", "draws.csv", "posterior.csv", "report.json"] {
        let place = "path/\(folder)/\(file)"
        #expect(try program.read("cut/" + place) == program.read("whole/" + place), "\(place)")
      }
    }
  }

  @Test(.timeLimit(.minutes(30))) func killedInItsSecondRun() throws {
    let program = try Program()
    defer { program.remove() }
    for folder in ["whole", "cut"] { try program.makeFolder(folder) }
    let whole = try program.run(options, in: "whole")
    try #require(whole.status == 0, "\(whole.error)")

    let run = try program.start(options, in: "cut")
    try run.wait {
      try program.exists("cut/path/gamma-0.5/trace.jsonl")
        && program.read("cut/path/gamma-0.5/trace.jsonl").count { $0 == "\n" } >= 2
    }
    run.send(SIGKILL)
    #expect(try run.finish().reason == .uncaughtSignal)
    expectFailure(
      try program.run(["resume", "path/gamma-0.5"], in: "cut"), status: 64,
      mentions: ["part of a path", "eb-tune resume path."])
    let outcome = try program.run(["resume", "path"], in: "cut")
    #expect(outcome.status == 0 && outcome.output == whole.output, "\(outcome.error)")
    #expect(outcome.error.components(separatedBy: "Tuning ").count == 3, "the first run is not repeated")
    try expectSameFiles(program)

    let again = try program.run(["resume", "path"], in: "cut")
    #expect(again.status == 0 && again.output.contains("path: the path is finished"))
    // Killed before the last run took its place in the comparison.
    let points = try program.read("cut/path/path.json").components(separatedBy: "\n  },\n  {")
    try #require(points.count == 3)
    try program.write(points[0] + "\n  },\n  {" + points[1] + "\n  }\n]", to: "cut/path/path.json")
    try #require(program.json([RunFiles.Point].self, "cut/path/path.json").map(\.gamma) == [0, 0.5])
    #expect(try program.run("resume", "cut/path", "-q").status == 0)
    try expectSameFiles(program)
    // Killed before the comparison was written, and before the last run began.
    let files = FileManager.default
    try files.removeItem(at: program.directory.appendingPathComponent("cut/path/path.json"))
    try files.removeItem(at: program.directory.appendingPathComponent("cut/path/gamma-2"))
    #expect(try program.run("resume", "cut/path", "--threads", "1").status == 0)
    try expectSameFiles(program)
  }
}
