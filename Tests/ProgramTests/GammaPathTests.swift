import Foundation
import Testing

/// `--gamma` with a list: one run a weight, each from where the one before ended, and a table.
@Suite struct GammaPathTests {
  private let path = ["--problem", "switch", "--gamma", "0,0.5,2", "--out", "path"]

  @Test func aDirectoryAndARowEach() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(path + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    #expect(try program.names(in: "path") == ["gamma-0", "gamma-0.5", "gamma-2", "path.json"])
    let points = try program.json([RunFiles.Point].self, "path/path.json")
    #expect(points.map(\.gamma) == [0, 0.5, 2])
    #expect(points.allSatisfy { ($0.expertsInUse ?? 0) > 1 && ($0.expertsInUse ?? 3) <= 2 + 1e-9 })
    var before: [Double]?
    for (point, name) in zip(points, ["0", "0.5", "2"]) {
      let folder = "path/gamma-\(name)"
      #expect(try program.names(in: folder) == RunFiles.all)
      #expect(try program.json(RunFiles.Configuration.self, folder + "/config.json").gamma == point.gamma)
      let report = try program.json(RunFiles.Report.self, folder + "/report.json")
      #expect(report.coordinates.map(\.tuned) == point.tuned.map(\.tuned))
      #expect(
        report.coordinates.allSatisfy { $0.initial == 1 }, "compared with untuned priors, not with the last run's")
      let start = try #require(RunFiles.trace(program.read(folder + "/trace.jsonl")).first).info.lambda
      if let before {
        #expect(zip(start, before).allSatisfy { abs($0 - log($1)) < 1e-12 }, "starts where the last run ended")
      } else {
        #expect(start.allSatisfy { $0 == 0 })
      }
      before = point.tuned.map(\.tuned)
    }
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let header = try #require(lines.firstIndex { $0.hasPrefix("gamma ") || $0.hasPrefix("gamma  ") })
    let rows = lines[(header + 2)...(header + 4)].map { $0.split(separator: " ").first.flatMap { Double($0) } }
    #expect(rows == [0, 0.5, 2], "\(outcome.output)")
    #expect(lines[header].contains("ln evidence gain") && lines[header].contains("experts in use"))

    expectFailure(try program.run(path + short + ["--quiet"]), status: 73, mentions: ["path/gamma-0", "--overwrite"])
    let evidence = try program.run("evidence", "path/gamma-0.5", "--at", "tuned", "--draws", "20", "--quiet")
    #expect(evidence.status == 0, "\(evidence.error)")
  }

  /// A directory that is taken is found before anything is tuned.
  @Test func aLaterDirectoryThatIsTaken() throws {
    let program = try Program()
    defer { program.remove() }
    try program.makeFolder("path/gamma-2")
    try program.write("{}", to: "path/gamma-2/priors.json")
    expectFailure(try program.run(path + short), status: 73, mentions: ["path/gamma-2", "--overwrite"])
    #expect(!program.exists("path/gamma-0/config.json") && !program.exists("path/path.json"))
  }

  @Test func asJSON() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(["--problem", "switch", "--gamma", "0, 1e300", "--json", "--quiet"] + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    #expect(try JSONDecoder().decode([RunFiles.Point].self, from: Data(outcome.output.utf8)).count == 2)
  }

  /// The first run is whole, the second has its tuned priors.
  @Test(.timeLimit(.minutes(30)), arguments: [true, false])
  func interrupted(withDirectory: Bool) throws {
    let program = try Program()
    defer { program.remove() }
    var arguments = ["--problem", "switch", "--gamma", "0,0.5", "--schedule", "persistent-sga", "--draws", "2"]
    arguments += ["--iterations", "300", "--final-draws", "20"] + ["--out", withDirectory ? "path" : "none"]
    let run = try program.start(arguments)
    try run.wait {
      try run.errorSoFar().components(separatedBy: "Tuning ").dropFirst(2).last?.contains("iteration 2/") == true
    }
    run.send(SIGINT)
    let outcome = try run.finish()
    #expect(outcome.status == 75, "\(outcome.error)")
    let last = try #require(outcome.error.split(separator: "\n").last)
    guard withDirectory else {
      #expect(outcome.output.contains("the path over gamma") && last.hasSuffix("are above."), "\(outcome.output)")
      return
    }
    #expect(outcome.output.isEmpty && last.hasSuffix("path/gamma-0.5/priors.json)."), "\(last)")
    #expect(last.contains("continue with: eb-tune resume path ("), "\(last)")
    #expect(try program.json([RunFiles.Point].self, "path/path.json").map(\.gamma) == [0])
    #expect(try program.names(in: "path/gamma-0") == RunFiles.all)
    #expect(try program.names(in: "path/gamma-0.5") == RunFiles.tuned)
  }
}
