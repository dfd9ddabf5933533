import Foundation
import Testing
import _TestSupport

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Columns of text as factors, and rows held out by their date: from the file to every output.
@Suite struct FactorDataTests {
  /// Days from 1 January 2004 on, a shift in words, a line in numbers that are names, a load.
  static func rows(_ count: Int) -> String {
    let shifts = ["early", "late", "\"night, half\""]
    let lines = (0..<count).map { row in
      let x = Double(row % 17) / 9
      let shift = row * 7 % 11 % 3
      let y = sin(x) + 0.4 * Double(shift) + (row % 2 == 0 ? 0.5 : -0.5) * x + 0.1 * sin(37.1 * Double(row))
      let (month, day) = (row < 31 ? 1 : row < 60 ? 2 : 3, row < 31 ? row + 1 : row < 60 ? row - 30 : row - 59)
      return "2004-0\(month)-\(day < 10 ? "0" : "")\(day)T12:00,\(shifts[shift]),\(row % 2 == 0 ? 10 : 9),\(x),\(y)"
    }
    return (["when,work shift,line,x,y"] + lines).joined(separator: "\n") + "\n"
  }

  static let features = [
    "--data", "rows.csv", "--target", "y", "--expert", "x,factor(`work shift`),factor(line):x", "--gate",
    "factor(`work shift`),x",
  ]

  private func prepared() throws -> Program {
    let program = try Program()
    try program.write(Self.rows(90), to: "rows.csv")
    return program
  }

  @Test(.timeLimit(.minutes(30))) func fromTheFileToEveryOutput() throws {
    let program = try prepared()
    defer { program.remove() }
    let outcome = try program.run(
      Self.features + ["--test-after", "when=2004-03-10", "--gamma", "0.1", "--out", "run"] + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    let names = try program.json(RunFiles.Priors.self, "run/priors.json").priors.map(\.parameter)
    #expect(
      Array(names.filter { $0.hasPrefix("slope[1") }) == [
        "slope[1,x]", "slope[1,work shift.late]", "slope[1,work shift.night__half]", "slope[1,line.10:x]",
      ])
    #expect(names.contains("gate[1,work shift.night__half]") && names.contains("behaviour[work shift.late]"))
    let configuration = try program.json(RunFiles.Configuration.self, "run/config.json")
    // Row 69 is 10 March at noon, which is after its midnight.
    #expect(configuration.data.rows == 69 && configuration.data.testRows == 21)
    #expect(try program.json(RunFiles.Report.self, "run/report.json").heldOut?.rows == 21)
    #expect(try program.read("run/config.json").contains("\"test-after\" : \"when=2004-03-10\""))

    #expect(try program.run("report", "run").status == 0)
    let page = try program.read("run/report.html")
    #expect(XMLParser(data: Data(page.utf8)).parse() && !page.contains("What is missing here"))
    for words in [
      "y against work shift", "Who predicts, along work shift", ">night, half<", ">early<", "y against line",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    for format in ["stan", "zarr", "cmdstan", "brms", "pymc", "numpyro", "json"] {
      let exported = try program.run("export", "run", "--to", format)
      #expect(exported.status == 0, "\(format): \(exported.error)")
    }
    let data = try program.json([String: ExportTests.Numbers].self, "run/export/stan/data.json")
    guard case .matrix(let matrix)? = data["X"] else {
      Issue.record("no matrix X")
      return
    }
    // Columns: x, late, night; line 10 times x.
    for (row, values) in matrix.enumerated() {
      let shift = row * 7 % 11 % 3
      #expect(values[1] == (shift == 1 ? 1 : 0) && values[2] == (shift == 2 ? 1 : 0))
      #expect(values[3] == (row % 2 == 0 ? values[0] : 0))
    }
    #expect(matrix.count == 69)
    #expect(try program.run("export", "run", "--to", "brms").output.contains("coef = \"work_shift.night__half\""))
    let zarr = try program.read("run/export/run.zarr/zarr.json")
    #expect(zarr.contains("expert_feature"))
  }

  @Test(.timeLimit(.minutes(30))) func resumed() throws {
    let program = try Program()
    defer { program.remove() }
    let options =
      Self.features + [
        "--test-fraction", "0.2", "--split-seed", "5", "--model", "moe", "--final-draws", "300", "--out", "run",
      ]
    for folder in ["whole", "cut"] {
      try program.makeFolder(folder)
      try program.write(Self.rows(90), to: folder + "/rows.csv")
    }
    try #require(try program.run(options, in: "whole").status == 0)
    let run = try program.start(options, in: "cut")
    try run.wait { try run.errorSoFar().contains("Drawing the posterior at the tuned priors") }
    run.send(SIGKILL)
    #expect(try run.finish().reason == .uncaughtSignal)
    let outcome = try program.run(["resume", "cut/run", "--quiet"])
    #expect(outcome.status == 0, "\(outcome.error)")
    try ResumeTests.expectSameFiles(program)
  }

  /// The split has a seed of its own: the same rows are held out whatever the seed of the sampler.
  @Test func splitSeeds() throws {
    let program = try prepared()
    defer { program.remove() }
    func held(_ options: String...) throws -> RunFiles.Report.HeldOut? {
      let outcome = try program.run(
        Self.features + ["--test-fraction", "0.3", "--quiet", "--json", "--model", "moe", "--experts", "1"] + options
          + short)
      try #require(outcome.status == 0, "\(outcome.error)")
      return try JSONDecoder().decode(RunFiles.Report.self, from: Data(outcome.output.utf8)).heldOut
    }
    let usual = try #require(try held("--seed", "4"))
    let same = try #require(try held("--seed", "4", "--split-seed", "4"))
    let other = try #require(try held("--seed", "4", "--split-seed", "5"))
    #expect(usual.tuned == same.tuned && usual.initial == same.initial)
    #expect(usual.initial != other.initial && other.rows == 27)
  }

  @Test func refusals() throws {
    let program = try prepared()
    defer { program.remove() }
    func run(_ options: String...) throws -> Program.Outcome {
      try program.run(["--data", "rows.csv", "--target", "y", "--gate", "x"] + options + short)
    }
    func after(_ value: String, status: Int32, _ words: [String]) throws {
      expectFailure(
        try run("--expert", "x", "--test-after", value), status: status, mentions: ["rows.csv"] + words)
    }
    try after("when=2005-01-01", status: 64, ["holds out nothing", "90 rows"])
    try after("when=2003-12-31", status: 64, ["leaves 0 of 90 rows", "greater value"])
    try after("where=3", status: 64, ["where", "when"])
    try after("when=3", status: 65, ["line 2", "2004-01-01T12:00", "cannot be compared with 3"])
    try after("line=2004-01-01", status: 65, ["line 2", "\"line\"", "10"])
    try after("when=2004-03-10T00:00Z", status: 65, ["line 2", "offset from UTC"])
    try after("when=March", status: 64, ["March", "2004-06-01"])
    expectFailure(try run("--expert", "x", "--test-after", "when"), status: 64, mentions: ["--test-after is when"])
    expectFailure(
      try run("--expert", "x", "--test-after", "x=1", "--test-fraction", "0.1"), status: 64,
      mentions: ["--test-fraction", "--test-after", "not both"])
    expectFailure(
      try run("--expert", "x", "--split-seed", "3"), status: 64, mentions: ["--split-seed", "--test-fraction"])
    expectFailure(try program.run("--test-after", "x=1"), status: 64, mentions: ["--test-after", "--data"])
    expectFailure(try program.run("--split-seed", "1"), status: 64, mentions: ["--split-seed", "--data"])

    expectFailure(
      try run("--expert", "`work shift`"), status: 65,
      mentions: ["rows.csv, line 2", "\"early\"", "factor(`work shift`)"])
    expectFailure(
      try run("--expert", "factor(when)"), status: 65, mentions: ["rows.csv", "\"when\" has 90 levels", "45"])
    expectFailure(try run("--expert", "factor(y)"), status: 64, mentions: ["factor(y)", "target"])
    try program.write("y,x,k\n1,2,a\n2,1,a\n3,1,a\n2,5,a\n", to: "one.csv")
    expectFailure(
      try program.run(["--data", "one.csv", "--target", "y", "--expert", "factor(k)", "--gate", "x"] + short),
      status: 65, mentions: ["one.csv", "\"k\"", "every training row"])
    try program.write("y,x,k\n1,2,a\n2,1,b\n3,1,NA\n2,5,a\n", to: "gap.csv")
    expectFailure(
      try program.run(["--data", "gap.csv", "--target", "y", "--expert", "factor(k)", "--gate", "x"] + short),
      status: 65, mentions: ["gap.csv, line 4", "\"NA\"", "unknown"])
  }

  @Test func levelsThatTheTrainingRowsLack() throws {
    let program = try prepared()
    defer { program.remove() }
    let text = Self.rows(90).split(separator: "\n")
    try program.write((text + ["2004-05-01T12:00,holiday,9,1,2"]).joined(separator: "\n") + "\n", to: "rows.csv")
    let late = try program.run(Self.features + ["--test-after", "when=2004-03-15"] + short)
    expectFailure(
      late, status: 65, mentions: ["rows.csv, line 92", "\"work shift\"", "\"holiday\"", "\"late\", \"night, half\""])
    try program.write(text.prefix(1).joined() + "\n2004-05-01T12:00,strike,9,1,2\n", to: "test.csv")
    expectFailure(
      try program.run(Self.features + ["--test-data", "test.csv"] + short), status: 65,
      mentions: ["test.csv, line 2", "\"strike\"", "holiday"])
    // Seeds until one holds the only row of a level out; the sentence says what to do.
    var outcomes: [Program.Outcome] = []
    for seed in 1...40 where outcomes.isEmpty {
      let outcome = try program.run(
        Self.features + ["--test-fraction", "0.4", "--split-seed", "\(seed)", "--dry-run"] + short)
      if outcome.status != 0 { outcomes.append(outcome) }
    }
    // A share of 0.4 leaves the row in 40 times with a probability below 1e-8.
    expectFailure(
      try #require(outcomes.first), status: 65, mentions: ["rows.csv, line 92", "holiday", "another --split-seed"])
  }

  /// A fold without a level is fitted all the same: its prior speaks for it.
  @Test(.timeLimit(.minutes(30))) func foldsWithoutALevel() throws {
    let program = try prepared()
    defer { program.remove() }
    try program.write(Self.rows(90) + "2004-05-01T12:00,holiday,9,1,2\n", to: "rows.csv")
    let outcome = try program.run(
      Self.features + ["--model", "moe", "--quiet", "--json"] + short.dropLast(2) + ["--folds", "3"])
    try #require(outcome.status == 0, "\(outcome.error)")
    let report = try JSONDecoder().decode(RunFiles.Report.self, from: Data(outcome.output.utf8))
    #expect(report.heldOut?.folds == 3 && report.heldOut?.rows == 91)
    #expect(report.heldOut?.tuned.value.isFinite == true)
  }

  @Test func selections() throws {
    let program = try prepared()
    defer { program.remove() }
    let outcome = try program.run(
      ["select"] + Self.features.dropLast(2) + [
        "--gates", "factor(`work shift`)", "--gates", "x", "--experts", "1,2", "--models", "moe", "--test-after",
        "when=2004-03-10", "--warmup", "30", "--final-draws", "20", "--quiet",
      ])
    try #require(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("--test-after when=2004-03-10"), "\(outcome.output)")
  }

  @Test(.enabled(if: SharedData.file("data/pdb_load/pdb_train.csv") != nil, "the shared load data are absent"))
  func realLoad() throws {
    let file = try #require(SharedData.file("data/pdb_load/pdb_train.csv"))
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(
      [
        "--data", file.path, "--target", "demand", "--expert", "fourier(hour,24,2),factor(weekday)", "--gate",
        "factor(month)", "--test-after", "year=2009", "--model", "moe", "--quiet", "--out", "run",
      ] + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    let names = try program.json(RunFiles.Priors.self, "run/priors.json").priors.map(\.parameter)
    #expect(names.filter { $0.hasPrefix("slope[2,weekday.") }.map { $0.dropFirst(16) } == (2...7).map { "\($0)]" })
    #expect(names.contains("gate[1,month.12]"))
    let report = try program.json(RunFiles.Report.self, "run/report.json")
    #expect(report.heldOut.map { $0.rows + report.rows } == 1000)
  }
}
