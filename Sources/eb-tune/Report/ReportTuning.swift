import EmpiricalBayes
import TuningIO

/// How one run was tuned, as figures show it, whatever its model.
struct ReportTuning: Sendable {
  /// What was kept, scored on fresh draws where the schedule makes a last proposal.
  struct Kept: Sendable {
    let iteration: Int
    let logEvidenceGain: Estimate?
    let surrogate: Estimate?
  }

  /// What the run is called beside others.
  let name: String
  /// The iterations that are written in full.
  let trace: [TraceLine]
  /// nil while the run goes on.
  let kept: Kept?
  /// Empty while the run goes on.
  let tuned: [RunReport.Coordinate]
  /// The expected regret at which tuning stops, in nats; 0 where it does not.
  let tolerance: Double
  /// nil where they are not written yet.
  let priors: PriorExport?
  /// Whether the model sees data on a scale of its own, which priors are on then.
  let isScaled: Bool

  /// The names of the coordinates of λ, in order.
  var coordinates: [String] { trace.first?.coordinates ?? tuned.map(\.name) }

  /// Whether a coordinate is the logarithm of what people think of.
  func isLogarithm(_ coordinate: String) -> Bool {
    for entry in priors?.priors ?? [] {
      for hyperparameter in entry.hyperparameters where hyperparameter.coordinate == coordinate {
        return hyperparameter.name != "location"
      }
    }
    return !coordinate.hasSuffix("location")
  }

  /// The lines of a trace; a line that was not written in full ends it.
  static func trace(_ path: String) throws(FinishedRunError) -> [TraceLine] {
    var iterations: [TraceLine] = []
    for line in try FinishedRun.text(of: path).split(separator: "\n") {
      guard let iteration = try? JSONText.decode(TraceLine.self, from: String(line)) else { break }
      iterations.append(iteration)
    }
    return iterations
  }
}

extension ReportRun {
  /// How it was tuned.
  var tuning: ReportTuning {
    ReportTuning(
      name: name, trace: trace, kept: kept, tuned: report?.coordinates ?? [], tolerance: configuration.tolerance,
      priors: priors, isScaled: true)
  }

  private var kept: ReportTuning.Kept? {
    guard let report else { return nil }
    let best = report.bestIteration
    let info =
      trace.first { $0.info.iteration == best }?.info
      ?? report.candidates.map(\.iterate.info).first { $0.iteration == best }
    return info.map { .init(iteration: best, logEvidenceGain: $0.logEvidenceGain, surrogate: $0.surrogate) }
  }
}
