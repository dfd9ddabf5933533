import Foundation
import TuningIO

/// The command of a tuning run, read back from the `config.json` that it left.
struct RecordedCommand: Sendable {
  /// The directory as the user names it now.
  let directory: String
  let configuration: RunConfiguration
  let command: TuneCommand
  /// Its version and its files.
  let recorded: RecordedRun

  /// - Throws: `FinishedRunError`, `Failure` for a command line that is not that of a tuning run.
  init(directory: String, threads: Int?) throws {
    self.directory = directory
    configuration = try FinishedRun.read(RunConfiguration.self, .configuration, in: directory)
    let command = try? EBTune.tuneCommand(Array(configuration.commandLine.dropFirst()))
    let data = configuration.data
    recorded = RecordedRun(
      directory: directory, version: configuration.version, workingDirectory: configuration.workingDirectory,
      files: [(data.file, data.sha256), (command?.data.testData, data.testSha256)].compactMap { path, sum in
        path.flatMap { path in sum.map { RecordedRun.File(path: path, sha256: $0) } }
      })
    guard var command else { throw recorded.foreignCommand("a tuning run") }
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
    try recorded.checkData()
    return try recorded.obeying {
      try Study.load(command.data, seed: command.sampling.seed, in: recorded.dataDirectory)
    }
  }

  /// The run itself.
  /// - Throws: `Failure` where the command line does not lead to the options beside it.
  func run(of study: Study) throws -> TuningRun {
    let run = try recorded.obeying { try TuningRun(study, gamma: configuration.gamma, command) }
    var rebuilt = RunConfiguration(run, command, invocation)
    rebuilt.threads = configuration.threads
    rebuilt.version = configuration.version
    guard rebuilt == configuration else { throw recorded.misledCommand }
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
}
