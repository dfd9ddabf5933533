import TuningIO

/// The directory of a mixture, whose files have the names and formats of those of a tuning run: `config.json` first, `trace.jsonl`,
/// `timing.jsonl` and `checkpoint` as it is tuned, `priors.json`, `draws.csv`, `predictions.csv`, `mixture.svg`, and
/// `report.json` at last.
struct MixFiles: Sendable {
  let directory: RunDirectory
  /// The directory as the command of the run named it: the same in every file, wherever the run is resumed from.
  let recordedPath: String

  /// Begins a new run.
  init(beginning configuration: MixConfiguration, in directory: RunDirectory) throws {
    self.init(resuming: directory, recordedPath: directory.path)
    try AtomicFile.writeJSON(configuration, to: directory.path(of: .configuration))
  }

  /// Goes on with a run.
  init(resuming directory: RunDirectory, recordedPath: String) {
    self.directory = directory
    self.recordedPath = recordedPath
  }

  /// Notes the priors so far.
  func note(_ priors: PriorExport) throws { try AtomicFile.writeJSON(priors, to: directory.path(of: .priors)) }

  /// The files that a report lists, as the command of the run named them.
  func files(of outcome: MixOutcome, hasFigure: Bool) -> [String] {
    RunDirectory.File.mixtureResults.filter { file in
      switch file {
      case .trace: outcome.result != nil
      case .priors, .draws: outcome.writeDraws != nil
      case .mixture: hasFigure
      default: true
      }
    }.map { "\(recordedPath)/\($0.rawValue)" }
  }

  /// Writes what is left, the report last.
  func conclude(_ report: MixReport, _ outcome: MixOutcome) throws {
    try outcome.writeDraws?(directory.path(of: .draws))
    try AtomicFile.write(Self.table(report), to: directory.path(of: .predictions))
    if let figure = report.figures.first {
      try AtomicFile.write(figure.text(columns: 1), to: directory.path(of: .mixture))
    }
    try AtomicFile.writeJSON(report, to: directory.path(of: .report))
  }

  /// The results that are there.
  var written: [String] { RunDirectory.File.mixtureResults.filter(directory.holds).map(directory.path(of:)) }

  /// One row a new input: the inputs, the truth where it is known, the mixture, every model, every weight.
  private static func table(_ report: MixReport) -> String {
    let (new, predictions) = (report.new, report.predictions)
    var columns = zip(report.configuration.inputs, new.inputs).map { ($0, $1) }
    if let truth = new.truth { columns.append(("truth", truth)) }
    func add(_ name: String, _ curve: MixPredictions.Curve) {
      columns += [
        ("\(name)_mean", curve.mean), ("\(name)_sd", curve.standardDeviation), ("\(name)_q5", curve.lower),
        ("\(name)_q95", curve.upper),
      ]
    }
    add("mixture", predictions.mixture)
    for (index, model) in report.configuration.models.enumerated() {
      columns += [("model[\(model)]_mean", new.means[index]), ("model[\(model)]_sd", new.standardDeviations[index])]
      add("weight[\(model)]", predictions.weights[index])
    }
    let header = columns.map { CSVField.quoted($0.0) }.joined(separator: ",")
    let rows = predictions.mixture.mean.indices.map { row in
      columns.map { "\($0.1[row])" }.joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }
}
