import LogDensities
import TuningIO

/// The tuned priors as JSON: `export --to json`.
struct ExportedPriors: Encodable {
  struct Entry: Encodable {
    let parameter: String
    let family: String
    /// The hyperparameters at their tuned values, on the scale of the family.
    let hyperparameters: [String: Double]
    /// The same for the parameter in the data's units; nil where they are not known.
    let hyperparametersInDataUnits: [String: Double]?
    /// Parameter in the data's units = offset + factor · parameter of the model.
    let units: PriorExport.Units?
    /// Those that tuning moved.
    let tuned: [String]
  }

  let run: String
  let remarks: [String]
  let model: String
  /// What target and columns were scaled by; nil where that is not known.
  let scaling: PriorExport.Scaling?
  let priors: [Entry]

  init(_ run: ExportedRun) {
    self.init(run.finished.path, model: run.configuration.model, run.remarks, run.finished.priors)
  }

  init(_ path: String, model: String, _ remarks: [String], _ export: PriorExport) {
    run = path
    self.remarks = remarks
    self.model = model
    scaling = export.scaling
    priors = export.priors.map { entry in
      let undone = entry.hyperparameters.compactMap { hyperparameter in
        hyperparameter.tunedInDataUnits.map { (hyperparameter.name, $0) }
      }
      return Entry(
        parameter: entry.parameter, family: entry.family,
        hyperparameters: Dictionary(
          entry.hyperparameters.map { ($0.name, $0.tuned) }, uniquingKeysWith: { first, _ in first }),
        hyperparametersInDataUnits: undone.isEmpty ? nil : Dictionary(undone, uniquingKeysWith: { first, _ in first }),
        units: entry.units, tuned: entry.hyperparameters.filter { $0.coordinate != nil }.map(\.name))
    }
  }
}
