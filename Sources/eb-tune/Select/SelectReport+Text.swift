import Evaluation
import Experiments
import TuningIO

extension SelectReport {
  /// The whole report for people.
  func text(width: Int = .max) -> String {
    let prose = min(width, 120)
    func paragraph(_ text: String, indent: String = "") -> String {
      TextWidth.folded(text, to: prose, indent: indent).joined(separator: "\n") + "\n"
    }
    var paragraphs = [
      paragraph(
        "\(data) \(rows) rows to fit, \(testRows) held out. LOO is the log predictive density of the rows to fit, each"
          + " given all others (PSIS, target on the model's scale, ± standard error over rows). Trials of the Pareto set are"
          + " visited from few experts and parameters to many; one is accepted if it is better than the best so far with a"
          + " probability above \(NumberText.significant(threshold)), by Chebyshev's bound."),
      table.text(width: width),
      trials.enumerated().map { paragraph("\($0 + 1). \($1.sentence)", indent: "   ") }.joined(),
    ]
    let remarks =
      remarks + skipped.map { "Skipped: \($0.title). \($0.reason)" }
    if !remarks.isEmpty { paragraphs.append(remarks.map { paragraph($0) }.joined()) }
    if let chosen, let command {
      paragraphs.append(paragraph("Chosen: \(chosen). It is fitted by") + "  \(command)\n")
    } else {
      paragraphs.append("No trial can be chosen.\n")
    }
    return paragraphs.joined(separator: "\n")
  }

  /// Columns that are the same in every trial are left out.
  private var table: TextTable {
    let configurations = trials.map(\.configuration)
    let several = configurations.filter { $0.experts > 1 }
    let shows = (
      gates: Set(several.map(\.gate)).count > 1, priors: Set(configurations.map(\.priors)).count > 1,
      tuning: Set(configurations.map(\.tuningName)).count > 1, test: trials.contains { $0.testDensity != nil }
    )
    var columns: [(header: String, alignment: TextTable.Alignment)] = [("model", .left), ("experts", .right)]
    if shows.gates { columns.append(("gate", .left)) }
    if shows.priors { columns.append(("priors", .left)) }
    if shows.tuning { columns.append(("tuning", .left)) }
    columns += [
      ("parameters", .right), ("LOO", .right), ("to chosen", .right), ("bad k", .right), ("R-hat", .right),
    ]
    if shows.test { columns.append(("held-out LPPD", .right)) }
    columns += [("Pareto", .left), ("verdict", .left)]
    var table = TextTable(columns)
    for trial in trials {
      let configuration = trial.configuration
      var cells = [configuration.modelName, "\(configuration.experts)"]
      if shows.gates { cells.append(configuration.gate) }
      if shows.priors { cells.append(configuration.priors) }
      if shows.tuning { cells.append(configuration.tuningName) }
      cells += [
        "\(trial.parameters)", Self.text(trial.leaveOneOut), Self.text(trial.differenceToChosen),
        trial.unreliableRows.map(String.init) ?? "–", Self.rHat(trial),
      ]
      if shows.test { cells.append(Self.text(trial.testDensity)) }
      cells += [trial.isInParetoSet ? "yes" : "no", trial.verdict.rawValue + (trial.isDoubtful ? ", doubtful" : "")]
      table.append(cells)
    }
    return table
  }

  private static func text(_ score: Score?) -> String {
    guard let score else { return "–" }
    return score.standardError.map { NumberText.withError(score.value, $0) } ?? NumberText.significant(score.value)
  }

  private static func rHat(_ trial: Entry) -> String {
    guard trial.leaveOneOut != nil else { return "–" }
    return trial.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "inf"
  }
}
