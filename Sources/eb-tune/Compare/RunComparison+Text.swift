import EmpiricalBayes
import Evaluation
import TuningIO

extension RunComparison {
  /// The comparison in lines of at most `width` columns, as far as names allow.
  func text(_ runs: [ReportRun], width: Int) -> String {
    func folded(_ text: String) -> [String] { TextWidth.folded(text, to: width, indent: "  ") }
    var lines = ["What differs"]
    lines +=
      settings.isEmpty
      ? ["The runs were made alike."] : tables("option", settings.map { ($0.name, $0.values) }, width: width)
    lines += ["", "What was found"] + tables("", found, width: width)
    lines += folded(
      "Log evidence can be compared between runs on the same rows with the same target only, and its gain counts from where"
        + " each run started.")
    lines += ["", "Leave-one-out (PSIS-LOO at the tuned priors)"] + Self.lines(leaveOneOut, width: width)
    lines += ["", "Rows that no fit has seen"] + Self.lines(heldOut, width: width)
    lines += ["", "Tuned values with their 95 % intervals"]
    let tuned = ReportComparison.tuned(runs)
    lines += tables("hyperparameter", tuned.rows.map { ($0[0], Array($0.dropFirst())) }, width: width)
    if !omissions.isEmpty { lines += [""] + omissions.flatMap(folded) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var found: [(String, [String])] {
    func text(_ estimate: Estimate?) -> String {
      estimate.map { NumberText.withError($0.value, $0.standardError) } ?? "-"
    }
    return [
      ("state", results.map { $0.isFinished ? "finished" : "not finished" }),
      ("iterations", results.map { "\($0.iterations)" }),
      ("log evidence gain", results.map { text($0.logEvidenceGain) }),
      ("surrogate", results.map { text($0.surrogate) }),
      ("PSIS-LOO elpd", results.map { $0.leaveOneOut.map(Self.text) ?? "-" }),
      ("held-out LPPD", results.map { $0.heldOut.map(Self.text) ?? "-" }),
      ("warnings", results.map { $0.warnings.map { "\($0)" } ?? "-" }),
    ]
  }

  private static func text(_ score: Score) -> String {
    score.standardError.map { NumberText.withError(score.value, $0) } ?? NumberText.significant(score.value)
  }

  private static func lines(_ ranking: Ranking, width: Int) -> [String] {
    var lines: [String] = []
    if let entries = ranking.entries {
      var table = TextTable([("run", .left), ("score", .right), ("behind the best", .right), ("doubtful rows", .right)])
      for entry in entries {
        table.append([
          entry.name, text(entry.elpd), entry.lag.value == 0 ? "-" : text(entry.lag),
          entry.unreliableRows == 0 ? "-" : "\(entry.unreliableRows)",
        ])
      }
      lines += table.lines(width: width)
    }
    return lines + TextWidth.folded(ranking.sentence, to: width, indent: "  ")
  }

  /// A column a run beside what they are about, in as many tables as the width asks for.
  private func tables(_ heading: String, _ rows: [(String, [String])], width: Int) -> [String] {
    func table(_ columns: Range<Int>) -> TextTable {
      var table = TextTable([(heading, .left)] + columns.map { (results[$0].name, .right) })
      for row in rows { table.append([row.0] + columns.map { row.1[$0] }) }
      return table
    }
    var (lines, first) = ([String](), 0)
    while first < results.count {
      var end = first + 1
      while end < results.count,
        table(first..<end + 1).lines().allSatisfy({ TextWidth.columns(of: $0) <= width })
      {
        end += 1
      }
      lines += (first > 0 ? [""] : []) + table(first..<end).lines(width: width)
      first = end
    }
    return lines
  }
}
