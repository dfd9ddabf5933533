import Foundation
import Testing

/// `--config` repeats a run, or does what somebody made of its configuration.
@Suite struct ConfigReplayTests {
  private func prepared(_ options: [String], quiet: Bool = true) throws -> Program {
    let program = try Program()
    try program.makeFolder("home")
    try program.write(FoldTests.rows(60), to: "home/rows.csv")
    let outcome = try program.run(options + (quiet ? ["--quiet"] : []), in: "home")
    try #require(outcome.status == 0, "\(outcome.error)")
    return program
  }

  private static let options =
    [
      "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--model", "moe", "--gamma=0.1",
      "--test-fraction", "0.2", "--prior", "slopes=normal(0, 2)", "--prior", "slope[1,x]=normal(0,1)", "--fix", "noise",
      "--seed", "4", "--out", "run", "--overwrite", "--json",
    ] + short

  @Test func repeatsARunByteForByte() throws {
    let program = try prepared(Self.options)
    defer { program.remove() }
    for (number, path) in ["home/run", "home/run/config.json"].enumerated() {
      let outcome = try program.run("--config", path, "--quiet", "--out", "again-\(number)")
      #expect(outcome.status == 0 && !outcome.output.hasPrefix("{"), "terminal options are not repeated")
      try StudyFileTests.expectSameResults(program, "home/run", "again-\(number)")
    }
    // A copy of a copy, from the place of the first one.
    let outcome = try program.run(["--config", "../again-0", "--out", "third"], in: "home")
    #expect(outcome.status == 0 && !outcome.error.contains("edited"), "\(outcome.error)")
    try StudyFileTests.expectSameResults(program, "home/run", "home/third")
    // With other data the results are others, and that is said.
    try program.write(FoldTests.rows(61), to: "home/rows.csv")
    let changed = try program.run("--config", "home/run", "--dry-run")
    #expect(
      changed.error.hasPrefix("") && changed.error.contains("rows.csv: the file has changed since the run of home/run"))
    #expect(try program.run("--config", "home/run", "--dry-run", "-q").error.isEmpty)
    #expect(try program.run("--config", "home/run", "--problem", "switch", "--dry-run").error.isEmpty)
  }

  /// Every kind of key, one edit each, against the option that it stands for.
  @Test(arguments: [
    ("\"gamma\" : 0.1", "\"gamma\" : 0.5", ["--gamma", "0.5"]),
    ("\"seed\" : 4", "\"seed\" : 7", ["--seed", "7"]),
    ("\"experts\" : 2", "\"experts\" : 3", ["--experts", "3"]),
    ("\"gateTerms\" : \"x\"", "\"gateTerms\" : \"poly(x,2)\"", ["--gate", "poly(x,2)"]),
    ("\"standardize\" : true", "\"standardize\" : false", ["--raw-scale"]),
    ("\"model\" : \"moe\"", "\"model\" : \"boe\"", ["--model", "boe"]),
    ("\"schedule\" : \"pooled-newton\"", "\"schedule\" : \"persistent-sga\"", ["--schedule", "persistent-sga"]),
    ("\"final-draws\" : \"20\"", "\"final-draws\" : \"24\"", ["--final-draws", "24"]),
    ("\"fix\" : \"noise\"", "\"fix\" : \"slopes intercepts\"", ["--fix", "slopes", "--fix", "intercepts"]),
    ("\"test-fraction\" : \"0.2\"", "\"test-fraction\" : \"0.4\"", ["--test-fraction", "0.4"]),
    (
      "\"target-acceptance\" : \"0.8, 0.9 for final draws\"", "\"target-acceptance\" : \"0.7\"",
      ["--target-acceptance", "0.7"]
    ),
    (
      "slopes=normal(0, 2) slope[1,x]=normal(0,1)", "slopes=normal(0, 3)  slope[1,x]=laplace(0, 1)",
      ["--prior", "slopes=normal(0, 3)", "--prior", "slope[1,x]=laplace(0, 1)"]
    ),
  ])
  func obeysAnEdit(from: String, to: String, options: [String]) throws {
    let program = try prepared(Self.options)
    defer { program.remove() }
    let configuration = try program.read("home/run/config.json")
    try #require(configuration.contains(from), "\(from) in \(configuration)")
    try program.write(configuration.replacing(from, with: to), to: "home/run/config.json")
    let edited = try program.run("--config", "home/run", "--out", "edited")
    try #require(edited.status == 0, "\(edited.error)")
    #expect(edited.error.hasPrefix("home/run/config.json: \""), "\(edited.error)")
    #expect(edited.error.contains("was edited; it is ") && edited.error.contains("was "))
    var plain = Self.options.filter { $0 != "--json" }
    if options[0] == "--fix" { plain.replace(["--fix", "noise"], with: []) }
    let typed = try program.run(plain + options + ["--quiet", "--out", "typed"], in: "home")
    try #require(typed.status == 0, "\(typed.error)")
    try StudyFileTests.expectSameResults(program, "edited", "home/typed")
    #expect(
      try program.read("edited/trace.jsonl") != program.read("home/run/trace.jsonl") || options[0] == "--final-draws")
  }

  @Test(arguments: [
    (
      "\"defaultPriors\" : true", "\"defaultPriors\" : false",
      "\"defaultPriors\" is false there, which no option leads to"
    ),
    ("\"gamma\" : 0.1", "\"gamma\" : -1", "home/run/config.json: "),
    ("\"model\" : \"moe\"", "\"model\" : \"tree\"", "tree"),
    ("\"metric\" :", "\"colour\" : \"red\", \"metric\" :", "there is no option for the key \"other.colour\""),
    ("\"--target\"", "\"--goal\"", "home/run/config.json: "),
    ("\"gamma\" : 0.1", "\"gamma\" : \"much\"", "\"gamma\" is of another kind"),
    ("\"seed\" : 4,", "", "the key \"seed\" is missing"),
  ])
  func refusesAnEditThatLeadsNowhere(from: String, to: String, sentence: String) throws {
    let program = try prepared(Self.options)
    defer { program.remove() }
    let configuration = try program.read("home/run/config.json")
    try #require(configuration.contains(from), "\(from) in \(configuration)")
    try program.write(configuration.replacing(from, with: to), to: "home/run/config.json")
    expectFailure(try program.run("--config", "home/run", "--dry-run"), status: 65, mentions: [sentence])
  }

  @Test func mistakes() throws {
    let program = try Program()
    defer { program.remove() }
    try program.makeFolder("empty")
    try program.write("{", to: "broken.json")
    expectFailure(try program.run("--config", "absent"), status: 66, mentions: ["absent: there is no such file"])
    expectFailure(try program.run("--config", "empty"), status: 66, mentions: ["empty/config.json"])
    expectFailure(try program.run("--config", "broken.json"), status: 65, mentions: ["broken.json", "JSON"])
    expectFailure(try program.run("--config"), status: 64, mentions: ["--config"])
  }

  @Test func aPathOverGamma() throws {
    let program = try prepared(["--problem", "switch", "--gamma", "0,0.5", "--out", "path"] + short)
    defer { program.remove() }
    let whole = try program.run("--config", "home/path", "--quiet", "--out", "again")
    try #require(whole.status == 0, "\(whole.error)")
    for folder in ["gamma-0", "gamma-0.5"] {
      try StudyFileTests.expectSameResults(program, "home/path/\(folder)", "again/\(folder)")
    }
    let one = try program.run("--config", "home/path/gamma-0.5", "--dry-run")
    #expect(one.status == 0 && one.output.contains("gamma = 0.500") && !one.output.contains("gamma = 0;"))
    #expect(one.error.contains("\"gamma\" was edited; it is 0.5, was 0.0,0.5"), "\(one.error)")
  }
}
