import EmpiricalBayes
import Foundation
import TuningIO

/// Tells on standard error what goes on: one live line on a terminal, plain lines elsewhere.
struct Narrator: Sendable {
  let isQuiet: Bool
  /// nil where the schedule stops by itself.
  let iterations: Int?
  private let isTerminal = Console.errorIsTerminal
  private let start = ContinuousClock.now

  init(isQuiet: Bool, iterations: Int?) {
    self.isQuiet = isQuiet
    self.iterations = iterations
  }

  /// Seconds since the run began.
  var elapsed: Double { Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000 }

  /// What will be done.
  func announce(_ run: TuningRun, _ tuning: TuningOptions) {
    let study = run.study
    let model = run.model
    say(study.summary)
    for note in study.notes + study.warnings { say("  " + note) }
    say(
      "\(model.architecture.combination.rawValue), \(count(model.architecture.experts, "expert")), \(model.dimension) parameters;"
        + " \(model.rows) rows to fit, \(study.test?.count ?? 0) held out;"
        + " \(count(study.training.expertNames.count, "expert feature")),"
        + " \(count(study.training.gateNames.count, "gate feature")).")
    say(
      "Tuning \(model.hyperparameters.coordinates.count) of \(model.hyperparameters.count) hyperparameters, gamma ="
        + " \(NumberText.significant(run.gamma)), schedule \(tuning.schedule.rawValue),"
        + " \(tuning.schedule.knowsWhenToStop ? "at most " : "")\(count(tuning.resolvedIterations, "iteration")).")
    if tuning.tune == .all {
      say(
        "  A location and a scale for every parameter fit the data twice"
          + (tuning.leavesOutHyperpriors
            ? ", and the marginal likelihood has no interior maximum: such priors can collapse on the data."
            : " and often predict worse than untuned priors.") + " --tune blocks is the safer choice.")
    }
  }

  /// A paragraph of its own, folded on a terminal; further lines are indented like the first, and two columns more.
  func say(_ sentence: String) {
    guard !isQuiet else { return }
    let indent = String(repeating: " ", count: 2 + sentence.prefix { $0 == " " }.count)
    let lines = TextWidth.folded(sentence, to: isTerminal ? Console.errorWidth : .max, indent: indent)
    Console.standardError(lines.joined(separator: "\n") + "\n")
  }

  /// An iteration.
  func show(_ info: TuningInfo) {
    guard !isQuiet else { return }
    let text = ProgressLine.text(
      info, total: iterations.map { $0 - 1 }, elapsed: elapsed, width: Console.errorWidth, isTerminal: isTerminal)
    Console.standardError(isTerminal ? text : text + "\n")
  }

  /// Leaves the live line as it stands, or a blank line before the result.
  func endLine() {
    if isTerminal && !isQuiet { Console.standardError("\n") }
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
