import TuningIO

extension MixReport {
  /// The report of the finished mixture in `directory`.
  /// - Throws: `FinishedRunError`, also for a file whose columns are of different lengths.
  static func read(in directory: String) throws(FinishedRunError) -> MixReport {
    let report = try FinishedRun.read(MixReport.self, .report, in: directory)
    guard let reason = report.complaint else { return report }
    throw .wrongFormat(file: "\(directory)/\(RunDirectory.File.report.rawValue)", reason: reason)
  }

  /// What is wrong with a report that was read from a file; nil for one that this program can have written.
  var complaint: String? {
    let (inputs, models) = (configuration.inputs.count, configuration.models.count)
    let (rows, count) = (observations.response.count, predictions.mixture.mean.count)
    guard inputs > 0, models > 0, rows > 0, count > 0 else { return "it has no inputs, no models or no rows" }
    func fits(_ columns: [[Double]], _ number: Int, _ length: Int) -> Bool {
      columns.count == number && columns.allSatisfy { $0.count == length }
    }
    func fits(_ curve: MixPredictions.Curve) -> Bool {
      fits([curve.mean, curve.standardDeviation, curve.lower, curve.upper], 4, count)
    }
    guard fits(observations.inputs, inputs, rows), observations.errors.count == rows else {
      return "its observations have columns of different lengths"
    }
    guard fits(new.inputs, inputs, count), fits(new.means, models, count),
      fits(new.standardDeviations, models, count), new.truth.map({ $0.count == count }) ?? true,
      fits(predictions.mixture), predictions.weights.count == models, predictions.weights.allSatisfy(fits)
    else { return "its predictions have columns of different lengths" }
    return nil
  }
}
