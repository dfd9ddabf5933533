import Foundation
import Testing

/// A study as YAML, as JSON and as typed options is one and the same run.
@Suite struct StudyFileTests {
  /// Files that hold results, and not where or how they were asked for.
  static let results = ["trace.jsonl", "priors.json", "draws.csv", "posterior.csv"]

  static func expectSameResults(
    _ program: Program, _ one: String, _ two: String, location: SourceLocation = #_sourceLocation
  ) throws {
    for file in results {
      #expect(
        try program.read("\(one)/\(file)") == program.read("\(two)/\(file)"), "\(one), \(two): \(file)",
        sourceLocation: location)
    }
  }

  private static let yaml = """
    data: rows.csv            # beside this file
    target: y
    features:
      expert: [poly(x,2)]
      gate: x
    model: moe
    experts: 2
    split: {fraction: 0.2}
    seed: 5
    gamma: 0.1
    priors:
      slopes: normal(0,2)
      noise: {tuning: fixed}
    final-draws: 20
    """

  private static let json = """
    {"data": "rows.csv", "target": "y", "features": {"expert": ["poly(x,2)"], "gate": "x"}, "model": "moe",
     "experts": 2, "split": {"fraction": 0.2}, "seed": 5, "gamma": 0.1,
     "priors": {"slopes": "normal(0,2)", "noise": {"tuning": "fixed"}}, "final-draws": 20}
    """

  private func prepared() throws -> Program {
    let program = try Program()
    try program.makeFolder("sub")
    try program.write(FoldTests.rows(60), to: "sub/rows.csv")
    try program.write(Self.yaml, to: "sub/study.yaml")
    try program.write(Self.json, to: "sub/study.json")
    return program
  }

  @Test func threeWaysOneResult() throws {
    let program = try prepared()
    defer { program.remove() }
    let end = ["--iterations", "2", "--quiet", "--out"]
    let typed = [
      "--data", "sub/rows.csv", "--target", "y", "--expert", "poly(x,2)", "--gate", "x", "--model", "moe", "--experts",
      "2", "--test-fraction", "0.2", "--seed", "5", "--gamma", "0.1", "--prior", "slopes=normal(0,2)", "--fix", "noise",
      "--final-draws", "20",
    ]
    for (name, options) in [
      ("yaml", ["--study", "sub/study.yaml"]), ("json", ["tune", "--study=sub/study.json"]), ("typed", typed),
    ] {
      let outcome = try program.run(options + end + [name])
      try #require(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    }
    try Self.expectSameResults(program, "yaml", "json")
    try Self.expectSameResults(program, "yaml", "typed")
    // Nothing of what comes after needs the study again.
    let recorded = try program.read("yaml/config.json")
    #expect(!recorded.contains("study") && recorded.contains("\"sub/rows.csv\""))
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("sub/study.yaml"))
    for command in [
      ["evidence", "yaml", "--draws", "8", "-q"], ["report", "yaml"], ["export", "yaml", "--to", "stan"],
    ] {
      let outcome = try program.run(command)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("yaml/report.json"))
    #expect(try program.run("resume", "yaml", "-q").status == 0)
    try Self.expectSameResults(program, "yaml", "typed")
  }

  @Test func whatIsTypedWins() throws {
    let program = try prepared()
    defer { program.remove() }
    func dry(_ options: String...) throws -> String {
      let outcome = try program.run(["--study", "sub/study.yaml", "--dry-run"] + options)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
      return outcome.output
    }
    #expect(try dry().contains("moe with 2 experts; 48 rows to fit, 12 held out; gamma = 0.100"))
    #expect(
      try dry("--gamma", "1", "--experts", "3").contains("moe with 3 experts; 48 rows to fit, 12 held out; gamma = 1."))
    try program.write(FoldTests.rows(10), to: "held.csv")
    #expect(try dry("--test-data", "held.csv").contains("60 rows to fit, 10 held out"))
    #expect(try dry("--problem", "switch").contains("moe with 2 experts; 500 rows to fit, 500 held out; gamma = 0.100"))
    #expect(try dry("--prior", "slopes=normal(0,3)").contains("(0, 3"))
    #expect(!(try dry("--prior", "slopes=normal(0,3)").contains("(0, 2)")))
  }

  /// A study serves every command with data; what a command does not take is said.
  @Test func otherCommands() throws {
    let program = try prepared()
    defer { program.remove() }
    let outcome = try program.run([
      "select", "--study", "sub/study.yaml", "--models", "moe", "--warmup", "20", "--chains", "2", "--out", "selection",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      outcome.error.hasPrefix("select leaves out what is not for it: model, priors, gamma.\n"), "\(outcome.error)")
    #expect(try program.read("selection/selection.json").contains("\"--seed\" : \"5\""))
    try program.write("rows: 40\nseed: 3\nno-baselines: true", to: "experiment.yaml")
    let refused = try program.run("experiment", "motorcycle", "--study", "experiment.yaml")
    expectFailure(refused, status: 64, mentions: ["experiment.yaml, line 1, column 7: ", "--rows is for switch"])
  }

  @Test(arguments: [
    ("gama: 1", 65, "bad.yaml, line 1, column 1: there is no key \"gama\"; did you mean gamma?"),
    ("seed: [1]", 65, "bad.yaml, line 1, column 7: found a list where one value belongs."),
    ("seed: 1\nseed: 2", 65, "\"seed\" is given twice."), ("seed: [", 65, "this is neither YAML nor JSON"),
    ("problem: switch\ngamma: much", 64, "bad.yaml, line 2, column 8: "),
    ("problem: switch\nchains: 0", 64, "bad.yaml, line 2, column 9: --chains is 0; allowed is 1 to 1000"),
    ("fix: [noise, nosie]", 64, "bad.yaml, line 1, column 14: "), ("split: {fraction: 2}", 64, "bad.yaml, line 1"),
    ("study: x", 65, "there is no key \"study\""), ("config: x", 65, "there is no key \"config\""),
    ("", 65, "is empty"),
    ("help: true", 65, "there is no key \"help\""),
  ])
  func refusals(text: String, status: Int32, sentence: String) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(text, to: "bad.yaml")
    expectFailure(try program.run("--study", "bad.yaml"), status: status, mentions: [sentence])
    expectFailure(
      try program.run("--study", "absent.yaml"), status: 66, mentions: ["absent.yaml: there is no such file"])
    #expect(!program.exists("runs"))
  }

  @Test func mistakesOnTheCommandLine() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("problem: switch", to: "a.yaml")
    expectFailure(try program.run("--study", "a.yaml", "--study", "a.yaml"), status: 64, mentions: ["Give one --study"])
    expectFailure(try program.run("--study"), status: 64, mentions: ["--study"])
    expectFailure(try program.run("--study", "a.yaml", "--gama", "1"), status: 64, mentions: ["--gama"])
    expectFailure(try program.run("--study", "a.yaml", "--gamma", "-1"), status: 64, mentions: ["eb-tune: The value"])
    expectFailure(try program.run("resume", "--study", "a.yaml"), status: 64, mentions: ["--study"])
    #expect(try program.run("--study", "absent.yaml", "--help").status == 0)
  }
}
