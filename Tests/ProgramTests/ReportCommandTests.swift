import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `eb-tune report` and `eb-tune plot` show what a directory holds, and say in words what it does not.
@Suite struct ReportCommandTests {
  /// Names of columns that a page has to escape.
  private static let (column, target) = ("x <i>", "t & \"q\"")

  private func tune(_ program: Program, out: String = "run", _ more: [String] = []) throws {
    let rows = (0..<40).map { row in
      "\(Double(row) / 9),\(1000 + 300 * sin(Double(row) / 9) + 30 * sin(37.1 * Double(row)))"
    }
    try program.write((["\"x <i>\",\"t & \"\"q\"\"\""] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
    let outcome = try program.run(
      [
        "tune", "--data", "rows.csv", "--target", Self.target, "--expert", "`x <i>`", "--gate", "`x <i>`", "--experts",
        "2", "--test-fraction", "0.2", "--out", out, "--quiet", "--final-draws", "60",
      ] + short.filter { $0 != "20" && $0 != "--final-draws" } + more)
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  private func isXML(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

  @Test func aRunHasAllItsFigures() throws {
    let program = try Program()
    defer { program.remove() }
    try tune(program)
    let outcome = try program.run("report", "run/")
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(outcome.output.contains("run/report.html"))
    let page = try program.read("run/report.html")
    #expect(isXML(page) && page.utf8.count < 5_000_000)
    for words in [
      "Objective over iterations", "Paths of the hyperparameters", "Prior against posterior", "Rank plots", "Energy",
      "Predictions along each column", "Calibration", "Leave-one-out", "Log predictive density of 8 rows held out",
      "Priors before and after tuning", "t &amp; &quot;q&quot; against x &lt;i&gt;", "Who predicts",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.contains("x <i>") && !page.contains("<script") && !page.contains("What is missing here"))
    // The response is shown in its own units: about 1000, where the model's are about 0.
    #expect(page.contains(">1,000<"))
    // The same directory makes the same page.
    #expect(try program.run("report", "run", "--out", "again.html").status == 0)
    #expect(try program.read("again.html") == page)

    for name in ["objective", "paths", "priors", "predictive", "calibration", "loo", "ranks", "energy"] {
      let plotted = try program.run("plot", "run", "--figure", name, "--out", "\(name).svg")
      #expect(plotted.status == 0, "\(plotted.error)")
      let svg = try program.read("\(name).svg")
      #expect(isXML(svg) && svg.hasPrefix("<svg") && svg.contains("<desc"), "\(name)")
    }
    expectFailure(
      try program.run("plot", "run", "--figure", "prior", "--out", "x.svg"), status: 64, mentions: ["prior", "priors"])
    expectFailure(
      try program.run("plot", "run", "--figure", "pareto", "--out", "x.svg"), status: 65,
      mentions: ["pareto", "objective"])
    #expect(!program.exists("x.svg"))
  }

  /// What a run that was killed early, or whose data are gone, still shows; and why the rest is not there.
  @Test func missingPiecesAreLeftOut() throws {
    let program = try Program()
    defer { program.remove() }
    try tune(program)
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("rows.csv"))
    #expect(try program.run("report", "run", "--out", "a.html").status == 0)
    let without = try program.read("a.html")
    #expect(without.contains("What is missing here") && without.contains("rows.csv: there is no such file"))
    #expect(without.contains("Rank plots") && !without.contains("Who predicts"))

    for name in ["report.json", "draws.csv", "posterior.csv", "priors.json"] {
      try FileManager.default.removeItem(at: program.directory.appendingPathComponent("run/\(name)"))
    }
    let trace = try program.read("run/trace.jsonl")
    try program.write(trace + "{\"coordinates\":[\"intercepts", to: "run/trace.jsonl")
    let outcome = try program.run("report", "run", "--out", "b.html")
    #expect(outcome.status == 0, "\(outcome.error)")
    let page = try program.read("b.html")
    #expect(isXML(page) && page.contains("This run did not finish") && page.contains("Objective over iterations"))
    #expect(page.contains("What is missing here") && !page.contains("Rank plots"))

    try program.write("", to: "run/trace.jsonl")
    #expect(try program.run("report", "run", "--out", "c.html").status == 0)
    #expect(try program.read("c.html").contains("no iteration is written"))
  }

  @Test func severalRunsAndASelectionStandSideBySide() throws {
    let program = try Program()
    defer { program.remove() }
    try tune(program, out: "a/run")
    try tune(program, out: "b/run", ["--seed", "2"])
    let selected = try program.run(
      "select", "--data", "rows.csv", "--target", Self.target, "--expert", "`x <i>`", "--gate", "`x <i>`", "--experts",
      "1,2", "--models", "moe", "--warmup", "30", "--final-draws", "30", "--out", "selection", "-q")
    #expect(selected.status == 0, "\(selected.error)")
    let outcome = try program.run("report", "a/run", "b/run", "selection", "--out", "all.html")
    #expect(outcome.status == 0, "\(outcome.error)")
    let page = try program.read("all.html")
    #expect(isXML(page))
    for words in [
      "Side by side", "a/run: Tuning raised the log evidence", "Run a/run", "Run b/run", "Selection selection",
      "Leave-one-out score against complexity",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(try program.run("plot", "selection", "--figure", "pareto", "--out", "p.svg").status == 0)
    #expect(try program.read("p.svg").contains("one expert"))
    #expect(try program.run("plot", "a/run", "b/run", "--figure", "paths", "--out", "q.svg").status == 0)
    let paths = try program.read("q.svg")
    #expect(paths.contains(">a/run<") && paths.contains(">b/run<"))
  }

  @Test func wrongDirectories() throws {
    let program = try Program()
    defer { program.remove() }
    expectFailure(try program.run("report", "absent"), status: 66, mentions: ["absent", "no such directory"])
    try program.makeFolder("empty")
    expectFailure(try program.run("report", "empty"), status: 66, mentions: ["empty/config.json"])
    try program.write("x", to: "file")
    expectFailure(try program.run("report", "file"), status: 66, mentions: ["file", "directory"])
    try program.write("{\"seed\": 1}", to: "empty/config.json")
    expectFailure(try program.run("report", "empty"), status: 65, mentions: ["empty/config.json"])
    try program.write("[]", to: "empty/verdict.json")
    expectFailure(try program.run("report", "empty"), status: 65, mentions: ["empty/verdict.json"])
    expectFailure(try program.run("report"), status: 64, mentions: ["dir"])
    #expect(try program.names(in: "empty") == ["config.json", "verdict.json"])
  }
}
