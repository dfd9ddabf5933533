import Experiments
import Foundation
import TuningIO

/// Tells on standard error how far a grid of trials is: one live line on a terminal, a line a trial elsewhere.
struct TrialProgress: Sendable {
  private let isQuiet: Bool
  private let total: Int
  /// Trials that were there already.
  private let before: Int
  private let isTerminal = Console.errorIsTerminal
  private let start = ContinuousClock.now

  init(isQuiet: Bool, total: Int, before: Int) {
    self.isQuiet = isQuiet
    self.total = total
    self.before = before
  }

  /// A trial has ended, as number `done` of those that were to be run.
  func show(_ result: TrialResult, named name: String, done: Int) {
    guard !isQuiet else { return }
    let elapsed = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    let left = elapsed / Double(done) * Double(total - before - done)
    let text =
      "trial \(before + done)/\(total)  \(name)  \(Self.outcome(result))"
      + (done + before < total ? "  \(NumberText.duration(left)) left" : "")
    guard isTerminal else { return Console.standardError(text + "\n") }
    let line = TextWidth.folded(text, to: max(10, Console.errorWidth - 1)).first ?? ""
    Console.standardError("\r\(line)\u{1B}[K")
  }

  /// Leaves the live line as it stands.
  func endLine() { if isTerminal && !isQuiet { Console.standardError("\n") } }

  private static func outcome(_ result: TrialResult) -> String {
    guard let scores = result.scores else { return "failed: \(result.failure ?? "")" }
    let loo = (scores.leaveOneOut?.elpd).map {
      "LOO \(NumberText.withError($0.value, $0.standardError ?? .nan))"
    }
    let rHat = "R-hat \(scores.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "inf")"
    return ([loo ?? "no LOO", rHat] + (scores.seconds.map { [NumberText.duration($0)] } ?? [])).joined(separator: "  ")
  }
}
