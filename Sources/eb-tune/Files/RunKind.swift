import TuningIO

/// Which command made the directory of a run.
enum RunKind: String, Sendable, Codable {
  /// `eb-tune tune`, whose `config.json` has no key `command`.
  case tune
  /// `eb-tune mix`.
  case mix

  private struct Marker: Decodable {
    let command: String?
  }

  /// That of the run in `directory`.
  /// - Throws: `FinishedRunError` for a directory without a run, or a run of a command that this version does not know.
  init(of directory: String) throws(FinishedRunError) {
    try self.init(ofConfigurationAt: "\(directory)/\(RunDirectory.File.configuration.rawValue)")
  }

  /// That of the run with the `config.json` at `file`.
  /// - Throws: `FinishedRunError`.
  init(ofConfigurationAt file: String) throws(FinishedRunError) {
    let command = try FinishedRun.read(Marker.self, from: file).command ?? Self.tune.rawValue
    guard let kind = Self(rawValue: command) else {
      throw .wrongFormat(file: file, reason: "\"command\" is \"\(command)\", which makes no run in this version")
    }
    self = kind
  }

  /// Refuses a run of `mix` where only runs of `tune` make sense. What is no run at all is left to others to refuse.
  /// - Parameters:
  ///   - work: What was wanted, such as `compare`.
  ///   - directory: The directory as the user named it.
  static func refuseMixture(for work: String, in directory: String) throws(Failure) {
    try refuseMixture(for: work, configurationAt: "\(directory)/\(RunDirectory.File.configuration.rawValue)")
  }

  /// The same for a `config.json`.
  static func refuseMixture(for work: String, configurationAt file: String) throws(Failure) {
    guard (try? RunKind(ofConfigurationAt: file)) == .mix else { return }
    throw Failure(
      "\(file): this is a run of mix, which \(work) cannot take; list, resume, report, plot, export and evidence can.",
      .usage)
  }
}
