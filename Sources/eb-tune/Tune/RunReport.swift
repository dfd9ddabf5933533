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
    /// The 95 % interval of it by Louis's standard error; nil where `uncertainty` says why.
    let interval: [Double]?
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
  let logHyperprior: Double?
  let coordinates: [Coordinate]
  /// What about the data makes results doubtful.
  let dataWarnings: [String]
  let tuning: [SampleChecks.Check]
  let posterior: [SampleChecks.Check]
  /// Everything that was done to a chain because of modes, a sentence each.
  let chains: [String]
  let relabelling: String?
  let heldOut: HeldOutComparison?
  /// Of held-out rows and of training rows; nil in files of earlier versions.
  let calibration: [RowCalibration]?
  /// The posterior at the initial priors; nil where it was not drawn.
  let initialPosterior: InitialPosterior?
  let consequences: Consequences
  /// ln L at the tuned λ − ln L at the initial one, by bridge sampling; nil where that is not known.
  let logEvidenceGain: Estimate?
  /// How that was found; nil in files of earlier versions, and where the two λ are too far apart.
  let evidenceGain: EvidenceGain?
  /// What λ was chosen from on fresh draws; empty where the choice was made among iterates alone.
  let candidates: [Candidate]
  /// The effective number of draws in the last pool of reused ones; nil where nothing was reused.
  let reuseEffectiveSize: Double?
  let gradientEvaluations: Int
  /// The files of --out; in `report.json` all that a whole run writes.
  var files: [String]

  /// What was fitted, in a line.
  var headline: String {
    "\(name)\(simulated ? " (simulated)" : ""): \(model) with \(experts) expert\(experts == 1 ? "" : "s"),"
      + " \(parameters) parameters, \(rows) rows; gamma = \(NumberText.significant(gamma))"
  }

  /// Headline, choice, tables and verdicts, in that order, in lines of at most `width` columns.
  func text(priors: PriorExport, width: Int) -> String {
    func folded(_ text: String, indent: String = "") -> [String] { TextWidth.folded(text, to: width, indent: indent) }
    var lines = folded(headline)
    lines +=
      [""]
      + folded(
        candidates.isEmpty
          ? "Best iterate: number \(bestIteration), counted from 0 to \(iterations - 1). \(reason)"
          : "After \(iterations) iteration\(iterations == 1 ? "" : "s"): \(reason)")
    if let gain = logEvidenceGain {
      lines += folded(
        "  log evidence \(gain.value < 0 ? "fell" : "rose") by \(NumberText.withError(abs(gain.value), gain.standardError))"
          + " nats from the initial priors", indent: "  ")
    } else {
      lines += folded(
        "  the log evidence gained is not known: the initial priors are too far off; eb-tune evidence may tell",
        indent: "  ")
    }
    lines += folded(
      "  surrogate \(Self.text(surrogate)), expected log-likelihood \(Self.text(expectedLogLikelihood))"
        + (entropy.map { ", ln entropy \(Self.text($0))" } ?? "")
        + (logHyperprior.map { ", log hyperprior \(NumberText.significant($0))" } ?? ""), indent: "  ")
    lines += ["", "What was tuned" + (priors.undoesScaling ? ", on the model's scale" : "")]
    lines += Coordinate.table(coordinates).lines(width: width)
    lines += consequences.sensitivityLines(width: width)
    lines += ["", "Priors"]
    lines += TextTable.priorLines(priors, width: width)
    lines += ["", "Verdict"]
    var remarks = dataWarnings.map { ("WARN", $0) }
    remarks += (tuning + posterior).map { ($0.status == .pass ? "ok" : "WARN", $0.sentence) }
    remarks += chains.map { ("note", $0) }
    remarks += consequences.sentences.map { ("note", $0) }
    remarks += [relabelling, heldOut?.sentence].compactMap { $0 }.map { ("note", $0) }
    if let size = reuseEffectiveSize {
      remarks.append(
        ("note", "Draws reused from earlier iterations stood for \(NumberText.significant(size)) effective draws."))
    }
    remarks.append(("note", "\(gradientEvaluations) gradient evaluations were spent on tuning."))
    for (mark, sentence) in remarks {
      let column = mark + String(repeating: " ", count: 4 - mark.count)
      lines += folded("  \(column)  \(sentence)", indent: "        ")
    }
    if !files.isEmpty { lines += [""] + folded("Written: " + files.joined(separator: ", "), indent: "  ") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ estimate: Estimate) -> String {
    NumberText.withError(estimate.value, estimate.standardError)
  }
}

extension RunReport {
  init(
    _ run: TuningRun, _ result: TuningResult, _ conclusion: Conclusion, files: [String]
  ) {
    let model = run.model
    self.init(
      name: run.study.name, summary: run.study.summary, simulated: run.study.isSimulated,
      model: model.architecture.combination.rawValue, experts: model.architecture.experts,
      parameters: model.dimension, rows: model.rows, gamma: run.gamma, iterations: result.iterations,
      bestIteration: result.best.info.iteration, reason: result.reason, surrogate: result.best.info.surrogate,
      expectedLogLikelihood: result.best.info.expectedLogLikelihood, entropy: result.best.info.entropy,
      logHyperprior: result.best.info.logHyperprior,
      coordinates: Coordinate.all(of: result, conclusion.consequences.uncertainty),
      dataWarnings: run.study.warnings, tuning: conclusion.findings, posterior: conclusion.draws.checks.checks,
      chains: result.remarks + conclusion.draws.modes, relabelling: conclusion.draws.relabelling,
      heldOut: conclusion.heldOut, calibration: conclusion.calibration,
      initialPosterior: conclusion.initialPosterior, consequences: conclusion.consequences,
      logEvidenceGain: conclusion.evidenceGain.flatMap { $0.isCertain ? $0.estimate : nil },
      evidenceGain: conclusion.evidenceGain,
      candidates: result.candidates,
      reuseEffectiveSize: result.last.info.reuseEffectiveSize, gradientEvaluations: result.gradientEvaluations,
      files: files)
  }
}

extension RunReport.Coordinate {
  /// Every direction that a run moved in, with its interval.
  static func all(of result: TuningResult, _ uncertainty: LambdaUncertainty) -> [Self] {
    let (tuned, initial) = (result.tuned, result.initial)
    return tuned.coordinates.indices.map { index in
      let members = tuned.membership.indices.filter { tuned.membership[$0] == index }
      let isLocation = members.first.map { tuned.entries[$0].kind == .location } ?? false
      return Self(
        name: tuned.coordinates[index].name, members: members.count,
        initial: isLocation ? initial.free[index] : exp(initial.free[index]),
        tuned: isLocation ? tuned.free[index] : exp(tuned.free[index]),
        interval: uncertainty.coordinates[index].naturalInterval.map { [$0.lowerBound, $0.upperBound] })
    }
  }

  /// As people read them.
  static func table(_ coordinates: [Self]) -> TextTable {
    var table = TextTable([
      ("hyperparameter", .left), ("shared by", .right), ("initial", .right), ("tuned", .right),
      ("95 % interval", .right),
    ])
    for coordinate in coordinates {
      table.append([
        coordinate.name, "\(coordinate.members)", NumberText.significant(coordinate.initial),
        NumberText.significant(coordinate.tuned),
        coordinate.interval.map { "\(NumberText.significant($0[0])) to \(NumberText.significant($0[1]))" } ?? "-",
      ])
    }
    return table
  }
}
