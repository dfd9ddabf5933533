import EmpiricalBayes
import TuningIO

/// Everything that a report shows of one run of `mix`, as far as its directory holds it; what is missing has a sentence.
struct ReportMixture: Sendable {
  let path: String
  /// What the run is called beside others.
  let name: String
  let configuration: MixConfiguration
  /// The iterations that are written in full; none where nothing was tuned.
  let trace: [TraceLine]
  /// nil for methods without priors.
  let priors: PriorExport?
  /// nil while the run goes on.
  let report: MixReport?
  /// nil for methods without draws.
  let draws: ReportDraws?
  /// What is left out and why, a sentence each.
  let omissions: [String]

  /// Reads the directory at `path`.
  /// - Throws: `FinishedRunError` where it holds no configuration of a mixture.
  init(path directory: String) throws {
    func file(_ name: RunDirectory.File) -> String { "\(directory)/\(name.rawValue)" }
    var omissions: [String] = []
    path = directory
    name = directory.split(separator: "/").last.map(String.init) ?? directory
    let configuration = try FinishedRun.read(MixConfiguration.self, from: file(.configuration))
    self.configuration = configuration
    func attempt<Value>(_ shows: String, _ body: () throws -> Value) -> Value? {
      do {
        return try body()
      } catch {
        omissions.append("Left out: \(shows). \(Failure(error)?.sentence ?? "\(error)")")
        return nil
      }
    }
    trace =
      configuration.schedule == nil
      ? [] : attempt("the way of the objective and the hyperparameters") { try ReportTuning.trace(file(.trace)) } ?? []
    report = attempt("the verdict, the mixture and the tables of the finished run") {
      try MixReport.read(in: directory)
    }
    let hasDraws = configuration.hasDraws
    priors =
      hasDraws ? attempt("the tuned priors") { try FinishedRun.read(PriorExport.self, from: file(.priors)) } : nil
    draws = hasDraws ? attempt("everything that needs posterior draws") { try ReportDraws(path: file(.draws)) } : nil
    self.omissions = omissions
  }

  /// The problem or the first file.
  var data: String { configuration.data.problem ?? configuration.data.files.first?.path ?? "data" }

  /// What was mixed, in a line.
  var headline: String {
    let how = [configuration.weights.map { "\($0) weights" }, configuration.rule.map { "\($0) rule" }].compactMap { $0 }
    return "\(report?.name ?? data): \(MixMethodOptions.Method.words(configuration.method)) of"
      + " \(configuration.models.joined(separator: ", "))\(how.isEmpty ? "" : " by \(how.joined(separator: ", "))");"
      + " \(configuration.data.rows) rows, \(configuration.sampler)"
  }

  /// Whether the sampler followed trajectories, so that energies and divergences say something.
  var followsTrajectories: Bool { draws?.treeDepth?.contains { $0 > 0 } ?? false }

  /// How it was tuned.
  var tuning: ReportTuning {
    ReportTuning(
      name: name, trace: trace, kept: kept, tuned: report?.coordinates ?? [], tolerance: configuration.tolerance ?? 0,
      priors: priors, isScaled: false)
  }

  /// nil for a last proposal, which has no line of its own.
  private var kept: ReportTuning.Kept? {
    guard report != nil, let best = priors?.bestIteration,
      let info = trace.first(where: { $0.info.iteration == best })?.info
    else { return nil }
    return .init(iteration: best, logEvidenceGain: info.logEvidenceGain, surrogate: info.surrogate)
  }
}

extension MixConfiguration {
  /// Whether the method has priors and draws from a posterior.
  var hasDraws: Bool { method != MixMethodOptions.Method.precision.rawValue }
}
