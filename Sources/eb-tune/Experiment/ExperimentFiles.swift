import Experiments
import Foundation
import TuningIO

/// The directory of an experiment: `experiment.json` with the settings, `results.jsonl` with a line for every finished fit,
/// `table.txt` and `tables.json` (not `report.json`, by which a directory is taken for one of a tuning run).
struct ExperimentFiles: Sendable {
  private let journal: ResumableJournal<[String: String], ExperimentResult>

  /// Opens a new directory or one with results of the same settings; where `overwriting`, what is there is removed first.
  /// - Throws: `Failure` for results of other settings and for lines that are no results; `OutputError`.
  init(at path: String, _ settings: ExperimentSettings, data: Table?, overwriting: Bool) throws {
    journal = try ResumableJournal(
      at: path,
      .init(
        work: "experiment", piece: "fit", settings: "experiment.json", lines: "results.jsonl",
        results: ["table.txt", "tables.json"]),
      Self.words(settings, data: data), overwriting: overwriting
    ) { $0.failure == nil }
  }

  /// The results that were there already, without those that failed.
  var finished: [ExperimentResult] { journal.finished }

  /// Where it is.
  var path: String { journal.path }

  /// Adds a finished fit.
  func append(_ result: ExperimentResult) throws { try journal.append(result) }

  /// Writes table and report; returns the paths of all files.
  func conclude(_ report: ExperimentReport, _ text: String) throws -> [String] {
    try journal.synchronise()
    let (table, document) = (journal.path(of: "table.txt"), journal.path(of: "tables.json"))
    try AtomicFile.write(text, to: table)
    try AtomicFile.writeJSON(report, to: document)
    return [journal.path(of: "results.jsonl"), table, document]
  }

  /// What every result of a directory has in common, option by option; threads, repetitions and τ of Algorithm 1, on which no
  /// result depends, are not among them.
  private static func words(_ settings: ExperimentSettings, data: Table?) -> [String: String] {
    let sampler = settings.sampler
    return [
      "the experiment": settings.experiment.rawValue, "--seed": "\(sampler.seed)",
      "--chains": "\(sampler.chains)", "--warmup": "\(sampler.warmup)", "--draws": "\(sampler.draws)",
      "--target-acceptance": "\(sampler.targetAcceptance)", "--rows": "\(settings.rows)",
      "--law": settings.law.rawValue, "--slope": "\(settings.slope)", "--concentration": "\(settings.concentration)",
      "--experts": "\(settings.experts)", "--degrees": "\(settings.gateDegrees)",
      "--gates": settings.gates.rawValue, "--tuned": settings.tuningStart.rawValue,
      "--harmonics": "\(settings.harmonics.hour),\(settings.harmonics.weekday),\(settings.harmonics.month)",
      "--gamma": "\(settings.entropyWeight)", "--kernel": settings.kernel, "--units": "\(settings.hiddenUnits)",
      "--no-baselines": settings.fitsBaselines ? "not given" : "given",
      "the data's checksum": data?.fingerprint ?? "none",
    ]
  }
}
