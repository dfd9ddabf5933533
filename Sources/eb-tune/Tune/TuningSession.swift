import EmpiricalBayes
import Experts
import LogDensities
import Sampling
import TuningIO

/// One run from its first iteration to its conclusion, with everything noted as soon as it is finished.
struct TuningSession: Sendable {
  let command: TuneCommand
  let run: TuningRun
  /// nil where nothing is written.
  let record: RunRecord?
  let narrator: Narrator
  let stop: StopRequest

  init(
    _ command: TuneCommand, _ run: TuningRun, _ record: RunRecord?, _ narrator: Narrator, _ stop: StopRequest
  ) {
    self.command = command
    self.run = run
    self.record = record
    self.narrator = narrator
    self.stop = stop
  }

  /// Where an earlier run of a path ended.
  struct WarmStart: Sendable {
    let lambda: Hyperparameters
    let chains: TuningRun.Sampler.Chains?
  }

  /// Tunes, notes the priors, draws the posterior and judges it. What the record holds already is not repeated.
  func perform(from warmStart: WarmStart? = nil) async throws -> TuningOutcome {
    narrator.beginRun(gamma: run.gamma, after: try record?.iterations() ?? [])
    var progress = try await tune(
      record?.progress
        ?? RunProgress(state: run.loop.initialState(at: warmStart?.lambda, from: warmStart?.chains)))
    guard var result = run.loop.result(of: progress.state) else { throw interrupted(after: nil) }
    var priors = PriorExport(run, result)
    try note(priors)
    var isDrawn = false
    do {
      try Task.checkCancellation()
      var conclusion = try await Conclusion(of: run, at: result, from: progress.state.chains, narrator)
      while let restarted = run.loop.restart(progress.state, after: conclusion.posterior) {
        narrator.say("Chains that started anew found the posterior's mass elsewhere; tuning goes on from there.")
        progress = try await tune(RunProgress(state: restarted))
        try Task.checkCancellation()
        result = run.loop.result(of: progress.state) ?? result
        conclusion = try await Conclusion(of: run, at: result, from: progress.state.chains, narrator)
      }
      let chains = progress.state.chains
      priors = PriorExport(run, result, conclusion.consequences.uncertainty)
      try note(priors)
      // Draws are kept whatever happens to the comparison; a disk that is full now is no reason not to make it.
      let drawsWriting = Result { if let record { try conclusion.writeDraws(of: run, to: record.directory) } }
      isDrawn = true
      try await conclusion.compare(of: run, at: result, from: chains, narrator) {
        try await Folds(command, run)?.compare(narrator, finished: progress.folds) {
          progress.folds = $0
          try record?.save(progress)
        }
      }
      return TuningOutcome(
        run: run, result: result, priors: priors, conclusion: conclusion, chains: chains, drawsWriting: drawsWriting)
    } catch {
      guard Task.isCancelled else { throw error }
      if record == nil { try show(priors) }
      throw interrupted(after: result, isDrawn: isDrawn)
    }
  }

  private func note(_ priors: PriorExport) throws {
    if let record { try AtomicFile.writeJSON(priors, to: record.directory.path(of: .priors)) }
  }

  /// The outer loop and the choice on fresh draws, each iteration shown and noted as it ends. An interrupted loop gives the
  /// progress so far.
  private func tune(_ start: RunProgress) async throws -> RunProgress {
    var progress = start
    guard !progress.isRescored else { return progress }
    if progress.state.iteration > 0 { narrator.say("Going on after iteration \(progress.state.iteration - 1).") }
    try await iterate(&progress)
    narrator.begin("choice on fresh draws", run.meter)
    defer { narrator.endStage() }
    progress.state = try await run.loop.rescored(progress.state)
    if !Task.isCancelled {
      progress.isRescored = true
      try record?.save(progress)
    }
    return progress
  }

  private func iterate(_ progress: inout RunProgress) async throws {
    let names = run.model.hyperparameters.coordinates.map(\.name)
    let start = ContinuousClock.now
    var pace = CheckpointPace()
    let first = progress.state.iteration
    stop.setIterating(true)
    narrator.begin(Narrator.tuning, run.meter)
    defer {
      stop.setIterating(false)
      narrator.endStage()
    }
    progress.state = try await run.loop.run(from: progress.state) { state, info in
      narrator.show(info)
      if let record {
        try record.append(info, coordinates: names, elapsed: (ContinuousClock.now - start) / .seconds(1))
        try pace.save { try record.save(RunProgress(state: state)) }
      }
      stop.obey()
    }
    if progress.state.iteration > first { try record?.save(progress) }
  }

  /// The tuned priors so far, for an interrupted run that has no directory to leave them in.
  private func show(_ priors: PriorExport) throws {
    try Console.standardOutput(
      command.output.json
        ? try JSONText.document(priors)
        : TextTable.priorLines(priors, width: Console.outputWidth).map { $0 + "\n" }.joined())
  }

  /// The end of an interrupted run: what was going on, how to go on, and what is there already.
  private func interrupted(after result: TuningResult?, isDrawn: Bool = false) -> Failure {
    let stage =
      result.map { result in
        isDrawn
          ? "while comparing with the initial priors, after the final posterior was drawn"
          : !result.isFinished
            ? "after \(result.iterations) of at most \(command.tuning.resolvedIterations) iterations"
            : "while drawing the final posterior"
      } ?? "before the first iteration was finished"
    guard let record else {
      return Failure(
        "Interrupted \(stage); \(result == nil ? "there is nothing to save" : "the tuned priors so far are above").",
        .temporary)
    }
    let found =
      result == nil
      ? "there is nothing to look at yet"
      : isDrawn
        ? "its draws and the tuned priors are in \(record.directory.path)"
        : "the tuned priors so far are in \(record.directory.path(of: .priors))"
    return Failure(
      "Interrupted \(stage); continue with: eb-tune resume \(ShellWord.quoted(record.home)) (\(found)).", .temporary)
  }
}

/// All that a run has found.
struct TuningOutcome: Sendable {
  let run: TuningRun
  let result: TuningResult
  let priors: PriorExport
  let conclusion: Conclusion
  let chains: TuningRun.Sampler.Chains?
  /// How writing the draws went, when they were made.
  let drawsWriting: Result<Void, any Error>

  /// Writes the files that are left and returns the report.
  /// - Throws: what writing throws, after `report` was handed over.
  func write(to record: RunRecord?, _ body: (RunReport) throws -> Void) throws {
    let results = RunDirectory.File.results
    var report = RunReport(
      run, result, conclusion,
      files: record.map { record in results.map { "\(record.recordedPath)/\($0.rawValue)" } } ?? [])
    let writing = Result {
      guard let directory = record?.directory else { return }
      // A disk that was full may have room by now.
      if case .failure = drawsWriting { try conclusion.writeDraws(of: run, to: directory) }
      try AtomicFile.writeJSON(report, to: directory.path(of: .report))
    }
    report.files =
      record.map { record in
        results.filter(record.directory.holds).map { record.directory.path(of: $0) }
      } ?? []
    try body(report)
    try writing.get()
  }

  /// Writes the files that are left and prints the result; where files cannot be written, the result is printed still.
  func publish(_ output: OutputOptions, _ record: RunRecord?) throws {
    try write(to: record) { report in
      try Console.standardOutput(
        output.json ? try JSONText.document(report) : report.text(priors: priors, width: Console.outputWidth))
    }
  }
}
