import EmpiricalBayes
import Foundation
import TuningIO

/// What every run of a directory has in common: runs of other settings do not belong beside them.
struct BenchmarkSettings: ResumableSettings, Equatable {
  let gamma: Double
  /// nil for the default of every kind of problem.
  let budget: Int?
  let tolerances: [Double]
  /// Model options and the data of the problem study, as the user wrote them.
  let model: [String: String]

  /// What differs, in the user's words; nil where nothing does.
  func difference(from other: BenchmarkSettings) -> String? {
    func text(_ budget: Int?) -> String { budget.map(String.init) ?? "the default" }
    func text(_ tolerances: [Double]) -> String { tolerances.map { "\($0)" }.joined(separator: ",") }
    if gamma != other.gamma { return "--gamma is \(other.gamma) there and \(gamma) here" }
    if budget != other.budget { return "--budget is \(text(other.budget)) there and \(text(budget)) here" }
    if tolerances != other.tolerances {
      return "--tolerance is \(text(other.tolerances)) there and \(text(tolerances)) here"
    }
    return model.difference(from: other.model)
  }
}

/// The directory of a benchmark: `benchmark.json` with the settings, `runs.jsonl` with a line for every finished run,
/// `surface-PROBLEM.json` with references, `report.txt` and `regret-PROBLEM.svg`.
struct BenchmarkFiles: Sendable {
  private let journal: ResumableJournal<BenchmarkSettings, BenchmarkRun>

  /// Opens a new directory or one with runs of the same settings.
  /// - Throws: `Failure` for runs of other settings and for lines that are no runs; `OutputError`.
  init(at path: String, _ settings: BenchmarkSettings) throws {
    journal = try ResumableJournal(
      at: path,
      .init(
        work: "benchmark", piece: "run", settings: "benchmark.json", lines: "runs.jsonl",
        results: ["report.txt"] + (BenchmarkCatalogue.names + [BenchmarkCatalogue.study]).map { "regret-\($0).svg" }),
      settings)
  }

  /// The runs that were there already.
  var finished: [BenchmarkRun] { journal.finished }

  /// Adds a finished run.
  func append(_ run: BenchmarkRun) throws { try journal.append(run) }

  /// The reference of a problem, if it was made before.
  func surface(of problem: String) -> BenchmarkSurface? {
    guard let data = FileManager.default.contents(atPath: surfacePath(problem)) else { return nil }
    return try? JSONText.decode(BenchmarkSurface.self, from: String(decoding: data, as: UTF8.self))
  }

  /// Keeps the reference of a problem.
  func keep(_ surface: BenchmarkSurface, of problem: String) throws {
    try AtomicFile.write(JSONText.line(surface) + "\n", to: surfacePath(problem))
  }

  private func surfacePath(_ problem: String) -> String { journal.path(of: "surface-\(problem).json") }

  /// Writes the report and the curves; returns the paths of all files.
  func conclude(_ report: BenchmarkReport) throws -> [String] {
    try journal.synchronise()
    var paths = [journal.path(of: "runs.jsonl"), journal.path(of: "report.txt")]
    try AtomicFile.write(report.text(), to: paths[1])
    for problem in report.problems {
      paths.append(journal.path(of: "regret-\(problem.name).svg"))
      try AtomicFile.write(problem.plot.text, to: paths[paths.count - 1])
    }
    return paths
  }

  /// Where it is.
  var path: String { journal.path }
}
