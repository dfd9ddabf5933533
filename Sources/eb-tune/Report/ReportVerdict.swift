import Diagnostics
import EmpiricalBayes
import TuningIO

/// Whether to use the tuned priors, in words, with the findings that it rests on.
struct ReportVerdict {
  let sentence: String
  let isGood: Bool
  let findings: [ReportPage.Finding]

  /// - Parameter more: Findings that the report itself has made.
  init(_ report: RunReport, more: [ReportPage.Finding] = []) {
    self.init(
      gain: report.logEvidenceGain, heldOut: report.heldOut, report.tuning + report.posterior,
      warnings: report.dataWarnings, more: more,
      notes: report.chains + report.consequences.sentences
        + [report.relabelling, report.heldOut?.sentence].compactMap { $0 }
        + ["\(report.gradientEvaluations) gradient evaluations were spent on tuning."])
  }

  /// Of a mixture, which need not have anything to tune or to sample.
  init(_ report: MixReport) {
    let untuned =
      report.iterations != nil
      ? nil
      : report.configuration.method == MixMethodOptions.Method.precision.rawValue
        ? "Precision mixing is a formula: it has no prior to tune and no draws to check. " : "Nothing was tuned. "
    self.init(
      untuned: untuned, gain: report.logEvidenceGain, heldOut: report.heldOut?.comparison,
      report.tuning + report.posterior, warnings: [], more: [],
      notes: report.chains + report.notes + [report.heldOut?.sentence].compactMap { $0 })
  }

  /// What is there of a run without a report.
  static func unfinished(iterations: Int, hasPriors: Bool) -> String {
    let count =
      iterations == 0 ? "no iteration is" : iterations == 1 ? "1 iteration is" : "\(iterations) iterations are"
    return "This run did not finish: \(count) written\(hasPriors ? ", and the tuned priors so far" : "")."
      + " Do not rely on them yet."
  }

  private init(
    untuned: String? = nil, gain: Estimate?, heldOut: HeldOutComparison?, _ checks: [SampleChecks.Check],
    warnings data: [String], more: [ReportPage.Finding], notes: [String]
  ) {
    let warnings =
      data + checks.filter { $0.status == .warn }.map(\.sentence)
      + more.filter { $0.status == .warning }.map(\.sentence)
    var findings = warnings.map { ReportPage.Finding(.warning, $0) }
    findings += checks.filter { $0.status == .pass }.map { .init(.good, $0.sentence) }
    findings += more.filter { $0.status != .warning }
    findings += notes.map { .init(.note, $0) }
    self.findings = findings
    let help = Self.help(heldOut)
    isGood = warnings.isEmpty && !help.isWorse
    let doubt =
      checks.isEmpty && warnings.isEmpty
      ? ""
      : warnings.isEmpty
        ? "No check gave a reason for doubt."
        : warnings.count == 1
          ? "One check gave a reason for doubt; it stands first below."
          : "\(warnings.count) checks gave a reason for doubt; they stand first below."
    sentence = (untuned ?? Self.words(gain)) + help.sentence + doubt
  }

  private static func words(_ gain: Estimate?) -> String {
    guard let gain else { return "" }
    return gain.value < 0
      ? "The log evidence fell while tuning. "
      : "Tuning raised the log evidence by \(NumberText.withError(gain.value, gain.standardError)) nats. "
  }

  private static func help(_ heldOut: HeldOutComparison?) -> (sentence: String, isWorse: Bool) {
    guard let heldOut, heldOut.doubt == nil else { return ("", false) }
    let (difference, error) = (heldOut.difference.value, heldOut.difference.standardError)
    if difference > 2 * error {
      return ("The tuned priors also predict rows that were left out better. ", false)
    }
    if difference < -2 * error {
      return ("But the tuned priors predict rows that were left out worse: prefer the initial ones. ", true)
    }
    return ("On rows that were left out, tuning made no difference that can be told from noise. ", false)
  }
}
