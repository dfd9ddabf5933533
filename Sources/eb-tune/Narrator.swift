import EmpiricalBayes
import Foundation
import TuningIO

/// Tells on standard error what goes on: one live line on a terminal, plain lines elsewhere.
struct Narrator: Sendable {
  let isQuiet: Bool
  let iterations: Int
  private let isTerminal = Console.errorIsTerminal
  private let start = ContinuousClock.now

  init(isQuiet: Bool, iterations: Int) {
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
    for note in study.notes { say("  " + note) }
    say(
      "\(model.architecture.combination.rawValue), \(model.architecture.experts) experts, \(model.dimension) parameters;"
        + " \(model.rows) rows to fit, \(study.test?.count ?? 0) held out;"
        + " \(study.training.expertNames.count) expert features, \(study.training.gateNames.count) gate features.")
    say(
      "Tuning \(model.hyperparameters.coordinates.count) of \(model.hyperparameters.count) hyperparameters, gamma ="
        + " \(NumberText.significant(tuning.gamma)), \(tuning.iterations) iterations.")
    if tuning.tune == .all {
      say(
        "  With a location and a scale for every parameter the marginal likelihood has no interior maximum: such priors"
          + " can collapse on the data; --tune blocks does not.")
    }
  }

  /// A line of its own.
  func say(_ sentence: String) {
    if !isQuiet { Console.standardError(sentence + "\n") }
  }

  /// An iteration; returns the seconds since the run began.
  func show(_ info: TuningInfo) -> Double {
    let seconds = elapsed
    if !isQuiet {
      let text = ProgressLine.text(
        info, total: iterations - 1, elapsed: seconds, width: Console.width, isTerminal: isTerminal)
      Console.standardError(isTerminal ? text : text + "\n")
    }
    return seconds
  }

  /// Leaves the live line as it stands.
  func endLine() {
    if isTerminal && !isQuiet { Console.standardError("\n") }
  }
}
