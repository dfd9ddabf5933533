import EmpiricalBayes
import TuningIO

/// The sections of one run of `mix`, from its verdict to its settings.
struct MixtureSections {
  /// Figures by their names, in the order of the page.
  let figures: [SVGFigure]
  let sections: [ReportPage.Section]

  /// Everything that the run's directory holds.
  /// - Parameter opening: The heading of the first section.
  init(_ run: ReportMixture, opening: String, isPart: Bool) {
    var figures: [SVGFigure] = []
    func figure(_ figure: SVGFigure?) -> [ReportPage.Block] {
      guard let figure, !figure.panels.isEmpty else { return [] }
      figures.append(figure)
      return [.figure(figure)]
    }
    var sections: [ReportPage.Section] = [.init(opening, isPart: isPart, Self.opening(run))]
    func add(_ title: String, _ blocks: [ReportPage.Block]) {
      if !blocks.isEmpty { sections.append(.init(title, blocks)) }
    }
    let mixture = run.report.map { MixFigures(report: $0) }
    add(
      "Mixture",
      (mixture?.all ?? []).flatMap { figure($0) }
        + (run.report.map { [.table(Self.weights($0, areDrawn: run.draws != nil))] } ?? []))
    add("Tuning", figure(ReportTuningFigures.objective([run.tuning])) + figure(ReportTuningFigures.paths([run.tuning])))
    let posterior = run.draws.map {
      ReportPosteriorFigures(draws: $0, priors: run.priors, initial: nil, isScaled: false)
    }
    add("Priors and posterior", figure(posterior?.priorFigure) + (run.priors.map { [.table(.priors($0))] } ?? []))
    add(
      "How well it predicts",
      run.report?.heldOut.map { heldOut in
        heldOut.comparison.map(ReportSections.heldOut) ?? [.paragraph(heldOut.sentence)]
      } ?? [])
    if let posterior {
      var blocks = figure(posterior.ranks)
      if run.followsTrajectories {
        blocks +=
          figure(posterior.energy) + figure(posterior.divergences) + (posterior.chains.map { [.table($0)] } ?? [])
      }
      add("Sampler", blocks + [.table(posterior.table)])
    }
    add("What is missing here", run.omissions.map { .remark($0) })
    add("Settings", Self.settings(run))
    // One input has its weights below the mixture; a file of their own may be wanted all the same.
    if let mixture, !figures.contains(where: { $0.name == "weights" }) { figures.append(mixture.weightsAlone) }
    self.figures = figures
    self.sections = sections
  }

  private static func opening(_ run: ReportMixture) -> [ReportPage.Block] {
    guard let report = run.report else {
      return [
        .verdict(ReportVerdict.unfinished(iterations: run.trace.count, hasPriors: run.priors != nil), isGood: false),
        .paragraph(run.headline),
      ]
    }
    let verdict = ReportVerdict(report)
    var blocks: [ReportPage.Block] = [
      .verdict(verdict.sentence, isGood: verdict.isGood), .paragraph(run.headline), .paragraph(report.summary),
    ]
    if let reason = report.reason { blocks.append(.paragraph(reason)) }
    blocks.append(.findings(verdict.findings))
    if !report.coordinates.isEmpty {
      blocks.append(.table(ReportSections.tuned(report.coordinates, isScaled: false)))
    }
    return blocks
  }

  private static func weights(_ report: MixReport, areDrawn: Bool) -> ReportPageTable {
    var table = ReportPageTable(
      "Mean weight of each model over the rows of data" + (areDrawn ? ", and its posterior" : ""),
      ["model", "#mean"] + (areDrawn ? ["#standard deviation", "#5 %", "#50 %", "#95 %"] : []))
    for weight in report.meanWeights {
      let posterior = [weight.standardDeviation, weight.lower, weight.median, weight.upper]
      table.append(
        [weight.name] + ([weight.mean] + (areDrawn ? posterior : [])).map { NumberText.significant($0) })
    }
    return table
  }

  private static func settings(_ run: ReportMixture) -> [ReportPage.Block] {
    let configuration = run.configuration
    var table = ReportPageTable("How it was run", ["setting", "value"])
    let rows = configuration.data
    table.append(["data", rows.problem.map { "problem \($0)" } ?? rows.files.map(\.path).joined(separator: ", ")])
    table.append([
      "rows", "\(rows.rows) to fit, \(rows.newRows) to predict, \(rows.testRows) held out",
    ])
    for file in rows.files { table.append(["SHA-256 of \(file.path)", file.sha256]) }
    table.append(["inputs", configuration.inputs.joined(separator: ", ")])
    table.append(["models", configuration.models.joined(separator: ", ")])
    table.append(["method", configuration.method])
    if let weights = configuration.weights { table.append(["weights", weights]) }
    if let rule = configuration.rule { table.append(["rule", rule]) }
    table.append(["sampler", configuration.sampler])
    table.append(["tuned", configuration.tune])
    table.append(["entropy weight γ", NumberText.significant(configuration.gamma)])
    if let schedule = configuration.schedule { table.append(["schedule", schedule]) }
    if run.draws != nil {
      table.append(["chains", "\(configuration.chains), \(configuration.finalDraws) draws each"])
    }
    table.append(["seed", "\(configuration.seed)"])
    table.append(["version", configuration.version])
    return [
      .table(table), .heading("Command"), .code(configuration.commandLine.map(ShellWord.quoted).joined(separator: " ")),
    ]
  }
}
