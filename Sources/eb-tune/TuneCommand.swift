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

      Progress goes to standard error, the result to standard output. Ctrl-C ends a run after saving the tuned priors so far.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Tuning") var tuning: TuningOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let work = Task { try await perform() }
    let interruption = Interruption { work.cancel() }
    defer { withExtendedLifetime(interruption) {} }
    try await work.value
  }

  /// The run from its data to its files. All that a user can get wrong is looked at before the first file is made.
  private func perform() async throws {
    let study = try Study.load(data, seed: sampling.seed)
    let threads = sampling.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let run = try TuningRun(study, model: model, tuning: tuning, sampling: sampling, threads: threads)
    let directory = try output.out.map { path throws(OutputError) in
      try RunDirectory(preparing: path, overwriting: output.overwrite)
    }
    if let directory {
      let configuration = RunConfiguration(
        run, data: data, model: model, tuning: tuning, sampling: sampling, threads: threads)
      try AtomicFile.writeJSON(configuration, to: directory.path(of: .configuration))
    }
    let narrator = Narrator(isQuiet: output.quiet, iterations: tuning.iterations)
    narrator.announce(run, tuning)

    let (result, chains) = try await tune(run, directory, narrator)
    let priors = PriorExport(run, result, gamma: tuning.gamma)
    if let directory { try AtomicFile.writeJSON(priors, to: directory.path(of: .priors)) }
    let conclusion: Conclusion
    do {
      try Task.checkCancellation()
      conclusion = try await Conclusion(of: run, at: result, from: chains, narrator)
    } catch  where Task.isCancelled {
      if directory == nil { try show(priors) }
      throw interrupted(after: result, directory)
    }
    narrator.endLine()
    try publish(conclusion, of: run, result, priors, directory)
  }

  /// The outer loop, each iteration shown and noted as it ends. An interrupted loop gives the result so far.
  private func tune(
    _ run: TuningRun, _ directory: RunDirectory?, _ narrator: Narrator
  ) async throws -> (result: TuningResult, chains: TuningRun.Sampler.Chains?) {
    let journal = try directory.map { directory throws(OutputError) in
      try Journal(path: directory.path(of: .trace))
    }
    let names = run.model.hyperparameters.coordinates.map(\.name)
    let start = try run.loop.initialState()
    let end: TuningRun.Loop.State
    do {
      defer { narrator.endLine() }
      end = try await run.loop.run(from: start) { _, info in
        let seconds = narrator.show(info)
        try journal.map { try TraceLine(info: info, coordinates: names, seconds: seconds).append(to: $0) }
      }
    }
    try journal?.synchronise()
    guard let result = run.loop.result(of: end) else {
      throw Failure("Interrupted before the first iteration was finished; there is nothing to save.", .temporary)
    }
    return (result, end.chains)
  }

  /// Writes the files that are left and prints the result; where files cannot be written, the result is printed still.
  private func publish(
    _ conclusion: Conclusion, of run: TuningRun, _ result: TuningResult, _ priors: PriorExport,
    _ directory: RunDirectory?
  ) throws {
    var report = RunReport(
      run, result, gamma: tuning.gamma, conclusion,
      files: directory.map { directory in RunDirectory.File.allCases.map(directory.path(of:)) } ?? [])
    let writing = Result {
      guard let directory else { return }
      let draws = conclusion.draws
      try DrawsCSV.write(
        draws.sample, logWeights: draws.logWeights, parameterNames: run.model.parameterNames,
        to: directory.path(of: .draws), constrained: run.model.constrained)
      try AtomicFile.writeJSON(report, to: directory.path(of: .report))
    }
    report.files = directory?.written ?? []
    try Console.standardOutput(
      output.json ? try JSONText.document(report) : report.text(priors: priors, width: Console.outputWidth))
    try writing.get()
  }

  /// The tuned priors so far, for an interrupted run that has no directory to leave them in.
  private func show(_ priors: PriorExport) throws {
    try Console.standardOutput(
      output.json ? try JSONText.document(priors) : TextTable.priors(priors).text(width: Console.outputWidth))
  }

  private func interrupted(after result: TuningResult, _ directory: RunDirectory?) -> Failure {
    let saved =
      directory.map { "; the tuned priors so far are in \($0.path(of: .priors))" }
      ?? "; the tuned priors so far are above"
    let stage =
      result.iterations < tuning.iterations
      ? "after \(result.iterations) of \(tuning.iterations) iterations" : "while drawing the final posterior"
    return Failure("Interrupted \(stage)\(saved).", .temporary)
  }
}
