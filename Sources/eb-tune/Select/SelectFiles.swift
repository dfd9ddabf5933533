import Experiments
import TuningIO

/// The directory of a selection: `selection.json` with the settings, `trials.jsonl` with a line for every finished trial,
/// `report.txt`, `verdict.json` and `pareto.svg`.
struct SelectFiles: Sendable {
  private let journal: ResumableJournal<[String: String], TrialResult>

  /// Opens a new directory or one with trials of the same settings.
  init(at path: String, _ settings: [String: String], overwriting: Bool) throws {
    journal = try ResumableJournal(
      at: path,
      .init(
        work: "selection", piece: "trial", settings: "selection.json", lines: "trials.jsonl",
        results: ["report.txt", "verdict.json", "pareto.svg"]), settings,
      overwriting: overwriting
    ) { $0.failure == nil }
  }

  /// Where it is.
  var path: String { journal.path }

  /// The results that were there already, by key, without those that failed.
  var results: [String: TrialResult] { journal.finished.reduce(into: [:]) { $0[$1.key] = $1 } }

  /// Adds a finished trial.
  func append(_ result: TrialResult) throws { try journal.append(result) }

  /// Writes report, verdict and picture; returns the paths of all files.
  func conclude(_ report: SelectReport) throws -> [String] {
    try journal.synchronise()
    let paths = ["trials.jsonl", "report.txt", "verdict.json", "pareto.svg"].map(journal.path(of:))
    try AtomicFile.write(report.text(), to: paths[1])
    try AtomicFile.writeJSON(report, to: paths[2])
    try AtomicFile.write(report.plot.text, to: paths[3])
    return paths
  }
}
