import EmpiricalBayes
import Evaluation
import Experts
import Foundation
import TuningIO

/// The sections of one run, from its verdict to its settings.
struct ReportSections {
  let run: ReportRun
  /// Figures by their names, in the order of the page.
  let figures: [SVGFigure]
  let sections: [ReportPage.Section]
  /// The verdict in a line, for a list of several runs.
  let conclusion: ReportPage.Finding

  /// Everything that the run's directory holds.
  /// - Parameter opening: The heading of the first section.
  init(_ run: ReportRun, opening: String, isPart: Bool) {
    self.run = run
    var omissions = run.omissions
    var figures: [SVGFigure] = []
    func figure(_ figure: SVGFigure?) -> [ReportPage.Block] {
      guard let figure, !figure.panels.isEmpty else { return [] }
      figures.append(figure)
      return [.figure(figure)]
    }
    var sections: [ReportPage.Section] = []
    var findings: [ReportPage.Finding] = []
    func add(_ title: String, _ blocks: [ReportPage.Block]) {
      if !blocks.isEmpty { sections.append(.init(title, blocks)) }
    }
    add("Tuning", figure(ReportTuningFigures.objective([run.tuning])) + figure(ReportTuningFigures.paths([run.tuning])))
    let posterior = run.draws.map {
      ReportPosteriorFigures(draws: $0, priors: run.priors, initial: run.report?.initialPosterior, isScaled: true)
    }
    add(
      "Priors and posterior",
      figure(posterior?.priorFigure) + (run.priors.map { [.table(.priors($0))] } ?? []) + Self.sensitivity(run))
    let predictive = run.model.flatMap { evidence in run.draws.map { (evidence, $0) } }.flatMap { evidence, draws in
      do {
        return ReportPredictiveFigures(model: try ReportModel(evidence, draws), run: run)
      } catch {
        omissions.append("Left out: predictions. \(Failure(error)?.sentence ?? "\(error)")")
        return nil
      }
    }
    /// What a part of the report comes to, or a sentence on why there is none.
    func attempt<Value>(_ shows: String, _ body: () throws -> Value?) -> Value? {
      do {
        return try body()
      } catch {
        omissions.append("Left out: \(shows). \(Failure(error)?.sentence ?? "\(error).")")
        return nil
      }
    }
    if let predictive {
      add("Predictions", figure(attempt("predictions along columns") { try predictive.predictive() }))
    }
    var judged = run.report?.heldOut.map(Self.heldOut) ?? []
    if let predictive {
      if let calibration = attempt("calibration", { try predictive.calibration() }) {
        findings = calibration.findings
        judged += figure(calibration.figure) + [.findings(findings), .table(calibration.table)]
      }
      if let loo = attempt("leave-one-out", { try predictive.leaveOneOut() }) {
        judged += figure(loo.figure) + Self.leaveOneOut(loo.loo, predictive.model.run.study.scaling)
      }
    }
    add("How well it predicts", judged)
    if let posterior {
      add(
        "Sampler",
        figure(posterior.ranks) + figure(posterior.energy) + figure(posterior.divergences)
          + (posterior.chains.map { [.table($0)] } ?? []) + [.table(posterior.table)])
    }
    sections.insert(.init(opening, isPart: isPart, Self.opening(run, findings)), at: 0)
    if !omissions.isEmpty { sections.append(.init("What is missing here", omissions.map { .remark($0) })) }
    sections.append(.init("Settings", Self.settings(run)))
    let verdict = run.report.map { ReportVerdict($0, more: findings) }
    conclusion = ReportPage.Finding(
      verdict?.isGood == true ? .good : .warning, "\(run.path): \(verdict?.sentence ?? Self.unfinished(run))")
    self.figures = figures
    self.sections = sections
  }

  /// The verdict in words, findings, and what was tuned.
  private static func opening(_ run: ReportRun, _ more: [ReportPage.Finding]) -> [ReportPage.Block] {
    guard let report = run.report else {
      return [
        .verdict(unfinished(run), isGood: false),
        .paragraph(run.headline),
      ]
    }
    let verdict = ReportVerdict(report, more: more)
    return [.verdict(verdict.sentence, isGood: verdict.isGood), .paragraph(report.headline), .paragraph(report.reason)]
      + [.findings(verdict.findings), .table(tuned(report.coordinates, isScaled: run.priors?.undoesScaling ?? false))]
  }

  private static func unfinished(_ run: ReportRun) -> String {
    ReportVerdict.unfinished(iterations: run.trace.count, hasPriors: run.priors != nil)
  }

  /// Every direction that tuning moved in.
  static func tuned(_ coordinates: [RunReport.Coordinate], isScaled scaled: Bool) -> ReportPageTable {
    var table = ReportPageTable(
      scaled ? "What was tuned, on the model's scale" : "What was tuned",
      ["hyperparameter", "#shared by", "#initial", "#tuned", "#95 % interval"])
    for coordinate in coordinates {
      table.append([
        coordinate.name, "\(coordinate.members)", NumberText.significant(coordinate.initial),
        NumberText.significant(coordinate.tuned),
        coordinate.interval.map { $0.map { NumberText.significant($0) }.joined(separator: " to ") } ?? "none",
      ])
    }
    return table
  }

  private static func sensitivity(_ run: ReportRun) -> [ReportPage.Block] {
    guard let entries = run.report?.consequences.sensitivity, !entries.isEmpty else { return [] }
    var table = ReportPageTable(
      "What the priors move most: posterior standard deviations that a result moves",
      ["result", "hyperparameter", "#per unit of it", "#per its standard error"])
    for entry in entries.prefix(12) {
      table.append([
        entry.function, entry.coordinate, NumberText.withError(entry.effect.value, entry.effect.standardError),
        entry.perStandardError.map { NumberText.fixed($0, digits: 2) } ?? "–",
      ])
    }
    return [.table(table), .remark("A unit of a scale is a factor of e, of a location the prior's own unit.")]
  }

  /// Tuned and initial priors on held-out rows.
  static func heldOut(_ heldOut: HeldOutComparison) -> [ReportPage.Block] {
    func text(_ estimate: Estimate) -> String { NumberText.withError(estimate.value, estimate.standardError) }
    var table = ReportPageTable(
      "Log predictive density of \(heldOut.rows) rows"
        + (heldOut.folds.map { ", each left out of one of \($0) folds" } ?? " held out") + ", \(heldOut.scale)",
      ["priors", "#sum over rows ± standard error"])
    table.append(["tuned", text(heldOut.shown.tuned)])
    table.append(["initial", text(heldOut.shown.initial)])
    table.append(["tuned less initial, paired by row", text(heldOut.difference)])
    return [.paragraph(heldOut.sentence), .table(table)]
  }

  private static func leaveOneOut(_ loo: PSISLOO, _ scaling: ResponseScaling) -> [ReportPage.Block] {
    let elpd = loo.elpd + scaling.logDensityShift(rows: loo.rows.count)
    var blocks: [ReportPage.Block] = [
      .paragraph(
        "PSIS-LOO at the tuned priors: elpd"
          + " \(loo.standardError.map { NumberText.withError(elpd, $0) } ?? NumberText.significant(elpd))"
          + " (a density of the target in its own units), p_loo \(NumberText.fixed(loo.effectiveParameters, digits: 1)). \(loo.sentence)"
      )
    ]
    let worst = loo.unreliableRows.sorted { loo.rows[$0].khat > loo.rows[$1].khat }.prefix(10)
    if !worst.isEmpty {
      var table = ReportPageTable("Rows with the largest Pareto k", ["row", "#Pareto k", "#elpd of the row"])
      for row in worst {
        table.append([
          "\(row + 1)", NumberText.fixed(loo.rows[row].khat, digits: 2),
          NumberText.significant(loo.rows[row].elpd + scaling.logDensityShift(rows: 1)),
        ])
      }
      blocks.append(.table(table))
    }
    return blocks
  }

  private static func settings(_ run: ReportRun) -> [ReportPage.Block] {
    let configuration = run.configuration
    var table = ReportPageTable("How it was run", ["setting", "value"])
    let rows = configuration.data
    table.append(["data", run.data])
    table.append(["rows", "\(rows.rows) to fit, \(rows.testRows) held out"])
    if let sum = rows.sha256 { table.append(["SHA-256 of the data", sum]) }
    table.append(["target", configuration.target])
    table.append(["expert features", configuration.expertTerms])
    table.append(["gate features", configuration.gateTerms])
    table.append([
      "model", "\(configuration.model), \(configuration.experts) expert\(configuration.experts == 1 ? "" : "s")",
    ])
    table.append(["tuned", configuration.tune])
    table.append(["entropy weight γ", NumberText.significant(configuration.gamma)])
    table.append(["schedule", configuration.schedule])
    table.append(["chains", "\(configuration.chains)"])
    table.append(["seed", "\(configuration.seed)"])
    table.append(["version", configuration.version])
    return [
      .table(table), .heading("Command"), .code(configuration.commandLine.map(ShellWord.quoted).joined(separator: " ")),
    ]
  }
}
