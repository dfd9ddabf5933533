import EmpiricalBayes
import TuningIO

/// `posterior.csv`: one row a parameter or prediction, plug-in and corrected for the uncertainty of λ.
enum PosteriorCSV {
  /// Writes the file.
  static func write(_ functions: [UncertaintyCorrection.Function], to path: String) throws(OutputError) {
    var lines = ["name,mean,sd,sd_corrected,mean_averaged,sd_averaged"]
    for function in functions {
      let numbers: [Double?] = [
        function.mean, function.deviation, function.correctedDeviation, function.averagedMean,
        function.averagedDeviation,
      ]
      lines.append(([CSVField.quoted(function.name)] + numbers.map { $0.map { "\($0)" } ?? "" }).joined(separator: ","))
    }
    let file = try AtomicFile(path: path)
    try file.append(lines.joined(separator: "\n") + "\n")
    try file.commit()
  }
}
