import EmpiricalBayes
import Experts
import TuningIO

/// `posterior.csv`: one row a parameter or prediction, plug-in and corrected for the uncertainty of λ, on the model's scale
/// and then in the data's units.
enum PosteriorCSV {
  /// Writes the file.
  /// - Parameters:
  ///   - functions: The parameters by name, then predictive means.
  ///   - units: Of the parameters; predictive means have the target's.
  static func write(
    _ functions: [UncertaintyCorrection.Function], _ units: ParameterUnits, _ scaling: ResponseScaling, target: String,
    to path: String
  ) throws(OutputError) {
    let parameters = Dictionary(units.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var lines = [
      "name,mean,sd,sd_corrected,mean_averaged,sd_averaged,mean_data_units,sd_data_units,sd_corrected_data_units,unit"
    ]
    for function in functions {
      let parameter =
        parameters[function.name]
        ?? .init(name: function.name, offset: scaling.location, factor: scaling.scale, unit: target)
      let numbers: [Double?] = [
        function.mean, function.deviation, function.correctedDeviation, function.averagedMean,
        function.averagedDeviation, parameter.undo(function.mean), parameter.factor * function.deviation,
        function.correctedDeviation.map { parameter.factor * $0 },
      ]
      let cells = [CSVField.quoted(function.name)] + numbers.map { $0.map { "\($0)" } ?? "" }
      lines.append((cells + [CSVField.quoted(parameter.unit)]).joined(separator: ","))
    }
    let file = try AtomicFile(path: path)
    try file.append(lines.joined(separator: "\n") + "\n")
    try file.commit()
  }
}
