import EmpiricalBayes
import TuningIO

/// Whether to use the tuned priors, in words, with the findings that it rests on.
struct ReportVerdict {
  let sentence: String
  let isGood: Bool
  let findings: [ReportPage.Finding]

  /// - Parameter more: Findings that the report itself has made.
  init(_ report: RunReport, more: [ReportPage.Finding] = []) {
    let checks = report.tuning + report.posterior
    let warnings =
      report.dataWarnings + checks.filter { $0.status == .warn }.map(\.sentence)
      + more.filter { $0.status == .warning }.map(\.sentence)
    var findings = warnings.map { ReportPage.Finding(.warning, $0) }
    findings += checks.filter { $0.status == .pass }.map { .init(.good, $0.sentence) }
    findings += more.filter { $0.status != .warning }
    let notes =
      report.chains + report.consequences.sentences + [report.relabelling, report.heldOut?.sentence].compactMap { $0 }
    findings += notes.map { .init(.note, $0) }
    findings.append(.init(.note, "\(report.gradientEvaluations) gradient evaluations were spent on tuning."))
    self.findings = findings
    let gain =
      report.logEvidenceGain.map {
        "Tuning raised the log evidence by \(NumberText.withError($0.value, $0.standardError)) nats. "
      } ?? ""
    let help: String
    switch report.heldOut {
    case .some(let heldOut)
    where heldOut.doubt == nil && heldOut.difference.value > 2 * heldOut.difference.standardError:
      help = "The tuned priors also predict rows that were left out better. "
    case .some(let heldOut)
    where heldOut.doubt == nil && heldOut.difference.value < -2 * heldOut.difference.standardError:
      help = "But the tuned priors predict rows that were left out worse: prefer the initial ones. "
    case .some(let heldOut) where heldOut.doubt == nil:
      help = "On rows that were left out, tuning made no difference that can be told from noise. "
    default: help = ""
    }
    let worse = help.hasPrefix("But")
    isGood = warnings.isEmpty && !worse
    sentence =
      (report.logEvidenceGain.map { $0.value < 0 } == true ? "The log evidence fell while tuning. " : gain) + help
      + (warnings.isEmpty
        ? "No check gave a reason for doubt."
        : warnings.count == 1
          ? "One check gave a reason for doubt; it stands first below."
          : "\(warnings.count) checks gave a reason for doubt; they stand first below.")
  }
}
