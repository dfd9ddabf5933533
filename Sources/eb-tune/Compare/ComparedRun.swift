import EmpiricalBayes
import Evaluation
import Foundation
import TuningIO

/// A run as it stands beside others: what is compared row by row is computed from its draws and checkpoint.
struct ComparedRun: Sendable {
  /// Rows that scores are about, on the model's scale: runs on two scales are not compared.
  struct Rows: Sendable, Equatable {
    let target: String
    let response: [Double]
  }

  private(set) var run: ReportRun
  /// The rows that were fitted; nil where the run cannot be set up again.
  let fitted: Rows?
  /// ln p(y_n | all other rows) at the tuned priors, of the target in its own units; nil without draws.
  let leaveOneOut: LeaveOneOut?
  /// Rows that no fit has seen, and ln p of each at the tuned priors; nil where there are none.
  let heldOut: (rows: Rows, scores: LeaveOneOut)?

  /// - Throws: `FinishedRunError` where the directory at `path` holds no configuration of a run.
  init(path: String) throws {
    run = try ReportRun(path: RunDirectory.trimmed(path))
    guard let evidence = run.model, let draws = run.draws, let model = try? ReportModel(evidence, draws) else {
      (fitted, leaveOneOut, heldOut) = (nil, nil, nil)
      return
    }
    let study = evidence.run.study
    let training = Rows(target: study.target, response: study.training.response)
    fitted = training
    let shift = study.scaling.logDensityShift(rows: 1)
    leaveOneOut = (try? model.leaveOneOut()).map { LeaveOneOut($0).shifted(by: shift) }
    if let test = study.test {
      let scores = try? model.predictive(of: test, draws: draws.count).logPredictiveDensity
      heldOut = scores.map {
        (Rows(target: study.target, response: test.response), LeaveOneOut(exact: $0).shifted(by: shift))
      }
    } else {
      heldOut = Self.foldScores(run.path, rows: study.training.count).map {
        (training, LeaveOneOut(exact: $0).shifted(by: shift))
      }
    }
  }

  /// The same under another name.
  func named(_ name: String) -> ComparedRun {
    var copy = self
    copy.run.name = name
    return copy
  }

  /// What refitted folds predicted of every row, as the checkpoint keeps it.
  private static func foldScores(_ path: String, rows: Int) -> [Double]? {
    func file(_ file: RunDirectory.File) -> String { "\(path)/\(file.rawValue)" }
    guard let command = try? RecordedCommand(directory: path, threads: 1),
      let header = try? Checkpoint.Header(
        version: command.configuration.version, configurationAt: file(.configuration)),
      let folds = (try? Checkpoint.read(TuningRun.Progress.self, of: header, from: file(.checkpoint)))?.folds,
      folds.count == command.command.data.folds ?? DataOptions.standardFolds, !folds.isEmpty
    else { return nil }
    var scores = [Double](repeating: 0, count: rows)
    for (fold, found) in folds.enumerated() {
      let held = Folds.rows(of: fold, count: folds.count, total: rows, command.command)
      guard held.count == found.tuned.count else { return nil }
      for (row, score) in zip(held, found.tuned) { scores[row] = score }
    }
    return scores
  }
}
