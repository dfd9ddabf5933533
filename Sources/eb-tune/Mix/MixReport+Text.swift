import EmpiricalBayes
import TuningIO

extension MixReport {
  /// The result for people, in lines of at most `width` columns.
  func text(width: Int) -> String {
    func folded(_ text: String, indent: String = "") -> [String] { TextWidth.folded(text, to: width, indent: indent) }
    let how = [configuration.method, configuration.weights, configuration.rule].compactMap { $0 }
    var lines = folded(
      "\(name): \(how.joined(separator: ", ")) mixing of \(configuration.models.joined(separator: ", "));"
        + " \(configuration.rows) rows, \(configuration.sampler)")
    if let iterations, let reason {
      lines += [""] + folded("After \(iterations) iteration\(iterations == 1 ? "" : "s"): \(reason)")
      if let gain = logEvidenceGain {
        lines += folded(
          "  log evidence \(gain.value < 0 ? "fell" : "rose") by \(NumberText.withError(abs(gain.value), gain.standardError))"
            + " nats from the initial priors", indent: "  ")
      }
      lines += ["", "What was tuned"] + RunReport.Coordinate.table(coordinates).lines(width: width)
    }
    lines += quantities("Parameters", parameters, width)
    lines += quantities("Mean weights over the rows", meanWeights, width)
    lines += [""] + folded("Predictions at \(configuration.newRows) inputs. \(bands)")
    lines += ["", "Verdict"]
    var remarks = (tuning + posterior).map { ($0.status == .pass ? "ok" : "WARN", $0.sentence) }
    remarks += chains.map { ("note", $0) }
    remarks += (notes + [heldOut?.sentence].compactMap { $0 }).map { ("note", $0) }
    if iterations == nil {
      remarks.append(
        ("note", configuration.sampler == "closed form" ? "There is no prior to tune." : "Nothing was tuned."))
    }
    for (mark, sentence) in remarks {
      lines += folded("  \(mark)\(String(repeating: " ", count: 4 - mark.count))  \(sentence)", indent: "        ")
    }
    if !files.isEmpty { lines += [""] + folded("Written: " + files.joined(separator: ", "), indent: "  ") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func quantities(_ title: String, _ rows: [MixOutcome.Quantity], _ width: Int) -> [String] {
    guard !rows.isEmpty else { return [] }
    var table = TextTable([
      ("", .left), ("mean", .right), ("sd", .right), ("5 %", .right), ("50 %", .right), ("95 %", .right),
    ])
    for row in rows {
      table.append(
        [row.name]
          + [row.mean, row.standardDeviation, row.lower, row.median, row.upper].map { NumberText.significant($0) })
    }
    return ["", title] + table.lines(width: width)
  }
}
