import LogDensities
import TuningIO

/// A finished tuning run set up once more from its directory: the model, and λ before and after.
struct EvidenceRun: Sendable {
  let run: TuningRun
  let sampling: SamplingOptions
  let tuned: Hyperparameters
  let initial: Hyperparameters

  /// - Throws: `Failure` where files, data or options are no longer those of the run.
  init(directory: String, threads: Int) throws {
    let recorded = try RecordedCommand(directory: directory, threads: threads)
    let finished = try FinishedRun(path: directory)
    run = try recorded.run(of: recorded.study())
    sampling = recorded.command.sampling
    (initial, tuned) = try finished.priors.hyperparameters(
      like: run.model.hyperparameters, file: finished.path(of: .priors))
  }
}
