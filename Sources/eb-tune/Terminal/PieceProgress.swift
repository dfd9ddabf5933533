import EmpiricalBayes
import Experiments
import Foundation
import TuningIO

/// Tells how far a command is that makes many pieces: trials, fits or runs.
struct PieceProgress: Sendable {
  private let narrator: Narrator
  /// What a piece is called, such as `trial`.
  private let noun: String
  private let total: Int
  /// Pieces that were there already.
  private let before: Int
  private let start = ContinuousClock.now

  init(_ narrator: Narrator, _ noun: String, total: Int, before: Int = 0) {
    self.narrator = narrator
    self.noun = noun
    self.total = total
    self.before = before
  }

  /// A piece has ended, as number `done` of those that were to be made now.
  func show(_ name: String, _ outcome: String, done: Int) {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    let there = before + done
    let left = there < total ? elapsed / Double(max(1, done)) * Double(total - there) : nil
    var event = ProgressEvent(.piece, seconds: narrator.elapsed)
    (event.stage, event.name, event.outcome, event.done, event.total) = (noun, name, outcome, there, total)
    event.secondsLeft = left
    narrator.show(
      event,
      as: PieceLine.line(
        noun, name, outcome, done: there, total: total, secondsLeft: left, hasBar: narrator.mode == .live,
        style: narrator.style))
  }
}

extension TrialResult {
  /// What came of it, for a line.
  var outcome: String {
    guard let scores else { return "failed: \(failure ?? "")" }
    let loo = (scores.leaveOneOut?.elpd).map { "LOO \(NumberText.withError($0.value, $0.standardError ?? .nan))" }
    let rHat = "R-hat \(scores.largestRHat.map { NumberText.fixed($0, digits: 3) } ?? "inf")"
    return ([loo ?? "no LOO", rHat] + (scores.seconds.map { [NumberText.duration($0)] } ?? [])).joined(separator: "  ")
  }
}

extension ExperimentResult {
  /// What came of it, for a line.
  var outcome: String {
    guard let scores else { return "failed" }
    let loo = (scores.leaveOneOut?.elpd).map { "LOO \(NumberText.fixed($0.value, digits: 1))" }
    return [loo, scores.seconds.map(NumberText.duration)].compactMap { $0 }.joined(separator: "  ")
  }
}

extension BenchmarkRun {
  /// What was run, for a line.
  var name: String {
    let step = job.step == 1 ? "" : " ×\(NumberText.significant(job.step))"
    return "\(job.problem)  \(job.schedule.rawValue)\(step)  seed \(job.seed)"
  }

  /// What came of it, for a line.
  func outcome(within tolerance: Double) -> String {
    cost(within: tolerance).map { "\(NumberText.grouped($0)) gradients" } ?? "failed"
  }
}
