import Experiments
import Foundation
import TuningIO

/// Tells on standard error how far an experiment is: one live line on a terminal, a line a fit elsewhere.
struct ExperimentProgress: Sendable {
  private let isQuiet: Bool
  private let total: Int
  private let isTerminal = Console.errorIsTerminal

  init(isQuiet: Bool, total: Int) {
    self.isQuiet = isQuiet
    self.total = total
  }

  /// A fit has ended, as number `done` of those that were to be made.
  func show(_ result: ExperimentResult, done: Int) {
    guard !isQuiet else { return }
    var text = "fit \(done)/\(total)  seed \(result.seed)  \(result.key)"
    if let scores = result.scores {
      if let loo = scores.leaveOneOut?.elpd { text += "  LOO \(NumberText.fixed(loo.value, digits: 1))" }
      if let seconds = scores.seconds { text += "  \(NumberText.duration(seconds))" }
    } else {
      text += "  failed"
    }
    guard isTerminal else { return Console.standardError(text + "\n") }
    let line = TextWidth.folded(text, to: max(10, Console.errorWidth - 1)).first ?? ""
    Console.standardError("\r\(line)\u{1B}[K")
  }

  /// Leaves the live line as it stands.
  func endLine() { if isTerminal && !isQuiet { Console.standardError("\n") } }
}
