import EmpiricalBayes
import Experts
import LogDensities
import Sampling
import TuningIO

/// One run from its first iteration to its conclusion, with everything noted as soon as it is finished.
struct TuningSession: Sendable {
  let command: TuneCommand
  let run: TuningRun
  let directory: RunDirectory?
  let narrator: Narrator

  init(_ command: TuneCommand, _ run: TuningRun, _ directory: RunDirectory?, _ narrator: Narrator) {
    self.command = command
    self.run = run
    self.directory = directory
    self.narrator = narrator
  }

  /// Where an earlier run of a path ended.
  struct WarmStart: Sendable {
    let lambda: Hyperparameters
    let chains: TuningRun.Sampler.Chains?
  }

  /// Tunes, notes the priors, draws the posterior and judges it.
  func perform(from warmStart: WarmStart? = nil) async throws -> TuningOutcome {
    if let directory {
      try AtomicFile.writeJSON(RunConfiguration(run, command), to: directory.path(of: .configuration))
    }
    let (result, chains) = try await tune(from: warmStart)
    let priors = PriorExport(run, result)
    if let directory { try AtomicFile.writeJSON(priors, to: directory.path(of: .priors)) }
    var drawn: Conclusion?
    do {
      try Task.checkCancellation()
      var conclusion = try await Conclusion(of: run, at: result, from: chains, narrator)
      drawn = conclusion
      let priors = PriorExport(run, result, conclusion.consequences.uncertainty)
      if let directory { try AtomicFile.writeJSON(priors, to: directory.path(of: .priors)) }
      conclusion.heldOut = try await conclusion.comparison(
        of: run, at: result, from: chains, folds: Folds(command, run), narrator)
      return TuningOutcome(run: run, result: result, priors: priors, conclusion: conclusion, chains: chains)
    } catch {
      // Draws that a comparison has failed for are still what was asked for.
      if let directory { try drawn?.writeDraws(of: run, to: directory) }
      guard Task.isCancelled else { throw error }
      if directory == nil { try show(priors) }
      throw interrupted(after: result, isDrawn: drawn != nil)
    }
  }

  /// The outer loop, each iteration shown and noted as it ends. An interrupted loop gives the result so far.
  private func tune(
    from warmStart: WarmStart?
  ) async throws -> (result: TuningResult, chains: TuningRun.Sampler.Chains?) {
    let journal = try directory.map { directory throws(OutputError) in
      try Journal(path: directory.path(of: .trace))
    }
    let names = run.model.hyperparameters.coordinates.map(\.name)
    let start = try run.loop.initialState(at: warmStart?.lambda, from: warmStart?.chains)
    var end: TuningRun.Loop.State
    do {
      defer { narrator.endLine() }
      end = try await run.loop.run(from: start) { _, info in
        let seconds = narrator.show(info)
        try journal.map { try TraceLine(info: info, coordinates: names, seconds: seconds).append(to: $0) }
      }
    }
    try journal?.synchronise()
    end = try await run.loop.rescored(end)
    guard let result = run.loop.result(of: end) else {
      throw Failure("Interrupted before the first iteration was finished; there is nothing to save.", .temporary)
    }
    return (result, end.chains)
  }

  /// The tuned priors so far, for an interrupted run that has no directory to leave them in.
  private func show(_ priors: PriorExport) throws {
    try Console.standardOutput(
      command.output.json
        ? try JSONText.document(priors) : TextTable.priors(priors).text(width: Console.outputWidth))
  }

  private func interrupted(after result: TuningResult, isDrawn: Bool) -> Failure {
    let saved =
      directory.map {
        isDrawn
          ? "; its draws and the tuned priors are in \($0.path)"
          : "; the tuned priors so far are in \($0.path(of: .priors))"
      }
      ?? "; the tuned priors so far are above"
    let stage =
      isDrawn
      ? "while comparing with the initial priors, after the final posterior was drawn"
      : !result.isFinished
        ? "after \(result.iterations) of at most \(command.tuning.resolvedIterations) iterations"
        : "while drawing the final posterior"
    return Failure("Interrupted \(stage)\(saved).", .temporary)
  }
}

/// All that a run has found.
struct TuningOutcome: Sendable {
  let run: TuningRun
  let result: TuningResult
  let priors: PriorExport
  let conclusion: Conclusion
  let chains: TuningRun.Sampler.Chains?

  /// Writes the files that are left and returns the report.
  /// - Throws: what writing throws, after `report` was handed over.
  func write(to directory: RunDirectory?, _ body: (RunReport) throws -> Void) throws {
    var report = RunReport(
      run, result, conclusion,
      files: directory.map { directory in RunDirectory.File.allCases.map(directory.path(of:)) } ?? [])
    let writing = Result {
      guard let directory else { return }
      try conclusion.writeDraws(of: run, to: directory)
      try AtomicFile.writeJSON(report, to: directory.path(of: .report))
    }
    report.files = directory?.written ?? []
    try body(report)
    try writing.get()
  }

  /// Writes the files that are left and prints the result; where files cannot be written, the result is printed still.
  func publish(_ output: OutputOptions, _ directory: RunDirectory?) throws {
    try write(to: directory) { report in
      try Console.standardOutput(
        output.json ? try JSONText.document(report) : report.text(priors: priors, width: Console.outputWidth))
    }
  }
}
