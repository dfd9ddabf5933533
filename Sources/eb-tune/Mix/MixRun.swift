import Diagnostics
import EmpiricalBayes
import LogDensities
import Sampling
import TuningIO

/// One run of a method of mixing: tuning by the outer loop, final draws, predictions and the comparison on held-out rows.
struct MixRun<Method: MixMethod>: MixTask {
  typealias Recorded = RecordedLoop<Method.Model, Method.Sampler>

  let method: Method
  let study: MixStudy
  let loop: Recorded.Loop
  let plan: MixPlan
  let sampling: SamplingOptions
  private let meter = ChainMeter()
  private let finalSampler: Method.Sampler
  private let command: MixCommand

  init(_ method: Method, _ study: MixStudy, _ command: MixCommand) throws {
    let tuning = command.tuning
    let method = try method.assigned(tuning)
    let canTune = !method.model.hyperparameters.coordinates.isEmpty
    guard canTune || !tuning.demandsTuning else { throw TuningError.nothingToTune }
    let isTuned = canTune && tuning.scope != .no
    guard isTuned || tuning.gamma == 0 else {
      throw Failure("--gamma is for tuning, and no prior here has a scale to tune.", .usage)
    }
    if !method.followsGradients, tuning.schedule == .pooledNewton {
      throw Failure(
        "--schedule pooled-newton needs gradients, which \(method.samplerName) does not follow; allowed is pooled-newton-plain.",
        .usage)
    }
    let schedule = tuning.schedule ?? (method.followsGradients ? .pooledNewton : .pooledNewtonPlain)
    let iterations = tuning.iterations ?? min(schedule.iterations, method.mostIterations)
    var options = ScheduleOptions()
    options.warmup = command.sampling.warmup
    options.draws = command.sampling.draws
    self.method = method
    self.study = study
    self.command = command
    sampling = command.sampling
    plan = MixPlan(
      sampler: method.samplerName, schedule: isTuned ? schedule : nil, iterations: isTuned ? iterations : nil)
    loop = try Recorded.Loop(
      model: method.model, sampler: try method.sampler(sampling, isFinal: false, meter: meter),
      objective: try Objective(entropyWeight: tuning.gamma), schedule: CatalogueSchedule(schedule, options),
      stopping: ExpectedRegret(tolerance: tuning.tolerance, iterations: iterations))
    finalSampler = try method.sampler(sampling, isFinal: true, meter: meter)
  }

  var priors: PriorSummary? {
    PriorSummary(
      PriorExport(method, gamma: loop.objective.entropyWeight, nil), from: method.model.hyperparameters,
      isTuned: false, source: { command.priorSource(of: $0, study) })
  }

  func density() throws -> MixDensity { try method.density() }

  func begin(in files: MixFiles?) throws -> MixWork {
    let record =
      plan.schedule == nil
      ? nil
      : try files.map { files in
        try Recorded.Record(
          resuming: files.directory, recordedPath: files.recordedPath, home: files.directory.path, where: canHaveMade)
      }
    return { narrator, stop in
      var interruption = RunInterruption(
        isTuned: plan.schedule != nil, iterations: plan.iterations ?? 0,
        place: files.map { .init(directory: $0.directory, home: $0.directory.path) })
      do {
        return try await work(files, record, narrator, stop) { interruption.result = $0 }
      } catch  where Task.isCancelled {
        if files == nil, let result = interruption.result {
          try PriorExport(method, gamma: loop.objective.entropyWeight, result).show(asJSON: command.output.json)
        }
        throw interruption.failure
      }
    }
  }

  /// Whether this run can have come to `progress`: a checkpoint is a file, and may hold anything.
  func canHaveMade(_ progress: Recorded.Progress) -> Bool { progress.folds.isEmpty && progress.isOf(loop) }

  private func work(
    _ files: MixFiles?, _ record: Recorded.Record?, _ narrator: Narrator, _ stop: StopRequest,
    note: (TuningResult) -> Void
  ) async throws -> MixOutcome {
    guard plan.schedule != nil else {
      return try await outcome(
        of: posterior(at: method.model.hyperparameters, from: nil, narrator), nil, files, narrator)
    }
    let recorded = Recorded(loop: loop, meter: meter, record: record, narrator: narrator, stop: stop)
    narrator.beginRun(gamma: loop.objective.entropyWeight, after: try record?.iterations() ?? [])
    var progress = try await recorded.tuned(
      from: record?.progress ?? Recorded.Progress(state: loop.initialState()))
    guard var result = loop.result(of: progress.state) else { throw CancellationError() }
    note(result)
    try files?.note(PriorExport(method, gamma: loop.objective.entropyWeight, result))
    try Task.checkCancellation()
    var final = try await posterior(at: result.tuned, from: progress.state.chains, narrator)
    while let next = try await recorded.restarted(progress, after: final) {
      progress = next
      result = loop.result(of: progress.state) ?? result
      note(result)
      final = try await posterior(at: result.tuned, from: progress.state.chains, narrator)
    }
    return try await outcome(of: final, result, files, narrator)
  }

  /// What follows from the final draws, and the comparison with the initial priors.
  private func outcome(
    of final: FinalPosterior<Method.Sampler.Chains>, _ result: TuningResult?, _ files: MixFiles?, _ narrator: Narrator
  ) async throws -> MixOutcome {
    let lambda = result?.tuned ?? method.model.hyperparameters
    let uncertainty = try result.map { _ in
      try LambdaUncertainty(final.inner.draws, of: method.model, at: lambda, objective: loop.objective)
    }
    try files?.note(PriorExport(method, gamma: loop.objective.entropyWeight, result, uncertainty))
    var gain: EvidenceGain?
    if result != nil, method.isDensityOfData {
      narrator.begin("log evidence gained", meter)
      gain = try await loop.evidenceGain(at: lambda, over: method.model.hyperparameters, from: final)
    }
    let checks = checks(of: final.inner.sample)
    let draws = try await method.draws(of: final, at: lambda, sampling)
    let mixed = try await method.predictions(of: draws, to: study.new, command.method.band, sampling)
    var heldOut: MixOutcome.HeldOut?
    if let tuned = try await method.heldOutLogDensities(of: draws, sampling) {
      let untuned = result == nil ? nil : try await heldOutAtTheStart(narrator)
      heldOut = MixOutcome.HeldOut(rows: tuned, untuned: untuned, checks)
    }
    let verdict = result?.verdict.confirmed(by: uncertainty?.expectedRegret, haveMixed: checks.mixed)
    return MixOutcome(
      samplerName: method.samplerName, gamma: loop.objective.entropyWeight, result: result,
      evidenceGain: gain,
      coordinates: zip(result, uncertainty).map { RunReport.Coordinate.all(of: $0, $1) } ?? [],
      tuning: (verdict?.findings ?? []).map(\.ofModels)
        + (final.tuningMissedTheMass ? [Conclusion.missedMass] : []),
      posterior: checks.checks, chains: (result?.remarks ?? []) + final.inner.modes.remarks,
      parameters: parameters(of: final.inner.sample), meanWeights: meanWeights(of: final.inner.sample),
      predictions: mixed, heldOut: heldOut,
      writeDraws: { [model = method.model, sample = final.inner.sample] path in
        try DrawsCSV.write(
          sample, parameterNames: model.parameterNames, to: path, constrained: model.constrained)
      })
  }

  private func heldOutAtTheStart(_ narrator: Narrator) async throws -> [Double]? {
    let start = method.model.hyperparameters
    let initial = try await posterior(at: start, from: nil, narrator, "draws at the initial priors")
    return try await method.heldOutLogDensities(of: method.draws(of: initial, at: start, sampling), sampling)
  }

  private func posterior(
    at lambda: Hyperparameters, from chains: Method.Sampler.Chains?, _ narrator: Narrator,
    _ stage: String = "final draws"
  ) async throws -> FinalPosterior<Method.Sampler.Chains> {
    narrator.begin(stage, meter)
    defer { narrator.endStage() }
    return try await loop.posterior(
      at: lambda, by: finalSampler, from: chains,
      plan: InnerSampling(.rewarmed(warmup: sampling.finalWarmup), draws: sampling.finalDraws))
  }

  private func checks(of sample: PosteriorSample) -> MixOutcome.Checks {
    var limits = SampleChecks.Limits()
    limits.treeDepth = sampling.maxDepth
    return MixOutcome.Checks(
      checks: SampleChecks(
        sample, quantities: loop.convergence(of: sample), limits: limits, hasTrajectories: method.followsGradients
      ).checks)
  }

  private func parameters(of sample: PosteriorSample) -> [MixOutcome.Quantity] {
    let rows = (0..<sample.count).map { sample.withPosition($0, method.model.constrained) }
    return method.shownParameters.compactMap { place in
      let chains = (0..<sample.chains).map { chain in
        rows[chain * sample.drawsPerChain..<(chain + 1) * sample.drawsPerChain].map { $0[place] }
      }
      return MixOutcome.Quantity(method.model.parameterNames[place], chains)
    }
  }

  private func meanWeights(of sample: PosteriorSample) -> [MixOutcome.Quantity] {
    (method.meanWeights(of: sample) ?? []).compactMap { MixOutcome.Quantity($0.name, $0.draws) }
  }

  /// Both, where there are both.
  private func zip(
    _ result: TuningResult?, _ uncertainty: LambdaUncertainty?
  ) -> (TuningResult, LambdaUncertainty)? {
    guard let result, let uncertainty else { return nil }
    return (result, uncertainty)
  }
}
