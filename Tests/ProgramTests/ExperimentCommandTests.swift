import Foundation
import Testing

@testable import eb_tune

/// `eb-tune experiment` from outside, with few draws.
@Suite struct ExperimentCommandTests {
  private static let few = ["--warmup", "60", "--draws", "50", "--threads", "2", "--quiet"]

  /// The cells of a line that begins with that label.
  private func cells(_ label: String, in text: String) -> [String]? {
    text.split(separator: "\n").first { $0.hasPrefix(label + "  ") }
      .map { $0.components(separatedBy: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty } }
  }

  @Test(arguments: [
    ("motorcycle", ["--tuned", "none"], ["MoE", "BoE", "CoCoAFusE", "BNN", "GPR"], "46.78 ± 12.35"),
    (
      "switch", ["--rows", "60", "--degrees", "1", "--experts", "2"], ["MoE", "BoE", "CoCoAFusE", "BNN", "GPR"],
      "−646.62 ± 41.13"
    ),
    (
      "transition", ["--rows", "60", "--degrees", "1"], ["MoE2", "MoE3", "BoE", "CoCoAFusE", "BNN", "GPR"],
      "−144.99 ± 19.53"
    ),
  ])
  func printsThePapersTable(name: String, options: [String], models: [String], published: String) throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(["experiment", name] + options + Self.few)
    #expect(outcome.status == 0, "\(outcome.error)")
    for model in models {
      let line = try #require(self.cells(model, in: outcome.output), "no line for \(model)")
      #expect(line.count == 9, "\(line)")
      #expect(line[1].contains("±"))
    }
    #expect(outcome.output.contains(published))
    #expect(outcome.output.contains("more than two joint standard errors"))
    if name != "motorcycle" { #expect(outcome.output.contains("Algorithm 1 chooses for CoCoAFusE: ")) }
  }

  /// Repetitions, files, going on, and the refusal of other settings.
  @Test func goesOnWhereItWas() throws {
    let program = try Program()
    defer { program.remove() }
    let arguments =
      ["experiment", "switch", "--rows", "40", "--degrees", "1", "--experts", "2", "--repeat", "2", "--no-baselines"]
      + ["--out", "e"] + Self.few
    let first = try program.run(arguments)
    #expect(first.status == 0, "\(first.error)")
    #expect(first.output.contains("best LOO"))
    let lines = try program.read("e/results.jsonl").split(separator: "\n")
    #expect(lines.count == 6)
    let table = try program.read("e/table.txt")
    // As after a kill in the middle of the fourth fit.
    let cut = lines.prefix(3).joined(separator: "\n") + "\n" + lines[3].prefix(40)
    _ = try program.write(cut, to: "e/results.jsonl")
    let second = try program.run(arguments)
    #expect(second.status == 0, "\(second.error)")
    #expect(try program.read("e/table.txt") == table)
    #expect(try program.read("e/results.jsonl").split(separator: "\n").prefix(3) == lines.prefix(3))
    let other = try program.run(arguments.map { $0 == "40" ? "41" : $0 })
    expectFailure(other, status: 73, mentions: ["--rows is 40 there and 41 here"])
    let over = try program.run(arguments.map { $0 == "40" ? "41" : $0 } + ["--overwrite"])
    #expect(over.status == 0, "\(over.error)")
    #expect(try program.read("e/results.jsonl").split(separator: "\n").count == 6)
  }

  /// A directory of a run is started over where asked, more repetitions join those there, and a fit that failed is made again.
  @Test func repetitionsJoinAndFailuresAreMadeAgain() throws {
    let program = try Program()
    defer { program.remove() }
    let arguments =
      ["experiment", "switch", "--rows", "40", "--degrees", "1", "--experts", "2", "--no-baselines", "--out", "e"]
      + Self.few
    #expect(try program.run(arguments).status == 0)
    var lines = try program.read("e/results.jsonl").split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    let failed = #"{"failure":"it broke.","key":"BoE | 2 experts | gate degree 1","seed":1}"#
    lines = lines.map { $0.contains("BoE") ? failed : $0 }
    try program.write(lines.joined(separator: "\n") + "\n", to: "e/results.jsonl")
    let more = try program.run(arguments + ["--repeat", "2", "--tau", "0.7"])
    #expect(more.status == 0 && !more.output.contains("it broke"), "\(more.error)")
    let after = try program.read("e/results.jsonl")
    #expect(after.split(separator: "\n").count == 6 && !after.contains("it broke"))
    #expect(after.hasPrefix(try #require(lines.first { $0 != failed })))

    _ = try program.write("{}", to: "e/report.json")
    expectFailure(try program.run(arguments), status: 73, mentions: ["--overwrite"])
    #expect(try program.run(arguments + ["--overwrite"]).status == 0)
    #expect(try program.read("e/results.jsonl").split(separator: "\n").count == 3)
    expectFailure(
      try program.run(arguments.filter { $0 != "--out" && $0 != "e" } + ["--overwrite"]), status: 64,
      mentions: ["--out"])
  }

  /// Some fits that failed are a sentence, all that failed an end.
  @Test func failedFitsAreSaid() throws {
    let program = try Program()
    defer { program.remove() }
    let arguments = ["experiment", "switch", "--rows", "40", "--degrees", "1", "--experts", "2"] + Self.few
    let outcome = try program.run(
      arguments + ["--kernel", "constant(1e308 fixed) * rbf(1 fixed) + white(1e308 fixed)"])
    #expect(outcome.status == 0)
    #expect(outcome.error.hasPrefix("eb-tune: 1 of 5 fits failed: ") && outcome.error.contains("not finite"))
    #expect(outcome.output.contains("GPR failed: ") && outcome.output.contains("behind the best"))
    for words in ["slope τ = 9.35", "x uniform on", "40 training rows", "Calibration: ", "stacking weight"] {
      #expect(outcome.output.contains(words), "\(words)")
    }
    let normal = try program.run(arguments + ["--law", "normal", "--no-baselines"])
    #expect(normal.output.contains("slope τ = 7.24; x ~ N(0, 1)"))
    #expect(throws: Failure.self) { try FailedPieces(["a.", "b."], "fit").report() }
    #expect(throws: Never.self) { try FailedPieces([nil, nil], "fit").report() }
  }

  @Test func saysWhatIsWrong() throws {
    let program = try Program()
    defer { program.remove() }
    expectFailure(try program.run("experiment", "wnid"), status: 64, mentions: ["There is no experiment \"wnid\""])
    expectFailure(
      try program.run("experiment", "wind"), status: 64, mentions: ["T1.csv", "Wind Speed (m/s)", "Kaggle"])
    expectFailure(try program.run("experiment", "pdb"), status: 64, mentions: ["PDB_Load_History.csv", "demand"])
    expectFailure(try program.run("experiment", "wind", "--data", "missing.csv"), status: 66, mentions: ["missing.csv"])
    expectFailure(
      try program.run("experiment", "switch", "--data", "x.csv"), status: 64, mentions: ["--data is for wind, pdb"])
    expectFailure(try program.run("experiment", "switch", "--tau", "1.5"), status: 64, mentions: ["--tau is 1.5"])
    expectFailure(
      try program.run("experiment", "switch", "--degrees", "0"), status: 64, mentions: ["--degrees has \"0\""])
    expectFailure(
      try program.run("experiment", "pdb", "--harmonics", "1,9,1"), status: 64, mentions: ["--harmonics is 1,9,1"])
    expectFailure(try program.run("experiment", "motorcycle", "--kernel", "rbf(("), status: 64, mentions: ["kernel"])
    _ = try program.write("hour,weekday,month,temperature,demand\n1,1,1,50,100\n2,1,1,51,101\n", to: "small.csv")
    expectFailure(
      try program.run("experiment", "pdb", "--data", "small.csv"), status: 65, mentions: ["found 2 rows in all"])
    _ = try program.write("hour,weekday,month,temperature\n1,1,1,50\n", to: "short.csv")
    expectFailure(try program.run("experiment", "pdb", "--data", "short.csv"), status: 64, mentions: ["demand"])
  }
}
