import EmpiricalBayes
import Evaluation
import Foundation
import TuningIO

/// Runs beside each other: what differs in how they were made, and in what they found.
struct RunComparison: Sendable, Codable {
  /// An option, and what it is in every run.
  struct Setting: Sendable, Codable {
    let name: String
    let values: [String]
  }

  /// What one run found.
  struct Result: Sendable, Codable {
    let path: String
    let name: String
    let isFinished: Bool
    let iterations: Int
    let surrogate: Estimate?
    let logEvidenceGain: Estimate?
    /// elpd of PSIS-LOO.
    let leaveOneOut: Score?
    /// The log predictive density of rows that no fit has seen.
    let heldOut: Score?
    let warnings: Int?
    /// The tuned hyperparameters; scales as scales.
    let tuned: [RunReport.Coordinate]
  }

  /// A score of every run, with differences row by row.
  struct Ranking: Sendable, Codable {
    /// Best first; nil where the runs cannot be compared.
    let entries: [ModelRanking.Entry]?
    /// What it says, or why it cannot.
    let sentence: String
  }

  /// Options that are not the same in all runs.
  let settings: [Setting]
  let results: [Result]
  let leaveOneOut: Ranking
  let heldOut: Ranking
  /// What is left out and why, a sentence each.
  let omissions: [String]

  init(_ compared: [ComparedRun]) {
    let runs = compared.map(\.run)
    settings = Self.settings(runs)
    results = compared.map(Self.result)
    leaveOneOut = Self.ranking(
      compared.map { ($0.run.name, $0.fitted, $0.leaveOneOut) }, "Leave-one-out scores", of: "were fitted to")
    heldOut = Self.ranking(
      compared.map { ($0.run.name, $0.heldOut?.rows, $0.heldOut?.scores) }, "Held-out densities", of: "are judged by")
    omissions = runs.flatMap { run in run.omissions.map { "\(run.name): \($0)" } }
  }

  private static func settings(_ runs: [ReportRun]) -> [Setting] {
    let words = runs.map { Self.words($0.configuration) }
    let names = words.flatMap { $0.map(\.0) }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return names.compactMap { name in
      let values = words.map { words in words.first { $0.0 == name }?.1 ?? "-" }
      return Set(values).count > 1 ? Setting(name: name, values: values) : nil
    }
  }

  /// What decides what a run finds, by option.
  private static func words(_ configuration: RunConfiguration) -> [(String, String)] {
    let (c, data) = (configuration, configuration.data)
    func number(_ value: Double?) -> String { value.map { NumberText.significant($0) } ?? "-" }
    return [
      ("version", c.version), ("data", data.file ?? data.problem ?? "-"),
      ("checksum", data.sha256.map { "\($0.prefix(12))…" } ?? "-"), ("rows", "\(data.rows)"),
      ("held out", "\(data.testRows)"), ("target", c.target), ("expert", c.expertTerms), ("gate", c.gateTerms),
      ("standardised", c.standardize ? "yes" : "no"), ("model", c.model), ("experts", "\(c.experts)"),
      ("order", c.order), ("default priors", c.defaultPriors ? "yes" : "no"), ("tune", c.tune),
      ("gamma", number(c.gamma)), ("schedule", c.schedule), ("iterations", "\(c.iterations)"),
      ("tolerance", number(c.tolerance)), ("step", number(c.step)), ("chains", "\(c.chains)"),
      ("warmup", "\(c.warmup)"), ("draws", c.draws.map { "\($0)" } ?? "-"), ("seed", "\(c.seed)"),
    ] + c.other.sorted { $0.key < $1.key }.map { ($0.key, $0.value.isEmpty ? "-" : $0.value) }
  }

  private static func result(_ compared: ComparedRun) -> Result {
    let (run, last) = (compared.run, compared.run.trace.last?.info)
    return Result(
      path: run.path, name: run.name, isFinished: run.report != nil, iterations: run.trace.count,
      surrogate: run.report?.surrogate ?? last?.surrogate,
      logEvidenceGain: run.report?.logEvidenceGain,
      leaveOneOut: compared.leaveOneOut?.elpd, heldOut: compared.heldOut?.scores.elpd,
      warnings: run.report.map { ReportVerdict($0).findings.count { $0.status == .warning } },
      tuned: run.report?.coordinates ?? [])
  }

  private static func ranking(
    _ runs: [(name: String, rows: ComparedRun.Rows?, scores: LeaveOneOut?)], _ what: String, of verb: String
  ) -> Ranking {
    func refused(_ reason: String) -> Ranking { Ranking(entries: nil, sentence: "\(what) are not compared: \(reason)") }
    let missing = runs.filter { $0.scores == nil }.map(\.name)
    guard missing.isEmpty else { return refused("\(missing.joined(separator: ", ")) has none.") }
    let others = runs.dropFirst().filter { $0.rows != runs[0].rows }.map(\.name)
    guard others.isEmpty else {
      return refused(
        "\(others.joined(separator: ", ")) and \(runs[0].name) \(verb) other rows, or have another target or scale of it."
      )
    }
    do {
      let ranking = try ModelRanking(runs.compactMap { run in run.scores.map { (run.name, $0) } })
      return Ranking(entries: ranking.entries, sentence: ranking.sentence)
    } catch {
      return refused(error.description)
    }
  }
}
