import Diagnostics
import EmpiricalBayes
import Experts
import LogDensities
import Sampling
import TuningIO

/// Refitted folds: every row is predicted by a model that was tuned and fitted without it, once with tuned and once with
/// initial priors. What held-out rows are for a study that has none. Features and target stay standardised on all rows.
struct Folds: Sendable {
  /// What one fold has found.
  struct Scores: Sendable, Codable {
    /// ln p of the rows of the fold, at priors tuned without them.
    let tuned: [Double]
    /// The same at the initial priors.
    let initial: [Double]
    /// Why the two cannot be compared; nil where they can.
    let doubt: String?
  }

  private let command: TuneCommand
  private let run: TuningRun
  let count: Int

  /// nil where folds are not asked for, or leave too few rows to fit.
  init?(_ command: TuneCommand, _ run: TuningRun) {
    let count = command.data.folds ?? DataOptions.standardFolds
    let rows = run.study.training.count
    guard run.study.test == nil, count > 1, rows >= 2 * count,
      rows - (rows + count - 1) / count >= run.model.dimension
    else { return nil }
    self.command = command
    self.run = run
    self.count = count
  }

  /// Refuses folds that were asked for and cannot be.
  static func validate(_ command: TuneCommand, _ run: TuningRun) throws(Failure) {
    guard let asked = command.data.folds, asked > 0, Folds(command, run) == nil else { return }
    if run.study.test != nil {
      throw Failure("--folds \(asked) is for data without held-out rows; \(run.study.name) has some.", .usage)
    }
    throw Failure(
      "--folds \(asked) leaves too few rows: \(run.study.training.count) rows are in \(run.study.name), and each fold needs 2 or"
        + " more, each fit \(run.model.dimension), one a parameter; give other folds, or 0.", .usage)
  }

  /// Whether `finished` can be the scores of the first folds: one a row.
  func holds(_ finished: [Scores]) -> Bool {
    finished.count <= count
      && finished.enumerated().allSatisfy { fold, scores in
        let rows = Self.rows(of: fold, count: count, total: run.study.training.count, command).count
        return scores.tuned.count == rows && scores.initial.count == rows
      }
  }

  /// Row by row in the order of the study. Folds that are `finished` are not repeated; `onFold` is told of all that are.
  func compare(
    _ narrator: Narrator, finished: [Scores] = [], onFold: ([Scores]) throws -> Void = { _ in }
  ) async throws -> HeldOutComparison {
    defer { narrator.endStage() }
    var finished = finished
    let rows = run.study.training.count
    var tuned = [Double](repeating: 0, count: rows)
    var initial = tuned
    var doubt: String?
    for fold in 0..<count {
      let held = Self.rows(of: fold, count: count, total: rows, command)
      if fold >= finished.count {
        narrator.say("Fold \(fold + 1) of \(count): tuning and fitting without its rows …")
        finished.append(
          try await scores(without: held) {
            narrator.begin("fold \(fold + 1)/\(count), \($0)", $1, part: (fold + 1, count))
          })
        try onFold(finished)
      }
      let found = finished[fold]
      for (index, row) in held.enumerated() {
        tuned[row] = found.tuned[index]
        initial[row] = found.initial[index]
      }
      doubt = doubt ?? found.doubt.map { "in fold \(fold + 1) \($0)" }
    }
    return HeldOutComparison(tuned: tuned, initial: initial, doubt: doubt, folds: count)
  }

  /// The rows that a fold leaves out, ascending.
  static func rows(of fold: Int, count: Int, total: Int, _ command: TuneCommand) -> [Int] {
    let order = Study.shuffled(Array(0..<total), seed: command.sampling.seed)
    return order.indices.filter { $0 % count == fold }.map { order[$0] }.sorted()
  }

  /// ln p of the held-out rows at priors tuned without them, and at the initial priors.
  ///
  /// - Parameter onStage: Told what is under way, and what counts its transitions.
  private func scores(without held: [Int], onStage: (String, ChainMeter) -> Void) async throws -> Scores {
    let isHeld = Set(held)
    let all = run.study.training
    var study = run.study
    study.training = all.selected((0..<all.count).filter { !isHeld.contains($0) })
    study.test = all.selected(held)
    let fold = try TuningRun(study, gamma: run.gamma, command)
    onStage("tuning", fold.meter)
    var state = try await fold.loop.run(from: fold.loop.initialState()) { _, info in
      onStage("iteration \(info.iteration + 1)", fold.meter)
    }
    try Task.checkCancellation()
    state = try await fold.loop.rescored(state)
    try Task.checkCancellation()
    guard let result = fold.loop.result(of: state), let test = study.test else {
      throw Failure("A fold could not be tuned.", .software)
    }
    var logs: [[Double]] = []
    var checks: [(priors: String, checks: SampleChecks)] = []
    var missed: String?
    for (name, lambda) in [("tuned", result.tuned), ("initial", result.initial)] {
      onStage("draws at the \(name) priors", fold.meter)
      let posterior = try await fold.posterior(at: lambda, from: state.chains, draws: command.sampling.foldDraws)
      if name == "tuned", posterior.tuningMissedTheMass { missed = "the tuned priors are of a mode of negligible mass" }
      checks.append((name, fold.checks(of: posterior.inner.draws.sample)))
      logs.append(try posterior.inner.draws.logPredictiveDensity(of: test, fold.model.architecture))
    }
    return Scores(tuned: logs[0], initial: logs[1], doubt: missed ?? Conclusion.doubt(checks))
  }
}
