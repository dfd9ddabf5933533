import EmpiricalBayes
import Experts
import Foundation
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
    (initial, tuned) = try Self.hyperparameters(of: run.model, in: finished)
  }

  /// λ at the start and as tuned, from the file's natural scale to that of tuning.
  private static func hyperparameters(
    of model: ExpertModel, in finished: FinishedRun
  ) throws -> (initial: Hyperparameters, tuned: Hyperparameters) {
    let file = finished.path(of: .priors)
    let start = model.hyperparameters
    let listed = finished.priors.priors.flatMap { entry in
      entry.hyperparameters.map { (name: "\(entry.parameter).\($0.name)", $0.initial, $0.tuned) }
    }
    guard listed.map(\.name) == start.entries.map(\.name) else {
      throw Failure("\(file): its hyperparameters are not those of the model in config.json.", .data)
    }
    func values(_ natural: [Double]) throws -> [Double] {
      try zip(start.entries, natural).map { entry, value in
        let result = entry.kind.isLogarithm ? log(value) : value
        guard result.isFinite else {
          throw Failure("\(file): \(entry.name) is \(value), which no prior has.", .data)
        }
        return result
      }
    }
    let initial = try values(listed.map(\.1))
    for (index, value) in initial.enumerated() where !(abs(value - start.values[index]) < 1e-6) {
      throw Failure("\(file): the initial \(start.entries[index].name) is not that of config.json.", .data)
    }
    return (
      Hyperparameters(entries: start.entries, values: initial),
      Hyperparameters(entries: start.entries, values: try values(listed.map(\.2)))
    )
  }
}
