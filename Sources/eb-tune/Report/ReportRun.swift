import EmpiricalBayes
import Foundation
import TuningIO

/// Everything that a report shows of one run, as far as its directory holds it; what is missing has a sentence.
struct ReportRun: Sendable {
  let path: String
  /// What the run is called beside others: the end of its path, unless that is not its own.
  var name: String
  let configuration: RunConfiguration
  /// The iterations that are written in full.
  let trace: [TraceLine]
  let priors: PriorExport?
  let report: RunReport?
  let draws: ReportDraws?
  /// The model with its data; nil where it cannot be set up again.
  let model: EvidenceRun?
  /// What is left out and why, a sentence each.
  let omissions: [String]

  /// Reads the directory at `path`.
  /// - Throws: `FinishedRunError` where it holds no configuration of a run.
  init(path directory: String) throws {
    func file(_ name: RunDirectory.File) -> String { "\(directory)/\(name.rawValue)" }
    var omissions: [String] = []
    /// The value, or nil and a sentence.
    func attempt<Value>(_ shows: String, _ body: () throws -> Value) -> Value? {
      do {
        return try body()
      } catch {
        let reason = Failure(error)?.sentence ?? "\(error)"
        omissions.append("Left out: \(shows). \(reason)")
        return nil
      }
    }
    self.path = directory
    name = directory.split(separator: "/").last.map(String.init) ?? directory
    configuration = try FinishedRun.read(RunConfiguration.self, from: file(.configuration))
    trace = attempt("the way of the objective and the hyperparameters") { try ReportTuning.trace(file(.trace)) } ?? []
    let priors = attempt("the tuned priors") { try FinishedRun.read(PriorExport.self, from: file(.priors)) }
    self.priors = priors
    report = attempt("the verdict and the tables of the finished run") {
      try FinishedRun.read(RunReport.self, from: file(.report))
    }
    draws = attempt("everything that needs posterior draws") {
      try ReportDraws(path: file(.draws), parameters: priors?.priors.map(\.parameter) ?? [])
    }
    model =
      draws == nil
      ? nil
      : attempt("predictions, calibration and leave-one-out by row, which need the model with its data") {
        try EvidenceRun(directory: directory, threads: 1)
      }
    self.omissions = omissions
  }

  /// The data, in words.
  var data: String { configuration.data.file ?? configuration.data.problem ?? "data" }

  /// What was fitted, in a line.
  var headline: String {
    report?.headline
      ?? "\(data): \(configuration.model) with \(configuration.experts) expert\(configuration.experts == 1 ? "" : "s"),"
      + " \(configuration.data.rows) rows; gamma = \(NumberText.significant(configuration.gamma))"
  }
}
