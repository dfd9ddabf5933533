import Foundation
import LogDensities
import TuningIO

extension PriorExport {
  /// λ at the start and as tuned, from the file's natural scale to that of tuning.
  /// - Parameters:
  ///   - start: λ where tuning starts, as the options of the run lead to it.
  ///   - file: `priors.json`, for messages.
  /// - Throws: `Failure` where the file is not of such a run.
  func hyperparameters(
    like start: Hyperparameters, file: String
  ) throws(Failure) -> (initial: Hyperparameters, tuned: Hyperparameters) {
    let listed = priors.flatMap { entry in
      entry.hyperparameters.map { (name: "\(entry.parameter).\($0.name)", $0.initial, $0.tuned) }
    }
    guard listed.map(\.name) == start.entries.map(\.name) else {
      throw Failure("\(file): its hyperparameters are not those of the model in config.json.", .data)
    }
    func values(_ natural: [Double]) throws(Failure) -> [Double] {
      var result: [Double] = []
      for (entry, value) in zip(start.entries, natural) {
        result.append(entry.kind.isLogarithm ? log(value) : value)
        guard result[result.count - 1].isFinite else {
          throw Failure("\(file): \(entry.name) is \(value), which no prior has.", .data)
        }
      }
      return result
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
