import EmpiricalBayes
import TuningIO

/// Several runs side by side: a table and their ways over each other.
struct ReportComparison {
  let section: ReportPage.Section
  let figures: [SVGFigure]

  /// - Parameter conclusions: The verdict of every run.
  init(_ runs: [ReportRun], _ conclusions: [ReportPage.Finding]) {
    let tunings = runs.map(\.tuning)
    figures = [ReportTuningFigures.objective(tunings), ReportTuningFigures.paths(tunings)].compactMap { $0 }
    section = .init(
      "Side by side", isPart: true,
      [.findings(conclusions), .table(Self.table(runs)), .table(Self.tuned(runs))] + figures.map { .figure($0) }
        + [
          .remark(
            "Log evidence and PSIS-LOO can be compared between runs on the same rows with the same target only. The elpd is a"
              + " density of the target in its own units; gains of log evidence are counted from where each run started."
          )
        ])
  }

  private static func text(_ estimate: Estimate?) -> String {
    estimate.map { NumberText.withError($0.value, $0.standardError) } ?? "–"
  }

  private static func table(_ runs: [ReportRun]) -> ReportPageTable {
    var table = ReportPageTable(
      "The runs",
      [
        "run", "data", "model", "#experts", "#γ", "#iterations", "#log evidence gain", "#PSIS-LOO elpd",
        "#held out, tuned less initial", "#warnings",
      ])
    for run in runs {
      let loo = run.report?.consequences.leaveOneOut
      let findings = run.report.map { ReportVerdict($0).findings.count { $0.status == .warning } }
      table.append([
        run.path, run.data, run.configuration.model, "\(run.configuration.experts)",
        NumberText.significant(run.configuration.gamma), "\(run.trace.count)", text(run.report?.logEvidenceGain),
        loo?.shown ?? "–",
        text(run.report?.heldOut?.difference), findings.map { "\($0)" } ?? "not finished",
      ])
    }
    return table
  }

  static func tuned(_ runs: [ReportRun]) -> ReportPageTable {
    let names = runs.flatMap(\.tuning.coordinates).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    var table = ReportPageTable(
      "Tuned values with their 95 % intervals, on the model's scale of each run",
      ["hyperparameter"] + runs.map { "#\($0.name)" })
    for name in names {
      table.append(
        [name]
          + runs.map { run in
            run.report?.coordinates.first { $0.name == name }.map { coordinate in
              NumberText.significant(coordinate.tuned)
                + (coordinate.interval.map { " (\($0.map { NumberText.significant($0) }.joined(separator: " to ")))" }
                  ?? "")
            } ?? "–"
          })
    }
    return table
  }
}
