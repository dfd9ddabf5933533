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

  /// Refuses a run of `mix` where only runs of `tune` make sense.
  /// - Parameters:
  ///   - file: The directory or file as the user named it.
  ///   - work: What was wanted, such as `compare`.
  static func refuseMixture(_ file: String, configurationAt path: String, for work: String) throws {
    guard try RunKind(ofConfigurationAt: path) == .mix else { return }
    throw Failure(
      "\(file): this is a run of mix, which \(work) does not take; list, resume, report, plot, export and evidence do.",
      .usage)
  }
}
