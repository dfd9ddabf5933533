import Foundation
import TuningIO

/// What the `config.json` of any run says about its version and its files.
struct RecordedRun: Sendable {
  /// A file that the run read.
  struct File: Sendable {
    /// As it was typed.
    let path: String
    let sha256: String
  }

  /// The directory as the user names it now.
  let directory: String
  let version: String
  /// Where the command was typed; nil in files of earlier versions.
  let workingDirectory: String?
  /// The rows that were fitted first.
  let files: [File]

  /// The path of `config.json`.
  var file: String { "\(directory)/\(RunDirectory.File.configuration.rawValue)" }

  /// Refuses a run of another version, whose iterations this one might not repeat.
  func checkVersion() throws(Failure) {
    let own = EBTune.configuration.version
    guard version == own else {
      throw Failure("\(file): the run was made by version \(version) of eb-tune, and this is version \(own).", .data)
    }
  }

  /// Where relative paths lead to the data: where the command was typed, or, if they lead nowhere there, here. A
  /// directory may have been moved with its data; whether they are the same is checked.
  var dataDirectory: String? {
    guard let workingDirectory, let first = files.first(where: { !$0.path.hasPrefix("/") }),
      FileManager.default.fileExists(atPath: RelativePath.resolved(first.path, in: workingDirectory))
    else { return nil }
    return workingDirectory
  }

  /// Refuses rows that are no longer those of the run.
  func checkData() throws {
    for recorded in files {
      let place = dataDirectory.map { RelativePath.resolved(recorded.path, in: $0) } ?? recorded.path
      let found = try SHA256.hexadecimal(ofFile: place)
      guard found == recorded.sha256 else {
        throw Failure(
          "\(recorded.path): the file has changed since the run in \(directory) (SHA-256 \(found.prefix(12))…, was"
            + " \(recorded.sha256.prefix(12))…).", .data)
      }
    }
  }

  /// What `body` makes of the command line in the file. Nobody typed that just now, so that what is wrong with it is wrong
  /// with the file.
  /// - Throws: `Failure` of the file for a usage that is refused; whatever else `body` throws.
  func obeying<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      guard let failure = Failure(error), failure.status == .usage else { throw error }
      throw Failure("\(file): its command line is refused: \(failure.sentence)", .data)
    }
  }

  /// For a command line that is none of `kind`.
  func foreignCommand(_ kind: String) -> Failure {
    Failure("\(file): its command line is not that of \(kind) of this version.", .data)
  }

  /// For a command line that leads elsewhere than to what is beside it.
  var misledCommand: Failure {
    Failure(
      "\(file): its command line does not lead to the options beside it; it was edited, or"
        + " written by another version (\(version)).", .data)
  }
}
