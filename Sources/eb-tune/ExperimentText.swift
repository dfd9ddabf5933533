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
      paragraphs.append(folded(legend, width))
    } else {
      paragraphs.append(spread.text(width: width))
      paragraphs.append(folded(spreadLegend, width))
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
      let marks = { (metric: PaperMetric) in
        spread.differing[metric].map { $0 == 0 ? "" : " *\($0)" } ?? ""
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

  private static func text(_ score: Score, _ metric: PaperMetric) -> String {
    guard score.value.isFinite else { return "−∞" }
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
      + " one). The paper's figures are of another random draw of the rows."
  }

  private var spreadLegend: String {
    "Means over repetitions ± the standard deviation over repetitions; R-hat is the largest. *n: in n repetitions the metric"
      + " differed from the paper's by more than two joint standard errors. The last columns count the repetitions in which"
      + " the model had the largest LOO and LPPD of all."
  }

  private func notes(_ table: ExperimentTable, _ width: Int) -> [String] {
    let isOnly = report.tables.count == 1
    let place = isOnly ? "" : "Seed \(table.seed): "
    var result: [String] = []
    for row in table.rows {
      if let failure = row.failure { result.append("\(place)\(row.label) failed: \(failure)") }
      if row.hasNotConverged {
        result.append(
          "\(place)\(row.label): the chains disagree (R-hat ≥ \(ExperimentTable.rHatLimit)); its figures are not those of one"
            + " posterior.")
      }
      if isOnly, let scores = row.scores {
        if row.label != scores.detail, !scores.detail.isEmpty { result.append("\(row.label): \(scores.detail).") }
        result += scores.warnings.filter { !$0.contains("R-hat") }.map { "  \($0)" }
      }
    }
    for choice in table.choices {
      let selection = choice.selection
      let chosen = selection.best.map { selection.trials[$0].name } ?? "nothing"
      result.append("\(place)Algorithm 1 chooses for \(choice.model): \(chosen).")
      if isOnly {
        result += selection.visited.map { "  \(selection.sentence(for: $0))" }
        let left = selection.trials.count - selection.visited.count
        if left > 0 { result.append("  \(left) other trials are no simpler than one of these and predict no better.") }
      }
    }
    return result.isEmpty ? [] : [result.map { folded($0, width) }.joined()]
  }

  private func folded(_ sentence: String, _ width: Int) -> String {
    let indent = String(repeating: " ", count: 2 + sentence.prefix { $0 == " " }.count)
    return TextWidth.folded(sentence, to: width, indent: indent).map { $0 + "\n" }.joined()
  }
}
