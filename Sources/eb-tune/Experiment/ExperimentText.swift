import Evaluation
import Experiments
import TuningIO

/// An experiment's report for people.
struct ExperimentText: Sendable {
  let report: ExperimentReport

  /// All of it: a table for one repetition, and the spread over several.
  func text(width: Int = .max) -> String {
    var paragraphs = [heading(width)]
    if report.tables.count == 1 {
      paragraphs.append(table(report.tables[0]).text(width: width))
      paragraphs.append(folded(legend + optimism, width))
      paragraphs.append(ranking(report.tables[0]).map { $0.text(width: width) } ?? "")
    } else {
      paragraphs.append(spread.text(width: width))
      paragraphs.append(folded(spreadLegend + optimism, width))
      paragraphs += spreadNotes(width)
    }
    paragraphs += report.tables.flatMap { notes($0, width) }
    return paragraphs.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var headers: [(header: String, alignment: TextTable.Alignment)] {
    [("model", .left)] + PaperMetric.allCases.map { ($0.title, .right) } + [("R-hat", .right)]
  }

  private func heading(_ width: Int) -> String {
    let settings = report.settings
    let seeds = report.tables.map(\.seed)
    let repetitions =
      seeds.count == 1
      ? "seed \(seeds[0])" : "\(seeds.count) repetitions, seeds \(seeds[0]) to \(seeds[seeds.count - 1])"
    return folded("Experiment \(settings.experiment.rawValue), \(repetitions). \(report.notes.first ?? "")", width)
      + folded("Settings: \(settings.sentence)", width)
  }

  private func table(_ table: ExperimentTable) -> TextTable {
    var result = TextTable(headers)
    for row in table.rows {
      result.append(
        [row.label]
          + PaperMetric.allCases.map { metric in
            guard let score = row.scores.flatMap({ metric.value(of: $0) }) else { return "–" }
            return Self.text(score, metric) + (row.differing.contains(metric) ? "*" : "")
          } + [rHat(row)])
      guard let published = row.published else { continue }
      result.append(
        ["  paper"] + PaperMetric.allCases.map { metric in published[metric].map { Self.text($0, metric) } ?? "–" }
          + [published.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "–"])
    }
    return result
  }

  private var spread: TextTable {
    var result = TextTable(headers + [("best LOO", .right), ("best LPPD", .right)])
    for (index, spread) in report.spreads.enumerated() {
      let repetitions = report.tables.count
      let marks = { (metric: PaperMetric) in
        let finite = spread.finite[metric] ?? 0
        return (finite > 0 && finite < repetitions ? " (\(finite) of \(repetitions))" : "")
          + (spread.differing[metric].map { $0 == 0 ? "" : " *\($0)" } ?? "")
      }
      result.append(
        [spread.label]
          + PaperMetric.allCases.map { metric in
            spread.metrics[metric].map { Self.text($0, metric) + marks(metric) } ?? "–"
          } + [
            spread.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "–", "\(spread.bestLeaveOneOut)",
            "\(spread.bestDensity)",
          ])
      guard let published = report.tables[0].rows[index].published else { continue }
      result.append(
        ["  paper"] + PaperMetric.allCases.map { metric in published[metric].map { Self.text($0, metric) } ?? "–" }
          + [published.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "–", "", ""])
    }
    return result
  }

  static func text(_ score: Score, _ metric: PaperMetric) -> String {
    guard score.value.isFinite else { return score.value.isNaN ? "–" : score.value < 0 ? "−∞" : "∞" }
    return NumberText.fixed(score.value, digits: metric.digits)
      + (score.standardError.map { " ± " + NumberText.fixed($0, digits: metric.digits) } ?? "")
  }

  private func rHat(_ row: ExperimentTable.Row) -> String {
    guard let scores = row.scores, scores.isSampled else { return "–" }
    return (scores.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "∞") + (row.hasNotConverged ? "!" : "")
  }

  private var legend: String {
    "LOO over the training rows and LPPD over the test rows are sums, all metrics on the model's scale, ± one standard error"
      + " over rows. * differs from the paper's figure by more than two joint standard errors (R² is printed there without"
      + " one). The paper's figures are of another random draw of the rows. R-hat is the largest of quantities that do not"
      + " depend on how experts or hidden units are numbered."
  }

  private var optimism: String {
    let settings = report.settings
    guard settings.experiment == .pdb || settings.tuningStart != .none else { return "" }
    return
      " LOO at priors that were tuned on the same rows is optimistic, since leaving a row out does not leave it out of the"
      + " priors (\(settings.experiment == .pdb ? "MoE, BoE and CoCoAFusE" : "the rows called tuned")): trust LPPD there."
  }

  private var spreadLegend: String {
    "Means over repetitions ± the standard deviation over repetitions, (n of R): over the n of R in which the"
      + " metric is finite; R-hat is the largest of all, of quantities that do not depend on numbering. *n: in n repetitions the metric"
      + " differed from the paper's by more than two joint standard errors. The last columns count the repetitions in which"
      + " the model had the largest LOO and LPPD of all."
  }

  func folded(_ sentence: String, _ width: Int) -> String {
    let indent = String(repeating: " ", count: 2 + sentence.prefix { $0 == " " }.count)
    return TextWidth.folded(sentence, to: width, indent: indent).map { $0 + "\n" }.joined()
  }
}
