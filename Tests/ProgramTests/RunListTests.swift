import Foundation
import Testing

/// `eb-tune list` and `eb-tune compare`.
@Suite struct RunListTests {
  private struct Listed: Decodable {
    let path: String
    let state: String
    let iterations: Int
    let warnings: Int?
    let reason: String?
  }

  private struct Comparison: Decodable {
    struct Setting: Decodable {
      let name: String
      let values: [String]
    }
    struct Ranking: Decodable {
      struct Entry: Decodable {
        let name: String
        let elpd: Score
        let lag: Score
      }
      let entries: [Entry]?
      let sentence: String
    }
    struct Score: Decodable {
      let value: Double
      let standardError: Double?
    }
    let settings: [Setting]
    let leaveOneOut: Ranking
    let heldOut: Ranking
  }

  @Test(.timeLimit(.minutes(30))) func runsOfEveryStateAreListed() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run("list").output.hasPrefix("There is no run below the current directory"))
    let run = ["--problem", "switch", "--quiet"] + short
    #expect(try program.run(run + ["--out", "runs/whole"]).status == 0)
    #expect(try program.run(run + ["--gamma", "0,1", "--out", "path"]).status == 0)
    let files = FileManager.default
    func place(_ path: String) -> String { program.directory.appendingPathComponent(path).path }
    try files.copyItem(atPath: place("runs/whole"), toPath: place("stopped"))
    try files.removeItem(atPath: place("stopped/report.json"))
    try files.copyItem(atPath: place("runs/whole"), toPath: place("damaged"))
    try program.write("{", to: "damaged/report.json")
    let going = try program.start(
      ["--problem", "switch", "--quiet", "--schedule", "persistent-sga", "--iterations", "100000", "--out", "going"])
    try going.wait { program.exists("going/trace.jsonl") }
    let listed = try JSONDecoder().decode([Listed].self, from: Data(try program.run("list", "--json").output.utf8))
    #expect(listed.map(\.path) == ["damaged", "going", "path/gamma-0", "path/gamma-1", "runs/whole", "stopped"])
    #expect(listed.map(\.state) == ["damaged", "running", "finished", "finished", "finished", "stopped"])
    #expect(listed[0].reason?.contains("report.json") == true && listed[4].iterations == 2 && listed[4].warnings != nil)
    going.send(SIGTERM)
    #expect(try going.finish().status == 75)
    let text = try program.run("list", "runs/", "stopped").output
    #expect(text.contains("runs/whole") && text.contains("stopped at iteration 1") && !text.contains("going"))
    // The one that was just stopped, too.
    #expect(
      try program.run("list", ".", "stopped", "./stopped/").output.components(separatedBy: "stopped at").count == 3)
    expectFailure(try program.run("list", "nowhere"), status: 66, mentions: ["nowhere", "no such directory"])
  }

  @Test(.timeLimit(.minutes(30))) func runsAreCompared() throws {
    let program = try Program()
    defer { program.remove() }
    for (out, options) in [
      ("a", ["--problem", "switch"]), ("b", ["--problem", "switch", "--model", "moe"]),
      ("c", ["--problem", "transition"]),
    ] { #expect(try program.run(options + ["--quiet", "--out", out] + short).status == 0) }
    let output = try program.run("compare", "a", "b/", "--json").output
    let both = try JSONDecoder().decode(Comparison.self, from: Data(output.utf8))
    #expect(both.settings.map(\.name) == ["model"] && both.settings[0].values == ["cocoafuse", "moe"])
    for ranking in [both.leaveOneOut, both.heldOut] {
      let entries = try #require(ranking.entries)
      #expect(Set(entries.map(\.name)) == ["a", "b"] && entries[0].lag.value == 0)
      #expect(abs(entries[0].elpd.value - entries[1].elpd.value - entries[1].lag.value) < 1e-6)
      // The error of a paired difference; were rows taken for independent, it would be that of both together.
      let apart = entries.map { pow($0.elpd.standardError ?? .nan, 2) }.reduce(0, +).squareRoot()
      #expect((entries[1].lag.standardError ?? .nan) < apart)
    }
    let report = try program.json(RunFiles.Report.self, "a/report.json")
    let text = try program.run("compare", "a", "c").output
    #expect(text.contains("Leave-one-out scores are not compared: c and a were fitted to other rows"))
    #expect(text.contains("Held-out densities are not compared: c and a are judged by other rows"))
    #expect(text.contains("What differs") && report.rows > 0)
    expectFailure(try program.run("compare", "a"), status: 64, mentions: ["two directories"])
    expectFailure(try program.run("compare", "a", "a/"), status: 64, mentions: ["a is named twice"])
    expectFailure(try program.run("compare", "a", "d"), status: 66, mentions: ["d/config.json"])
  }
}
