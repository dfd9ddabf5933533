import EmpiricalBayes
import Foundation
import LogDensities
import Sampling
import Testing

@testable import TuningIO

struct AtomicFileTests {
  @Test func filesAppearWholeOrNotAtAll() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a.json")
    try AtomicFile.write("one", to: path)
    #expect(try directory.text("a.json") == "one")
    do {
      let file = try AtomicFile(path: path)
      try file.append(String(repeating: "x", count: 200_000))
      #expect(try directory.text("a.json") == "one", "untouched until the commit")
      #expect(directory.contents.count == 2)
    }
    #expect(directory.contents == ["a.json"], "an abandoned writer leaves nothing")
    try AtomicFile.write("two", to: path)
    #expect(try directory.text("a.json") == "two")
    #expect(directory.contents == ["a.json"])
  }

  @Test func relativePathsWork() throws {
    let name = "eb-tune-test-\(UUID().uuidString)"
    defer { unlink(name) }
    try AtomicFile.write("x", to: name)
    #expect(FileManager.default.fileExists(atPath: name))
  }

  @Test func placesThatTakeNoFiles() throws {
    let directory = try TemporaryDirectory()
    let missing = directory.file("none/a.json")
    #expect(throws: OutputError.cannotCreate(path: missing, reason: "no such file or directory")) {
      try AtomicFile.write("x", to: missing)
    }
    #expect(throws: OutputError.cannotCreate(path: directory.path, reason: "is a directory")) {
      try AtomicFile.write("x", to: directory.path)
    }
    #expect(OutputError.cannotCreate(path: "", reason: "").exitCode.rawValue == 73)
    #expect(OutputError.diskFull(path: "").exitCode.rawValue == 74)
  }

  @Test func aFullDeviceIsAFullDisk() throws {
    let error = #expect(throws: OutputError.self) { try Journal(path: "/dev/full", appending: true).append("line") }
    #expect(error == .diskFull(path: "/dev/full"))
    #expect(error?.description == "/dev/full: the disk is full; the file was not written.")
  }
}

struct JournalTests {
  @Test func linesAreWholeAndInOrder() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("trace.jsonl")
    let journal = try Journal(path: path)
    try journal.append("{\"a\":1}")
    #expect(try directory.text("trace.jsonl") == "{\"a\":1}\n", "on the disk before the journal is closed")
    try journal.append("two\nlines")
    try journal.synchronise()
    #expect(try Journal.lines(at: path) == ["{\"a\":1}", "two lines"])
    try Journal(path: path, appending: true).append("three")
    #expect(try Journal.lines(at: path).count == 3)
    _ = try Journal(path: path)
    #expect(try Journal.lines(at: path) == [])
  }

  @Test func anUnfinishedLineIsLeftOut() throws {
    let directory = try TemporaryDirectory()
    try "one\ntw".write(toFile: directory.file("t"), atomically: true, encoding: .utf8)
    #expect(try Journal.lines(at: directory.file("t")) == ["one"])
  }
}

struct RunDirectoryTests {
  @Test func isMadeWithItsParents() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("a/b/c")
    let priors: String
    do {
      let run = try RunDirectory(preparing: path + "/")
      #expect(run.path == path && run.written.isEmpty)
      #expect(throws: OutputError.inUse(path: path), "another run is at work") { try RunDirectory(preparing: path) }
      priors = run.path(of: .priors)
      try AtomicFile.write("{}", to: priors)
      #expect(run.written == [priors])
    }
    try AtomicFile.write("mine", to: path + "/notes.txt")
    #expect(throws: OutputError.occupied(path: path), "an earlier run lies there") { try RunDirectory(preparing: path) }
    #expect(FileManager.default.fileExists(atPath: priors), "a refusal removes nothing")
    #expect(try RunDirectory(preparing: path, overwriting: true).written.isEmpty, "files of an earlier run go")
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["notes.txt"], "other files stay")
  }

  @Test func placesThatCannotHoldOne() throws {
    let directory = try TemporaryDirectory()
    try "x".write(toFile: directory.file("f"), atomically: true, encoding: .utf8)
    #expect(throws: OutputError.notADirectory(path: directory.file("f"))) {
      try RunDirectory(preparing: directory.file("f"))
    }
    #expect(throws: OutputError.self) { try RunDirectory(preparing: directory.file("f/g")) }
    #expect(throws: OutputError.self) { try RunDirectory(preparing: "") }
    let error = #expect(throws: OutputError.self) { try RunDirectory(preparing: "/proc/eb-tune") }
    #expect(error?.exitCode == .cannotCreate)
    #expect(throws: OutputError.self) { try RunDirectory(preparing: "/proc") }
  }
}

struct ExportTests {
  private let entries = [
    Hyperparameters.Entry(name: "slope[1,wind.speed].location", kind: .location, block: "slopes"),
    Hyperparameters.Entry(name: "slope[1,wind.speed].scale", kind: .logScale, block: "slopes"),
    Hyperparameters.Entry(name: "sigma[1].location", kind: .location, block: "noise"),
    Hyperparameters.Entry(name: "sigma[1].scale", kind: .logScale, block: "noise"),
  ]

  private func export() -> PriorExport {
    var initial = Hyperparameters(entries: entries, values: [0, 0, -1, log(0.5)])
    initial.tune([1], name: "slopes: scale", bounds: -3...3)
    initial.tune([3], name: "noise: scale")
    return PriorExport(
      model: "cocoafuse", gamma: 0.1, bestIteration: 4, initial: initial, tuned: initial.moved(to: [-5, 0.7]),
      standardErrors: [nil, 0.25]
    ) { $0.hasPrefix("sigma") ? "logNormal" : "laplace" }
  }

  @Test func priorsOnTheirOwnScales() throws {
    let export = export()
    #expect(export.priors.map(\.parameter) == ["slope[1,wind.speed]", "sigma[1]"])
    #expect(export.priors.map(\.family) == ["laplace", "logNormal"])
    let scale = export.priors[0].hyperparameters[1]
    #expect(scale.name == "scale" && scale.initial == 1 && abs(scale.tuned - exp(-3)) < 1e-16)
    #expect(scale.isAtBound && scale.coordinate == "slopes: scale" && scale.standardError == nil)
    let noise = export.priors[1].hyperparameters
    #expect(noise[0].coordinate == nil && noise[0].tuned == -1)
    #expect(abs(noise[1].tuned - exp(0.7)) < 1e-15 && noise[1].standardError == 0.25)
    #expect(try JSONText.decode(PriorExport.self, from: JSONText.document(export)) == export)
  }

  @Test func priorsAsATable() {
    #expect(
      TextTable.priors(export()).lines() == [
        "parameter            prior          initial        tuned",
        "───────────────────  ─────────  ───────────  ───────────  ────────────",
        "slope[1,wind.speed]  laplace         (0, 1)  (0, 0.0498)  at the bound",
        "sigma[1]             logNormal  (−1, 0.500)   (−1, 2.01)",
      ])
  }

  /// The tuned priors in the data's units stand in the same table where it fits, else in one of their own; no line is wider
  /// than the terminal, and without a scaling nothing is added.
  @Test func priorsInTheDatasUnits() {
    var export = export()
    #expect(TextTable.priorLines(export, width: 80) == TextTable.priors(export).lines(width: 80))
    for index in export.priors.indices {
      export.priors[index].units = .init(offset: 0, factor: 10, unit: "demand")
    }
    for lane in 0..<2 {
      export.priors[0].hyperparameters[lane].tunedInDataUnits = [0, 0.498][lane]
      export.priors[1].hyperparameters[lane].tunedInDataUnits = [1.3, 2.01][lane]
    }
    #expect(export.undoesScaling)
    #expect(
      Array(TextTable.priorLines(export, width: 94).prefix(4)) == [
        "parameter            prior          initial        tuned  tuned, in data's units",
        "───────────────────  ─────────  ───────────  ───────────  ──────────────────────  ────────────",
        "slope[1,wind.speed]  laplace         (0, 1)  (0, 0.0498)              (0, 0.498)  at the bound",
        "sigma[1]             logNormal  (−1, 0.500)   (−1, 2.01)            (1.30, 2.01)",
      ])
    for width in [60, 72, 80, 94, 120] {
      let lines = TextTable.priorLines(export, width: width)
      #expect(lines.allSatisfy { $0.count <= width }, "\(width)")
      #expect(lines.contains("Tuned priors in the data's units") == (width < 94))
      #expect(lines.contains { $0.contains("(0, 0.498)") } && lines.contains { $0.contains("(1.30, 2.01)") })
      #expect(lines.joined(separator: " ").contains("in the target's units"))
    }
  }

  @Test func doublesSurviveJSON() throws {
    let values = [
      0.1, -1e-300, .leastNonzeroMagnitude, 1.7976931348623157e308, 1.0 / 3, .infinity, -.infinity, 123456789.123456789,
    ]
    #expect(try JSONText.decode([Double].self, from: JSONText.line(values)) == values)
    #expect(try JSONText.line([Double.nan]) == "[\"NaN\"]")
    #expect(try JSONText.decode([Double].self, from: "[\"NaN\"]")[0].isNaN)
  }

  @Test func configurationsAreSortedAndReadBack() throws {
    let configuration = RunConfiguration(
      version: "0.1", commandLine: ["eb-tune", "--gamma", "0.1"], model: "cocoafuse", experts: 3, target: "demand",
      expertTerms: "temperature", gateTerms: "`a/b`", standardize: true, defaultPriors: true, tune: "block-scales",
      gamma: 0.1, schedule: "paper", iterations: 60, tolerance: 0.1, step: 0.1, chains: 4, warmup: 300, draws: 100,
      threads: 2,
      seed: .max,
      order: "none", data: .init(problem: "power", rows: 1000, testRows: 250))
    let text = try JSONText.document(configuration)
    #expect(try JSONText.decode(RunConfiguration.self, from: text) == configuration)
    let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") && $0.contains("\" : ") }
    #expect(keys == keys.sorted() && keys.count > 15)
    #expect(text.contains("`a/b`"), "slashes stay readable")
    #expect(try JSONText.document(configuration) == text)
  }

  @Test func drawsReadBackAsATable() throws {
    let directory = try TemporaryDirectory()
    let records = (0..<6).map { index in
      DrawStatistics(
        logDensity: -1.5 - Double(index), acceptance: 0.9, stepSize: 0.1, treeDepth: 3, leapfrogSteps: 7,
        isDivergent: index == 4, energy: 1.0 / 3)
    }
    let positions = (0..<12).map { Double($0) / 7 }
    let sample = PosteriorSample(
      dimension: 2, chains: 2, drawsPerChain: 3, positions: positions, statistics: records, gradientEvaluations: 42)
    try DrawsCSV.write(sample, parameterNames: ["slope[1,a]", "sigma[1]"], to: directory.file("draws.csv")) {
      [$0[0], exp($0[1])]
    }
    let table = try Table(path: directory.file("draws.csv"))
    #expect(table.columnNames == DrawsCSV.statisticsNames + ["slope[1,a]", "sigma[1]"])
    #expect(try table.numeric("chain") == [1, 1, 1, 2, 2, 2])
    #expect(try table.numeric("draw") == [1, 2, 3, 1, 2, 3])
    #expect(try table.numeric("divergent") == [0, 0, 0, 0, 1, 0])
    #expect(try table.numeric("energy") == Array(repeating: 1.0 / 3, count: 6))
    #expect(try table.numeric("slope[1,a]") == stride(from: 0, to: 12, by: 2).map { positions[$0] })
    #expect(try table.numeric("sigma[1]") == stride(from: 1, to: 12, by: 2).map { exp(positions[$0]) })
    #expect(throws: OutputError.self) {
      try DrawsCSV.write(sample, parameterNames: ["a", "b"], to: "/proc/draws.csv") { [$0[0], $0[1]] }
    }
  }
}
