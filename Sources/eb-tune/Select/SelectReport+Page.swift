import Evaluation
import Experiments
import TuningIO

/// What `eb-tune select --out` left in `verdict.json`, as a part of a page.
extension SelectReport {
  /// The Pareto set; nil where no trial has a score.
  var figure: SVGFigure? {
    let points = paretoPoints.filter(\.score.isFinite)
    guard !points.isEmpty else { return nil }
    var plot = SVGPlot.pareto(points)
    plot.layout = .panel(width: SVGPlot.panelWidth, height: 340)
    return SVGFigure(
      name: "pareto", title: "Leave-one-out score against complexity",
      caption:
        "Every trial by its number of parameters and its leave-one-out log predictive density with one standard error,"
        + " target on the model's scale."
        + " The grey line joins the trials of the Pareto set that were visited; the diamond is the chosen one.",
      panels: [plot])
  }

  /// Its part of the page.
  func section(_ path: String) -> ReportPage.Section {
    func text(_ score: Score?) -> String {
      score.map { score in
        score.standardError.map { NumberText.withError(score.value, $0) } ?? NumberText.significant(score.value)
      } ?? "–"
    }
    var table = ReportPageTable(
      "The trials in the order of visiting; densities of the target on the model's scale",
      ["trial", "#parameters", "#LOO", "#less the chosen one's", "#R-hat", "#test density", "verdict"])
    for trial in trials {
      table.append([
        trial.name, "\(trial.parameters)", text(trial.leaveOneOut), text(trial.differenceToChosen),
        trial.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "–", text(trial.testDensity),
        trial.verdict.rawValue,
      ])
    }
    let verdict =
      chosen.map { "The selection chose \($0) from \(trials.count) trials." }
      ?? "No trial of the selection can be used."
    return .init(
      "Selection \(path)", isPart: true,
      [.verdict(verdict, isGood: chosen != nil && !trials.contains { $0.verdict == .chosen && $0.isDoubtful })]
        + [
          .paragraph(
            "\(data) \(rows) rows; a more complex trial is accepted with a probability above"
              + " \(NumberText.significant(threshold))."
          )
        ]
        + (figure.map { [.figure($0)] } ?? []) + [.table(table)]
        + [.findings(trials.map { .init($0.isDoubtful ? .warning : .note, $0.sentence) })]
        + remarks.map { .paragraph($0) }
        + (command.map { [.heading("The command that fits the chosen trial"), .code($0)] } ?? []))
  }
}
