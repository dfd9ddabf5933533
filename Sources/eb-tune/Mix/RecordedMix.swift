import TuningIO

/// The command of a mixture, read back from the `config.json` that it left.
struct RecordedMix: Sendable {
  let configuration: MixConfiguration
  let command: MixCommand
  /// Its version and its files.
  let recorded: RecordedRun

  /// - Parameter directory: The directory as the user names it now.
  /// - Throws: `FinishedRunError`, `Failure` for a command line that is not that of a mixture.
  init(directory: String, threads: Int?) throws {
    configuration = try FinishedRun.read(MixConfiguration.self, .configuration, in: directory)
    recorded = RecordedRun(
      directory: directory, version: configuration.version, workingDirectory: configuration.workingDirectory,
      files: configuration.data.files.map { .init(path: $0.path, sha256: $0.sha256) })
    guard var command = try? EBTune.mixCommand(Array(configuration.commandLine.dropFirst())) else {
      throw recorded.foreignCommand("a mixture")
    }
    command.sampling.threads = threads
    self.command = command
  }

  /// The data and models of the run.
  /// - Throws: `Failure` where files are no longer those of the run, and whatever loading throws.
  func study() throws -> MixStudy {
    try recorded.checkData()
    return try recorded.obeying { try command.study(in: recorded.dataDirectory) }
  }

  /// The run itself.
  /// - Throws: `Failure` where the command line does not lead to the options beside it.
  func task(of study: MixStudy) throws -> any MixTask {
    let task = try recorded.obeying { try command.task(of: study) }
    var rebuilt = MixConfiguration(
      command, study, task.plan, files: try command.data.recordedFiles(in: recorded.dataDirectory),
      Invocation(arguments: configuration.commandLine, directory: configuration.workingDirectory))
    rebuilt.threads = configuration.threads
    rebuilt.version = configuration.version
    guard rebuilt == configuration else { throw recorded.misledCommand }
    return task
  }

  /// Goes on with the run in its own directory.
  func resume(_ narration: ProgressOptions, json: Bool, in directory: RunDirectory, _ stop: StopRequest) async throws {
    let study = try study()
    let task = try task(of: study)
    var command = command
    command.output.narration = narration
    command.output.json = json
    let recordedPath = RunDirectory.trimmed(command.output.out ?? directory.path)
    try await command.perform(
      task, of: study, in: MixFiles(resuming: directory, recordedPath: recordedPath), stop)
  }
}
