import EmpiricalBayes
import LogDensities
import Sampling

/// The outer loop of a run, each iteration shown and noted as it ends.
struct RecordedLoop<Model: HierarchicalModel, Sampler: PosteriorSampler>: Sendable
where Sampler.Posterior == Model.Posterior {
  typealias Loop = TuningLoop<Model, Sampler, CatalogueSchedule>
  typealias Record = RunRecord<Sampler.Chains, CatalogueSchedule.Memory>
  typealias Progress = RunProgress<Sampler.Chains, CatalogueSchedule.Memory>

  let loop: Loop
  /// How far the chains of the present call are.
  let meter: ChainMeter
  /// nil where nothing is written.
  let record: Record?
  let narrator: Narrator
  let stop: StopRequest

  /// The outer loop and the choice on fresh draws. An interrupted loop gives the progress so far.
  func tuned(from start: Progress) async throws -> Progress {
    var progress = start
    guard !progress.isRescored else { return progress }
    if progress.state.iteration > 0 { narrator.say("Going on after iteration \(progress.state.iteration - 1).") }
    try await iterate(&progress)
    narrator.begin("choice on fresh draws", meter)
    defer { narrator.endStage() }
    progress.state = try await loop.rescored(progress.state)
    if !Task.isCancelled {
      progress.isRescored = true
      try record?.save(progress)
    }
    return progress
  }

  /// Tunes on where the chains of the run had missed the posterior's mass, as `final` shows; nil where they had not.
  /// - Throws: `CancellationError` where the task was cancelled.
  func restarted(_ progress: Progress, after final: FinalPosterior<Sampler.Chains>) async throws -> Progress? {
    guard let state = loop.restart(progress.state, after: final) else { return nil }
    narrator.say("Chains that started anew found the posterior's mass elsewhere; tuning goes on from there.")
    let next = try await tuned(from: Progress(state: state))
    try Task.checkCancellation()
    return next
  }

  private func iterate(_ progress: inout Progress) async throws {
    let names = loop.model.hyperparameters.coordinates.map(\.name)
    let start = ContinuousClock.now
    var pace = CheckpointPace()
    let first = progress.state.iteration
    stop.setIterating(true)
    narrator.begin(Narrator.tuning, meter)
    defer {
      stop.setIterating(false)
      narrator.endStage()
    }
    progress.state = try await loop.run(from: progress.state) { state, info in
      narrator.show(info)
      if let record {
        try record.append(info, coordinates: names, elapsed: (ContinuousClock.now - start) / .seconds(1))
        try pace.save { try record.save(Progress(state: state)) }
      }
      stop.obey()
    }
    if progress.state.iteration > first { try record?.save(progress) }
  }
}
