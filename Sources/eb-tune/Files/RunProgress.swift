import EmpiricalBayes
import LogDensities
import TuningIO

/// How far a run has come: all that it takes to go on as if nothing had happened.
struct RunProgress<Chains: Sendable & Codable, Memory: Sendable & Codable & Equatable>: Sendable, Codable {
  /// The outer loop's.
  var state: TuningState<Chains, Memory>
  /// Whether λ was chosen anew on fresh draws, after the last iteration.
  var isRescored = false
  /// The refitted folds that are finished, in order.
  var folds: [Folds.Scores] = []

  /// Whether `loop` can have come there, folds aside: a checkpoint is a file, and may hold anything.
  func isOf<Model, Sampler, Schedule>(_ loop: TuningLoop<Model, Sampler, Schedule>) -> Bool
  where Sampler.Chains == Chains, Schedule.Memory == Memory {
    guard (try? loop.validate(state)) != nil else { return false }
    return isRescored ? state.best != nil : folds.isEmpty
  }
}

extension TuningRun {
  typealias Progress = RunProgress<Sampler.Chains, CatalogueSchedule.Memory>
  typealias Record = RunRecord<Sampler.Chains, CatalogueSchedule.Memory>

  /// Whether this run, with the folds of its command, can have come to `progress`.
  func canHaveMade(_ progress: Progress, _ command: TuneCommand) -> Bool {
    progress.isOf(loop) && (progress.folds.isEmpty || Folds(command, self)?.holds(progress.folds) ?? false)
  }

  /// The progress that the checkpoint in `directory` holds; nil where there is none yet.
  /// - Throws: `CheckpointError`, `TableError`.
  func progress(_ command: TuneCommand, in directory: RunDirectory) throws -> Progress? {
    try Record.progress(in: directory) { canHaveMade($0, command) }
  }

  /// The record to go on with in `directory`.
  /// - Throws: `CheckpointError`, `TableError`, `OutputError`.
  func record(
    resuming directory: RunDirectory, of command: TuneCommand, recordedPath: String, home: String
  ) throws -> Record {
    try Record(resuming: directory, recordedPath: recordedPath, home: home) { canHaveMade($0, command) }
  }
}
