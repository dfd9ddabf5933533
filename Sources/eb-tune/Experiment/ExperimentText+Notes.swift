import Evaluation
import Experiments
import TuningIO

extension ExperimentText {
  /// What a reader should know about single rows of a table, and why Algorithm 1 chose what it chose.
  func notes(_ table: ExperimentTable, _ width: Int) -> [String] {
    let isOnly = report.tables.count == 1
    let place = isOnly ? "" : "Seed \(table.seed): "
    var result: [String] = []
    for row in table.rows {
      if let failure = row.failure { result.append("\(place)\(row.label) failed: \(failure)") }
      if let reason = row.leftOut, isOnly || table.seed == report.tables[0].seed {
        result.append("\(row.label): \(reason)")
      }
      if row.hasNotConverged {
        result.append(
          "\(place)\(row.label): the chains disagree (R-hat ≥ \(ModelScores.rHatLimit)); its figures are not those of one"
            + " posterior.")
      }
      if isOnly, let scores = row.scores {
        if row.label != scores.detail, !scores.detail.isEmpty { result.append("\(row.label): \(scores.detail).") }
        result += scores.warnings.filter { !$0.contains("R-hat") }.map { "  \($0)" }
        if let calibration = Self.calibration(scores) { result.append("  \(calibration)") }
      }
    }
    result += table.choices.flatMap { choice(of: $0, place, isOnly: isOnly) }
    return result.isEmpty ? [] : [result.map { folded($0, width) }.joined()]
  }

  private func choice(of choice: ExperimentTable.Choice, _ place: String, isOnly: Bool) -> [String] {
    let selection = choice.selection
    let chosen = selection.best.map { selection.trials[$0].name } ?? "nothing"
    var result = ["\(place)Algorithm 1 chooses for \(choice.model): \(chosen)."]
    result += choice.doubts.map { "  But \($0)." }
    guard isOnly else { return result }
    result += selection.visited.map { "  \(selection.sentence(for: $0))" }
    let left = selection.trials.count - selection.visited.count
    if left > 0 {
      result.append(
        left == 1
          ? "  Another trial is no simpler than one of these and predicts no better."
          : "  \(left) other trials are no simpler than one of these and predict no better.")
    }
    return result
  }

  /// Whether predictive distributions of the test rows are as wide as they say; nil where there are none.
  private static func calibration(_ scores: ModelScores) -> String? {
    // Sums of weights may leave 1 by rounding.
    let probabilities = scores.probabilities.map { min(max($0, 0), 1) }
    guard let calibration = try? Calibration(probabilities: probabilities) else { return nil }
    let p = calibration.test.pValue
    let percent = { (share: Double) in NumberText.fixed(100 * share, digits: 0) }
    let levels = calibration.coverage.map { percent($0.level) }.joined(separator: ", ")
    let shares = calibration.coverage.map { percent($0.share.value) }.joined(separator: ", ")
    return
      "Calibration: Kolmogorov–Smirnov p \(p < 0.001 ? "< 0.001" : "= \(NumberText.fixed(p, digits: 3))"); central intervals of"
      + " \(levels) % hold \(shares) % of the test rows."
  }

  /// Warnings of several repetitions, counted.
  func spreadNotes(_ width: Int) -> [String] {
    let sentences = report.spreads.enumerated().compactMap { index, spread -> String? in
      guard spread.warned > 0 else { return nil }
      let first = report.tables.lazy.compactMap { $0.rows[index].scores?.warnings.first }.first
      return
        "\(spread.label): \(spread.warnings) \(spread.warnings == 1 ? "warning" : "warnings") in \(spread.warned) of"
        + " \(report.tables.count) repetitions; the first is: \(first ?? "")"
    }
    return sentences.isEmpty ? [] : [sentences.map { folded($0, width) }.joined()]
  }

  /// LOO of every model beside that of the best one, row by row; nil where there is nothing to compare.
  func ranking(_ table: ExperimentTable) -> TextTable? {
    let models = table.rows.compactMap { row in row.scores?.leaveOneOut.map { (name: row.label, loo: $0) } }
    guard models.count > 1, let ranking = try? ModelRanking(models) else { return nil }
    var result = TextTable([
      ("by LOO", .left), ("behind the best", .right), ("stacking weight", .right), ("bad Pareto k", .right),
    ])
    for entry in ranking.entries {
      result.append([
        entry.name, Self.text(entry.lag, .loo), NumberText.fixed(entry.weight, digits: 2), "\(entry.unreliableRows)",
      ])
    }
    return result
  }
}
