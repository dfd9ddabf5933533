import LogDensities
import TuningIO

/// The tuned priors as JSON: `export --to json`.
struct ExportedPriors: Encodable {
  struct Entry: Encodable {
    let parameter: String
    let family: String
    /// The hyperparameters at their tuned values, on the scale of the family.
    let hyperparameters: [String: Double]
    /// Those that tuning moved.
    let tuned: [String]
  }

  let run: String
  let remarks: [String]
  let model: String
  let priors: [Entry]

  init(_ run: ExportedRun) {
    self.run = run.finished.path
    remarks = run.remarks
    model = run.configuration.model
    priors = run.finished.priors.priors.map { entry in
      Entry(
        parameter: entry.parameter, family: entry.family,
        hyperparameters: Dictionary(
          entry.hyperparameters.map { ($0.name, $0.tuned) }, uniquingKeysWith: { first, _ in first }),
        tuned: entry.hyperparameters.filter { $0.coordinate != nil }.map(\.name))
    }
  }
}
