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
  let record: TuningRun.Record?
  let narrator: Narrator
  let stop: StopRequest

  init(
    _ command: TuneCommand, _ run: TuningRun, _ record: TuningRun.Record?, _ narrator: Narrator, _ stop: StopRequest
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
    let loop = RecordedLoop(loop: run.loop, meter: run.meter, record: record, narrator: narrator, stop: stop)
    var progress = try await loop.tuned(
      from: record?.progress
        ?? TuningRun.Progress(state: run.loop.initialState(at: warmStart?.lambda, from: warmStart?.chains)))
    guard var result = run.loop.result(of: progress.state) else { throw interrupted(after: nil) }
    var priors = PriorExport(run, result)
    try note(priors)
    var isDrawn = false
    do {
      try Task.checkCancellation()
      var conclusion = try await Conclusion(of: run, at: result, from: progress.state.chains, narrator)
      while let next = try await loop.restarted(progress, after: conclusion.posterior) {
        progress = next
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
      if record == nil { try priors.show(asJSON: command.output.json) }
      throw interrupted(after: result, isDrawn: isDrawn)
    }
  }

  private func note(_ priors: PriorExport) throws {
    if let record { try AtomicFile.writeJSON(priors, to: record.directory.path(of: .priors)) }
  }

  private func interrupted(after result: TuningResult?, isDrawn: Bool = false) -> Failure {
    RunInterruption(
      result: result, isDrawn: isDrawn, iterations: command.tuning.resolvedIterations,
      place: record.map { .init(directory: $0.directory, home: $0.home) }
    ).failure
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
  func write(to record: TuningRun.Record?, _ body: (RunReport) throws -> Void) throws {
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
  func publish(_ output: OutputOptions, _ record: TuningRun.Record?) throws {
    try write(to: record) { report in
      try Console.standardOutput(
        output.json ? try JSONText.document(report) : report.text(priors: priors, width: Console.outputWidth))
    }
  }
}
