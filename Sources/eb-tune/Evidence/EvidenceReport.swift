import EmpiricalBayes
import TuningIO

/// ln L at the priors of a run, for people as text and for machines as JSON.
struct EvidenceReport: Sendable, Codable {
  let name: String
  let model: String
  /// nil for a mixture.
  let experts: Int?
  let parameters: Int
  let rows: Int
  let seed: UInt64
  let tuned: LogEvidence?
  let initial: LogEvidence?
  /// ln L at the tuned priors, of the target in its own units; `tuned` is of the target on the model's scale.
  let tunedInTargetUnits: Estimate?
  /// The same at the initial priors.
  let initialInTargetUnits: Estimate?
  /// ln L tuned − ln L initial.
  let difference: Estimate?
  /// What makes the numbers doubtful, a sentence each.
  let doubts: [String]

  init(_ run: EvidenceSubject, seed: UInt64, tuned: LogEvidence?, initial: LogEvidence?) {
    name = run.name
    model = run.model
    experts = run.experts
    parameters = run.parameters
    rows = run.rows
    self.seed = seed
    self.tuned = tuned
    self.initial = initial
    let shift = run.shift
    func moved(_ evidence: LogEvidence) -> Estimate {
      Estimate(value: evidence.estimate.value + shift, standardError: evidence.estimate.standardError)
    }
    tunedInTargetUnits = tuned.map(moved)
    initialInTargetUnits = initial.map(moved)
    if let tuned = tuned?.estimate, let initial = initial?.estimate {
      let (a, b) = (tuned.standardError, initial.standardError)
      difference = Estimate(value: tuned.value - initial.value, standardError: (a * a + b * b).squareRoot())
    } else {
      difference = nil
    }
    doubts = [("tuned", tuned), ("initial", initial)].flatMap { priors, evidence in
      (evidence?.doubts ?? []).map { "At the \(priors) priors: \($0)" }
    }
  }

  /// Which ln L the table holds.
  private var scaleRemark: String {
    let shift = [(tuned, tunedInTargetUnits), (initial, initialInTargetUnits)].compactMap { model, own in
      model.flatMap { model in own.map { model.estimate.value - $0.value } }
    }.first
    guard let shift, abs(shift) > 1e-9 else { return "ln L is a density of the target in its own units." }
    return "ln L is a density of the target in its own units, as brms and rstanarm have it; on the model's scale it is"
      + " \(NumberText.significant(abs(shift), digits: 5)) \(shift > 0 ? "more" : "less")."
  }

  /// A table of the evidences, their difference, the stages and the doubts.
  func text(width: Int) -> String {
    func folded(_ text: String, indent: String = "") -> [String] { TextWidth.folded(text, to: width, indent: indent) }
    var lines = folded(
      "\(name): \(model)\(experts.map { " with \($0) expert\($0 == 1 ? "" : "s")" } ?? ""), \(parameters) parameters, \(rows) rows"
    )
    lines.append("")
    var table = TextTable([
      ("priors", .left), ("ln L", .right), ("stages", .right), ("least overlap", .right), ("worst R-hat", .right),
      ("gradients", .right),
    ])
    for (priors, evidence, shown) in [
      ("tuned", tuned, tunedInTargetUnits), ("initial", initial, initialInTargetUnits),
    ] {
      guard let evidence, let shown else { continue }
      table.append([
        priors, NumberText.withError(shown.value, shown.standardError),
        "\(evidence.stages.count)", NumberText.fixed(evidence.minimumOverlap, digits: 2),
        NumberText.fixed(evidence.worstRHat, digits: 2), "\(evidence.gradientEvaluations)",
      ])
    }
    lines += table.lines(width: width)
    lines += [""] + folded(scaleRemark)
    if let difference {
      lines += [""]
      lines += folded(
        "ln L tuned − ln L initial = \(NumberText.withError(difference.value, difference.standardError)) nats.")
    }
    if !doubts.isEmpty { lines.append("") }
    for doubt in doubts { lines += folded("  WARN  \(doubt)", indent: "        ") }
    return lines.joined(separator: "\n") + "\n"
  }
}
