import EmpiricalBayes
import TuningIO

/// The trace of a tuning as arrays over iterations.
struct ExportedTrace: Sendable {
  private let infos: [TuningInfo]
  private let names: [String]
  /// Of the hyperparameters that are tuned as they are, not as logarithms.
  private let locations: Set<String>

  /// Reads `trace.jsonl` of the run in `directory`; a line that a killed run left half written ends it.
  init(directory: String, _ priors: PriorExport) throws {
    let lines = try ReportTuning.trace("\(directory)/\(RunDirectory.File.trace.rawValue)")
    locations = Set(priors.priors.flatMap(\.hyperparameters).filter { $0.name == "location" }.compactMap(\.coordinate))
    names = lines.last?.coordinates ?? []
    let count = names.count
    let whole = lines.filter { $0.info.lambda.count == count && $0.info.gradient.count == count }
    infos = whole.map(\.info)
  }

  var arrays: [ZarrArray] {
    [
      .coordinate("iteration", .integers(infos.map(\.iteration))), .coordinate("hyperparameter", .strings(names)),
      table("lambda", "on the tuning scale: scales as logarithms", \.lambda),
      table("gradient", "of ln L + gamma H + ln p(lambda)") { $0.gradient.map(\.value) },
      table("gradient_error", "standard errors") { $0.gradient.map(\.standardError) },
      ZarrArray(
        "is_logarithm", ["hyperparameter"], shape: [names.count], .booleans(names.map { !locations.contains($0) }),
        attributes: ["description": .text("whether lambda holds the hyperparameter's logarithm")]),
      series("objective", "ELL + gamma H + ln p(lambda)", .doubles(infos.map(\.penalisedSurrogate.value))),
      series("objective_error", "standard errors", .doubles(infos.map(\.penalisedSurrogate.standardError))),
      series(
        "log_evidence_gain", "over the initial hyperparameters",
        .doubles(infos.map { $0.logEvidenceGain?.value ?? .nan })),
      series(
        "log_evidence_gain_error", "standard errors", .doubles(infos.map { $0.logEvidenceGain?.standardError ?? .nan })),
      series(
        "entropy", "ln of the entropy of the use of experts or models",
        .doubles(infos.map { $0.entropy?.value ?? .nan })),
      series("is_best", "the best iterate so far", .booleans(infos.map(\.isBest))),
    ]
  }

  private func series(_ name: String, _ remark: String, _ values: ZarrValues) -> ZarrArray {
    ZarrArray(name, ["iteration"], shape: [infos.count], values, attributes: ["description": .text(remark)])
  }

  private func table(_ name: String, _ remark: String, _ row: (TuningInfo) -> [Double]) -> ZarrArray {
    ZarrArray(
      name, ["iteration", "hyperparameter"], shape: [infos.count, names.count], .doubles(infos.flatMap(row)),
      attributes: ["description": .text(remark)])
  }
}
