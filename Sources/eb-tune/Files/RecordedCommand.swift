import ArgumentParser
import Foundation
import TuningIO

/// The command of a tuning run, read back from the `config.json` that it left.
struct RecordedCommand: Sendable {
  /// The directory as the user names it now.
  let directory: String
  let configuration: RunConfiguration
  let command: TuneCommand
  private let file: String

  /// - Throws: `FinishedRunError`, `Failure` for a command line that is not that of a tuning run.
  init(directory: String, threads: Int?) throws {
    self.directory = directory
    configuration = try FinishedRun.read(RunConfiguration.self, .configuration, in: directory)
    file = "\(directory)/\(RunDirectory.File.configuration.rawValue)"
    let arguments = Array(configuration.commandLine.dropFirst())
    guard var command = try? EBTune.tuneCommand(arguments) else {
      throw Failure("\(file): its command line is not that of a tuning run of this version.", .data)
    }
    command.sampling.threads = threads
    self.command = command
  }

  /// What was typed, and where.
  var invocation: Invocation {
    Invocation(arguments: configuration.commandLine, directory: configuration.workingDirectory)
  }

  /// The data of the run.
  /// - Throws: `Failure` where files are no longer those of the run, and whatever loading throws.
  func study() throws -> Study {
    try checkData()
    return try Study.load(command.data, seed: command.sampling.seed, in: dataDirectory)
  }

  /// The run itself.
  /// - Throws: `Failure` where the command line does not lead to the options beside it.
  func run(of study: Study) throws -> TuningRun {
    let run = try TuningRun(study, gamma: configuration.gamma, command)
    var rebuilt = RunConfiguration(run, command, invocation)
    rebuilt.threads = configuration.threads
    rebuilt.version = configuration.version
    guard rebuilt == configuration else {
      throw Failure(
        "\(file): its command line does not lead to the options beside it; it was edited, or"
          + " written by another version (\(configuration.version)).", .data)
    }
    return run
  }

  /// The directory of a run of the path over γ in `home`; nil where there is no such path.
  static func firstOfPath(in home: String) -> String? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
    let files = FileManager.default
    guard !files.fileExists(atPath: "\(home)/\(RunDirectory.File.configuration.rawValue)") else { return nil }
    return names.filter { $0.hasPrefix("gamma-") }.sorted().map { "\(home)/\($0)" }.first {
      files.fileExists(atPath: "\($0)/\(RunDirectory.File.configuration.rawValue)")
    }
  }

  /// Refuses a run of another version, whose iterations this one might not repeat.
  func checkVersion() throws(Failure) {
    let version = EBTune.configuration.version
    guard configuration.version == version else {
      throw Failure(
        "\(file): the run was made by version \(configuration.version) of eb-tune, and this is version \(version).",
        .data)
    }
  }

  /// Where relative paths lead to the data: where the command was typed, or, if they lead nowhere there, here. A
  /// directory may have been moved with its data; whether they are the same is checked.
  private var dataDirectory: String? {
    guard let file = command.data.data, let directory = configuration.workingDirectory,
      FileManager.default.fileExists(atPath: "\(directory)/\(file)")
    else { return nil }
    return directory
  }

  /// Refuses rows that are no longer those of the run.
  private func checkData() throws {
    let data = configuration.data
    for (file, recorded) in [(data.file, data.sha256), (command.data.testData, data.testSha256)] {
      guard let file, let recorded else { continue }
      let place = dataDirectory.map { file.hasPrefix("/") ? file : "\($0)/\(file)" } ?? file
      let found = try SHA256.hexadecimal(ofFile: place)
      guard found == recorded else {
        throw Failure(
          "\(file): the file has changed since the run in \(directory) (SHA-256 \(found.prefix(12))…, was"
            + " \(recorded.prefix(12))…).", .data)
      }
    }
  }
}
