import ArgumentParser
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import TuningIO

/// `eb-tune tune`, and plain `eb-tune`: find prior hyperparameters and report.
struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune", abstract: "Tune the priors of a model of experts.",
    discussion: """
      Without --data it tunes a built-in problem, power unless --problem says otherwise. Features are columns and expressions: fourier(hour,24,2), poly(temperature,2), log(x), a:b, `wind speed`^2; bare columns and the target are standardised.

      Progress goes to standard error, the result to standard output. Ctrl-C ends a run after saving the tuned priors so far; eb-tune resume goes on with it.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Tuning") var tuning: TuningOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Files of options") var files: StudyOptions

  /// What `config.json` says about the command.
  var invocation = Invocation.current

  func validate() throws {
    guard sampling.draws != nil, tuning.schedule.draws == nil else { return }
    let names = ScheduleName.allCases.filter { $0.draws != nil }.map(\.rawValue).joined(separator: ", ")
    throw ValidationError(
      "--draws is for schedules with a constant number of draws (\(names)); --schedule is \(tuning.schedule.rawValue).")
  }

  func run() async throws {
    try await StopRequest.obeyed { try await perform($0) }
  }

  /// The run from its data to its files. All that a user can get wrong is looked at before the first file is made.
  private func perform(_ stop: StopRequest) async throws {
    let study = try Study.load(data, seed: sampling.seed)
    let runs = try tuning.gamma.values.map { gamma in
      try TuningRun(study, gamma: gamma, self)
    }
    for run in runs { try Folds.validate(self, run) }
    if output.dryRun {
      let texts = try runs.map { try DryRun(run: $0, command: self).text(width: Console.outputWidth) }
      return try Console.standardOutput(texts.joined(separator: "\n"))
    }
    let home = try RunHome(output, standard: RunHome.standard(of: study, self))
    home.announce(output.narration.style)
    var command = self
    (command.output, command.invocation) = home.noted(in: output, invocation)
    try await command.perform(runs, stop)
  }

  private func perform(_ runs: [TuningRun], _ stop: StopRequest) async throws {
    guard runs.count > 1 else {
      for run in runs {
        let record = try output.out.map { path in
          let directory = try RunDirectory(preparing: path, overwriting: output.overwrite)
          return try TuningRun.Record(
            beginning: RunConfiguration(run, self, invocation), in: directory, recordedPath: directory.path,
            home: directory.path)
        }
        try await perform(run, record, stop)
      }
      return
    }
    // All directories first: hours of tuning shall not end at one that is taken.
    let directories = try output.out.map { path in
      try runs.map { try RunDirectory(preparing: GammaPath.directory(of: $0, in: path), overwriting: output.overwrite) }
    }
    try await GammaPath(self, runs, directories, home: output.out, invocation, stop).perform()
  }

  /// One run, from its beginning or from where it stands.
  func perform(_ run: TuningRun, _ record: TuningRun.Record?, _ stop: StopRequest) async throws {
    let narrator = Narrator(output.narration.style, iterations: tuning.knownIterations)
    defer { narrator.end(isFinished: false) }
    narrator.announce(run, tuning)
    let outcome = try await TuningSession(self, run, record, narrator, stop).perform()
    narrator.end()
    try outcome.publish(output, record)
  }
}
