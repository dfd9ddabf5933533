import Foundation
import TuningIO

/// Tells on standard error how far a benchmark is: one live line on a terminal, a line a run elsewhere.
struct BenchmarkProgress: Sendable {
  private let isQuiet: Bool
  private let total: Int
  private let isTerminal = Console.errorIsTerminal
  private let start = ContinuousClock.now

  init(isQuiet: Bool, total: Int) {
    self.isQuiet = isQuiet
    self.total = total
  }

  /// A run has ended, as number `done` of those that were to be made.
  func show(_ run: BenchmarkRun, done: Int, tolerance: Double) {
    guard !isQuiet else { return }
    let elapsed = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    let left = elapsed / Double(done) * Double(total - done)
    let cost = run.cost(within: tolerance).map { "\(NumberText.grouped($0)) gradients" } ?? "failed"
    let job = run.job
    let step = job.step == 1 ? "" : " ×\(NumberText.significant(job.step))"
    let text =
      "run \(done)/\(total)  \(job.problem)  \(job.schedule.rawValue)\(step)  seed \(job.seed)  \(cost)"
      + "  \(NumberText.duration(left)) left"
    guard isTerminal else { return Console.standardError(text + "\n") }
    let line = TextWidth.folded(text, to: max(10, Console.errorWidth - 1)).first ?? ""
    Console.standardError("\r\(line)\u{1B}[K")
  }

  /// Leaves the live line as it stands.
  func endLine() { if isTerminal && !isQuiet { Console.standardError("\n") } }
}
