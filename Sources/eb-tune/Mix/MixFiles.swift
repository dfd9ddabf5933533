import EmpiricalBayes
import TuningIO

/// The directory of a mixture: `mix.json`, `predictions.csv`, `trace.jsonl`, `draws.csv`, `mixture.svg` and, of one input,
/// `weights.svg`.
struct MixFiles {
  private let directory: StagedDirectory

  init(at path: String, overwriting: Bool) throws {
    directory = try StagedDirectory(path: path, marker: "mix.json", overwriting: overwriting)
  }

  /// Writes everything; the paths of all files.
  func conclude(_ report: MixReport) throws -> [String] {
    let outcome = report.outcome
    var names = ["mix.json", "predictions.csv"]
    try directory.write(Self.table(report), to: "predictions.csv")
    for figure in report.figures {
      names.append("\(figure.name).svg")
      try directory.write(figure.text(columns: 1), to: "\(figure.name).svg")
    }
    if let result = outcome.result {
      names.append("trace.jsonl")
      let coordinates = result.tuned.coordinates.map(\.name)
      let lines = try outcome.trace.map { try JSONText.line(TraceLine(info: $0, coordinates: coordinates)) + "\n" }
      try directory.write(lines.joined(), to: "trace.jsonl")
    }
    if outcome.writeDraws != nil { names.append("draws.csv") }
    var report = report
    report.files = names.map { "\(directory.path)/\($0)" }
    try directory.write(try JSONText.document(report), to: "mix.json")
    try directory.commit()
    try outcome.writeDraws?("\(directory.path)/draws.csv")
    return report.files
  }

  /// One row a new input: the inputs, the truth where it is known, the mixture, every model, every weight.
  private static func table(_ report: MixReport) -> String {
    let (study, predictions) = (report.study, report.predictions)
    let new = study.new
    var columns = zip(study.data.inputNames, new.inputs).map { ($0, $1) }
    if let truth = study.truth { columns.append(("truth", truth)) }
    func add(_ name: String, _ curve: MixPredictions.Curve) {
      columns += [
        ("\(name)_mean", curve.mean), ("\(name)_sd", curve.standardDeviation), ("\(name)_q5", curve.lower),
        ("\(name)_q95", curve.upper),
      ]
    }
    add("mixture", predictions.mixture)
    for (index, model) in new.predictions.names.enumerated() {
      columns += [
        ("model[\(model)]_mean", new.predictions.means[index]),
        ("model[\(model)]_sd", new.predictions.standardDeviations[index]),
      ]
      add("weight[\(model)]", predictions.weights[index])
    }
    let header = columns.map { CSVField.quoted($0.0) }.joined(separator: ",")
    let rows = (0..<new.predictions.count).map { row in columns.map { "\($0.1[row])" }.joined(separator: ",") }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }
}
