import Diagnostics
import EmpiricalBayes
import Foundation
import LogDensities
import TuningIO

/// What a run found, for people as text and for machines as JSON. It holds no times, so that one seed gives the same bytes.
struct RunReport: Sendable, Codable {
  /// One direction that tuning moved in.
  struct Coordinate: Sendable, Codable {
    let name: String
    /// The hyperparameters that share it.
    let members: Int
    /// Its first member at the start; scales as scales, not as logarithms.
    let initial: Double
    /// Its first member as tuned.
    let tuned: Double
  }

  let name: String
  let summary: String
  let simulated: Bool
  let model: String
  let experts: Int
  let parameters: Int
  let rows: Int
  let gamma: Double
  let iterations: Int
  let bestIteration: Int
  let reason: String
  let surrogate: Estimate
  let expectedLogLikelihood: Estimate
  let entropy: Estimate?
  let coordinates: [Coordinate]
  let tuning: [SampleChecks.Check]
  let posterior: [SampleChecks.Check]
  let relabelling: String?
  let heldOut: HeldOutComparison?
  let gradientEvaluations: Int
  let files: [String]

  /// What was fitted, in a line.
  var headline: String {
    "\(name)\(simulated ? " (simulated)" : ""): \(model) with \(experts) expert\(experts == 1 ? "" : "s"),"
      + " \(parameters) parameters, \(rows) rows; gamma = \(NumberText.significant(gamma))"
  }

  /// Headline, choice, tables and verdicts, in that order.
  func text(priors: PriorExport, width: Int) -> String {
    var lines = [headline, "", "Best iterate: \(bestIteration) of \(iterations). \(reason)"]
    lines.append(
      "  surrogate \(Self.text(surrogate)), expected log-likelihood \(Self.text(expectedLogLikelihood))"
        + (entropy.map { ", ln entropy \(Self.text($0))" } ?? ""))
    lines += ["", "What was tuned"]
    var table = TextTable([
      ("hyperparameter", .left), ("shared by", .right), ("initial", .right), ("tuned", .right),
    ])
    for coordinate in coordinates {
      table.append([
        coordinate.name, "\(coordinate.members)", NumberText.significant(coordinate.initial),
        NumberText.significant(coordinate.tuned),
      ])
    }
    lines += table.lines(width: width)
    lines += ["", "Priors"]
    lines += TextTable.priors(priors).lines(width: width)
    lines += ["", "Verdict"]
    for check in tuning + posterior { lines.append("  \(check.status == .pass ? "ok  " : "WARN")  \(check.sentence)") }
    if let relabelling { lines.append("  note  \(relabelling)") }
    if let heldOut { lines.append("  note  \(heldOut.sentence)") }
    lines.append("  note  \(gradientEvaluations) gradient evaluations were spent on tuning.")
    if !files.isEmpty { lines += ["", "Written: " + files.joined(separator: ", ")] }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ estimate: Estimate) -> String {
    NumberText.withError(estimate.value, estimate.standardError)
  }
}

extension RunReport {
  init(
    _ run: TuningRun, _ result: TuningResult, simulated: Bool, gamma: Double, checks: SampleChecks,
    relabelling: String?, heldOut: HeldOutComparison?, files: [String]
  ) {
    let model = run.model
    let tuned = result.tuned
    let initial = result.initial
    self.init(
      name: run.study.name, summary: run.study.summary, simulated: simulated,
      model: model.architecture.combination.rawValue, experts: model.architecture.experts,
      parameters: model.dimension, rows: model.rows, gamma: gamma, iterations: result.iterations,
      bestIteration: result.best.info.iteration, reason: result.reason, surrogate: result.best.info.surrogate,
      expectedLogLikelihood: result.best.info.expectedLogLikelihood, entropy: result.best.info.entropy,
      coordinates: tuned.coordinates.indices.map { index in
        let members = tuned.membership.indices.filter { tuned.membership[$0] == index }
        let isLocation = members.first.map { tuned.entries[$0].kind == .location } ?? false
        return Coordinate(
          name: tuned.coordinates[index].name, members: members.count,
          initial: isLocation ? initial.free[index] : exp(initial.free[index]),
          tuned: isLocation ? tuned.free[index] : exp(tuned.free[index]))
      },
      tuning: result.verdict.findings, posterior: checks.checks, relabelling: relabelling, heldOut: heldOut,
      gradientEvaluations: result.gradientEvaluations, files: files)
  }
}
