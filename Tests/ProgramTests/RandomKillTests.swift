import Foundation
import Testing
import _TestSupport

/// Work that is killed at random moments of its whole life, again and again, and ends with the bytes of work that was not.
@Suite struct RandomKillTests {
  /// When a program is killed.
  enum Moment: Sendable {
    /// After a share of what the whole work takes.
    case share(Double)
    /// As soon as a file whose name contains this is there.
    case file(String)

    /// Every moment of a life: half by the clock, half when a file begins or is renamed.
    static func random(_ mutator: inout Mutator, files: [String]) -> Moment {
      if files.isEmpty || mutator.next(below: 2) > 0 { return .share(Double(mutator.next(below: 1000)) / 1000) }
      return .file(mutator.choice(files))
    }
  }

  /// Some work and what it leaves.
  struct Work: Sendable {
    /// The command, which writes below the folder that it is run in.
    let begin: [String]
    /// The command that goes on with it.
    let again: [String]
    /// The file whose presence means that there is something to go on with.
    let beginning: String
    /// What must be equal.
    let files: [String]
    /// Names whose appearance is a moment to kill at.
    let moments: [String]
    /// What of a file counts.
    var essence: @Sendable (String) -> String = { $0 }
  }

  private static let stages = [
    "config.json", ".config.json", "trace.jsonl", "timing.jsonl", "checkpoint", ".checkpoint", ".priors.json",
    "priors.json",
    ".draws.csv", "draws.csv", ".posterior.csv", "posterior.csv", ".report.json", "report.json", ".probe",
  ]
  private static let results = ["trace.jsonl", "priors.json", "draws.csv", "posterior.csv", "report.json"]

  /// A run of all stages: iterations, a choice on fresh draws, final draws, refitted folds.
  static let run = Work(
    begin: [
      "--data", "rows.csv", "--target", "y", "--expert", "x", "--experts", "1", "--model", "moe", "--folds", "3",
      "--iterations",
      "12", "--schedule", "pooled-newton", "--warmup", "30", "--final-draws", "300", "--out", "run", "--overwrite",
      "-q",
    ], again: ["resume", "run", "-q"], beginning: "run/config.json", files: results.map { "run/" + $0 }, moments: stages
  )

  static let path = Work(
    begin: [
      "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--experts", "2", "--model", "moe",
      "--gamma", "0,1",
      "--folds", "0", "--schedule", "persistent-sga", "--iterations", "6", "--warmup", "30", "--draws", "5",
      "--final-draws",
      "60", "--out", "path", "--overwrite", "-q",
    ], again: ["resume", "path", "-q"], beginning: "path/gamma-0/config.json",
    files: ["path/path.json"] + ["gamma-0", "gamma-1"].flatMap { folder in results.map { "path/\(folder)/\($0)" } },
    moments: stages + ["path.json", "gamma-1"])

  static let select = Work(
    begin: [
      "select", "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--models", "moe,boe",
      "--experts", "1,2",
      "--final-draws", "60", "--warmup", "60", "--chains", "2", "--out", "run", "-q",
    ],
    again: [
      "select", "--data", "rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--models", "moe,boe",
      "--experts", "1,2",
      "--final-draws", "60", "--warmup", "60", "--chains", "2", "--out", "run", "-q",
    ], beginning: "run/selection.json", files: ["run/report.txt", "run/trials.jsonl"],
    moments: ["selection.json", ".selection", "trials.jsonl", ".trials", "report.txt", ".report", "verdict"],
    essence: sortedWithoutSeconds)

  static let experiment = Work(
    begin: experimentCommand, again: experimentCommand, beginning: "e/experiment.json",
    files: ["e/table.txt", "e/results.jsonl"], moments: ["json", ".results", "results.jsonl", "table", ".table"],
    essence: sortedWithoutSeconds)
  private static let experimentCommand = [
    "experiment", "switch", "--rows", "40", "--degrees", "1", "--experts", "2", "--repeat", "1", "--no-baselines",
    "--out", "e",
    "--draws", "60", "--warmup", "60", "--chains", "2", "-q",
  ]

  /// Pieces of work are written in the order in which they end.
  @Sendable private static func sortedWithoutSeconds(_ text: String) -> String {
    text.split(separator: "\n").map { $0.replacing(/,?"seconds":[^,}]*/, with: "") }.sorted().joined(separator: "\n")
  }

  private func prepare(_ program: Program, _ folder: String) throws {
    try program.makeFolder(folder)
    try program.write(FoldTests.rows(40), to: folder + "/rows.csv")
  }

  /// The uninterrupted work: its files and its seconds.
  private func whole(_ work: Work, _ program: Program) throws -> (files: [String], seconds: Double) {
    try prepare(program, "whole")
    let start = Date()
    let outcome = try program.run(work.begin, in: "whole")
    let seconds = Date().timeIntervalSince(start)
    try #require(outcome.status == 0, "\(outcome.error)")
    return (try work.files.map { try work.essence(program.read("whole/" + $0)) }, seconds)
  }

  /// Below any folder, hidden names too.
  private func isThere(_ name: String, below folder: String, _ program: Program) -> Bool {
    let all = FileManager.default.enumerator(atPath: program.directory.appendingPathComponent(folder).path)
    while let path = all?.nextObject() as? String {
      if path.split(separator: "/").last?.hasPrefix(name) == true { return true }
    }
    return false
  }

  /// `kills` kills; work that comes to its end between two of them is compared, and begun anew.
  func kill(_ work: Work, _ kills: Int, seed: UInt64, signals: [Int32] = [SIGKILL]) throws {
    let program = try Program()
    defer { program.remove() }
    let (files, seconds) = try whole(work, program)
    var mutator = Mutator(seed: seed)
    var (done, lives) = (0, 0)
    while done < kills {
      lives += 1
      try #require(lives < 20 * kills, "the work ends before it can be killed")
      let folder = "cut-\(lives)"
      try prepare(program, folder)
      while true {
        let isBegun = program.exists("\(folder)/\(work.beginning)")
        let running = try program.start(isBegun ? work.again : work.begin, in: folder)
        if done < kills {
          // Names that are there already would kill every life at its start.
          let files = work.moments.filter { !isThere($0, below: folder, program) }
          wait(.random(&mutator, files: files), for: running, seconds, below: folder, program)
        }
        let signal = mutator.choice(signals)
        if done < kills { running.send(signal) }
        let outcome = try running.finish()
        if outcome.reason == .exit, outcome.status == 0 { break }
        // A signal that may be caught ends the program by itself only where it has not come as far as to catch it.
        let isStopped = outcome.reason == .exit && outcome.status == 75
        let isKilled = outcome.reason == .uncaughtSignal && outcome.status == signal
        let isRight = isStopped && signal != SIGKILL || isKilled
        try #require(isRight, "\(outcome.reason) \(outcome.status) \(outcome.error)")
        if isStopped { #expect(outcome.error.hasPrefix("eb-tune: Interrupted "), "\(outcome.error)") }
        done += 1
      }
      for (name, text) in zip(work.files, files) {
        #expect(try work.essence(program.read("\(folder)/\(name)")) == text, "\(name), seed \(seed), life \(lives)")
      }
      let left = try FileManager.default.subpathsOfDirectory(
        atPath: program.directory.appendingPathComponent(folder).path)
      #expect(!left.contains { $0.hasSuffix(".partial") || $0.contains(".probe") }, "\(left)")
      try FileManager.default.removeItem(at: program.directory.appendingPathComponent(folder))
    }
  }

  private func wait(
    _ moment: Moment, for running: RunningProgram, _ seconds: Double, below folder: String, _ program: Program
  ) {
    switch moment {
    case .share(let share): usleep(UInt32(1e6 * share * seconds))
    case .file(let name):
      while running.isRunning, !isThere(name, below: folder, program) { usleep(100) }
    }
  }

  /// Fifty in all, and those of the paths and selections.
  @Test(.timeLimit(.minutes(10)), arguments: [UInt64(1), 2, 3, 4, 5]) func tuning(seed: UInt64) throws {
    try kill(Self.run, 10, seed: seed)
  }

  @Test(.timeLimit(.minutes(10))) func overGamma() throws { try kill(Self.path, 10, seed: 6) }

  @Test(.timeLimit(.minutes(10))) func selection() throws { try kill(Self.select, 6, seed: 7) }

  @Test(.timeLimit(.minutes(10))) func experiments() throws { try kill(Self.experiment, 6, seed: 8) }

  /// SIGTERM and Ctrl-C at any moment: exit code 75, and nothing that was finished is lost.
  @Test(.timeLimit(.minutes(10))) func interrupted() throws {
    try kill(Self.run, 12, seed: 9, signals: [SIGINT, SIGTERM])
    try kill(Self.path, 6, seed: 10, signals: [SIGINT, SIGTERM, SIGKILL])
    try kill(Self.select, 4, seed: 11, signals: [SIGINT, SIGTERM, SIGKILL])
  }
}
