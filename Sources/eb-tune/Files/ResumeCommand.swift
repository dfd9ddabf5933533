import ArgumentParser
import Foundation
import TuningIO

/// `eb-tune resume DIR`: go on with a run that something ended.
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run of tune or mix that was interrupted or killed.",
    discussion: """
      The run goes on from its checkpoint and ends with the same bytes as if nothing had happened. Its data must still be where they were, and its directory must have been written by this version of eb-tune. A path over several gammas is resumed by its own directory.
      """)

  @Argument(help: ArgumentHelp("The directory that the run writes with --out.", valueName: "dir"))
  var directory: String

  @Option(
    parsing: .unconditional,
    help: "Chains that run at once (default: the number of processors). Results do not depend on it.")
  var threads: Int?

  @OptionGroup var narration: ProgressOptions

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false

  func validate() throws {
    if let threads, !(1...1000).contains(threads) {
      throw ValidationError("--threads is \(threads); allowed is 1 to 1000.")
    }
  }

  func run() async throws {
    try await StopRequest.obeyed { try await perform($0) }
  }

  private func perform(_ stop: StopRequest) async throws {
    let home = RunDirectory.trimmed(directory)
    if let first = RecordedCommand.firstOfPath(in: home) {
      return try await resumePath(home, first, stop)
    }
    guard try RunKind(of: home) == .tune else { return try await resumeMixture(home, stop) }
    let recorded = try RecordedCommand(directory: home, threads: threads)
    if recorded.command.tuning.gamma.values.count > 1 {
      let path = RunDirectory.trimmed(recorded.command.output.out ?? "")
      throw Failure("\(home): this run is part of a path over gamma; continue with: eb-tune resume \(path).", .usage)
    }
    try recorded.recorded.checkVersion()
    let directory = try RunDirectory(resuming: home)
    if directory.holds(.report) { return try showFinished(directory.path(of: .report), "run", home) }
    let run = try recorded.run(of: recorded.study())
    let command = adapted(recorded.command)
    let recordedPath = RunDirectory.trimmed(command.output.out ?? home)
    let record = try run.record(resuming: directory, of: command, recordedPath: recordedPath, home: home)
    try await command.perform(run, record, stop)
  }

  private func resumeMixture(_ home: String, _ stop: StopRequest) async throws {
    let mix = try RecordedMix(directory: home, threads: threads)
    try mix.recorded.checkVersion()
    let directory = try RunDirectory(resuming: home)
    if directory.holds(.report) { return try showFinished(directory.path(of: .report), "run", home) }
    try await mix.resume(narration, json: json, in: directory, stop)
  }

  /// The command of the run; what is said to the terminal is said anew.
  private func adapted(_ command: TuneCommand) -> TuneCommand {
    var command = command
    command.output.narration = narration
    command.output.json = json
    return command
  }

  /// A finished run stays as it is.
  private func showFinished(_ report: String, _ noun: String, _ home: String) throws {
    guard json else {
      return try Console.standardOutput("\(home): the \(noun) is finished; its report is in \(report).\n")
    }
    try Console.standardOutput(String(decoding: FileManager.default.contents(atPath: report) ?? Data(), as: UTF8.self))
  }
}

extension ResumeCommand {
  private func resumePath(_ home: String, _ first: String, _ stop: StopRequest) async throws {
    let path = try RecordedCommand(directory: first, threads: threads)
    try path.recorded.checkVersion()
    let study = try path.study()
    let command = adapted(path.command)
    var isFinished = true
    var runs: [TuningRun] = []
    var directories: [RunDirectory] = []
    for gamma in command.tuning.gamma.values {
      var run = try TuningRun(study, gamma: gamma, command)
      let place = GammaPath.directory(of: run, in: home)
      let isBegun = FileManager.default.fileExists(atPath: "\(place)/\(RunDirectory.File.configuration.rawValue)")
      if isBegun { run = try RecordedCommand(directory: place, threads: threads).run(of: study) }
      let directory = try isBegun ? RunDirectory(resuming: place) : RunDirectory(preparing: place)
      if isBegun { _ = try run.progress(command, in: directory) }
      isFinished = isFinished && directory.holds(.report)
      runs.append(run)
      directories.append(directory)
    }
    // All runs are locked by now: nobody is writing.
    RunDirectory.removeUnfinished(["path.json"], in: home)
    let comparison = "\(home)/path.json"
    // A kill between the last report and its place in the comparison leaves one of fewer points.
    let compared = (try? FinishedRun.read([GammaPath.Point].self, from: comparison))?.count
    if isFinished, compared == runs.count {
      return try showFinished(comparison, "path", home)
    }
    try await GammaPath(command, runs, directories, home: home, path.invocation, stop).perform()
  }
}
