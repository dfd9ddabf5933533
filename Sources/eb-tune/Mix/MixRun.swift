import Diagnostics
import EmpiricalBayes
import LogDensities
import Sampling
import TuningIO

/// One run of a method of mixing: tuning by the outer loop, final draws, predictions and the comparison on held-out rows.
struct MixRun<Method: MixMethod>: Sendable {
  typealias Loop = TuningLoop<Method.Model, Method.Sampler, CatalogueSchedule>

  let method: Method
  let study: MixStudy
  let loop: Loop
  let isTuned: Bool
  private let meter = ChainMeter()
  private let finalSampler: Method.Sampler
  private let sampling: SamplingOptions
  private let band: MixBand

  init(_ method: Method, _ study: MixStudy, _ command: MixCommand) throws {
    let tuning = command.tuning
    let canTune = !method.model.hyperparameters.coordinates.isEmpty
    guard canTune || tuning.tune != .yes else { throw TuningError.nothingToTune }
    isTuned = canTune && tuning.tune != .no
    guard isTuned || tuning.gamma == 0 else {
      throw Failure("--gamma is for tuning, and no prior here has a scale to tune.", .usage)
    }
    if !method.followsGradients, tuning.schedule == .pooledNewton {
      throw Failure(
        "--schedule pooled-newton needs gradients, which \(method.samplerName) does not follow; allowed is pooled-newton-plain.",
        .usage)
    }
    let schedule = tuning.schedule ?? (method.followsGradients ? .pooledNewton : .pooledNewtonPlain)
    var options = ScheduleOptions()
    options.warmup = command.sampling.warmup
    options.draws = command.sampling.draws
    self.method = method
    self.study = study
    sampling = command.sampling
    band = command.method.band
    loop = try Loop(
      model: method.model, sampler: try method.sampler(sampling, isFinal: false, meter: meter),
      objective: try Objective(entropyWeight: tuning.gamma), schedule: CatalogueSchedule(schedule, options),
      stopping: ExpectedRegret(
        tolerance: tuning.tolerance, iterations: tuning.iterations ?? min(schedule.iterations, method.mostIterations)))
    finalSampler = try method.sampler(sampling, isFinal: true, meter: meter)
  }

  /// All of it.
  /// - Throws: `Failure` where it was interrupted.
  func perform(_ narrator: Narrator, _ stop: StopRequest) async throws -> MixOutcome {
    do {
      return try await work(narrator, stop)
    } catch  where Task.isCancelled {
      throw Failure("Interrupted; model mixing keeps no checkpoint, so that nothing is saved.", .temporary)
    }
  }

  private func work(_ narrator: Narrator, _ stop: StopRequest) async throws -> MixOutcome {
    var trace: [TuningInfo] = []
    var result: TuningResult?
    var state: Loop.State?
    if isTuned {
      narrator.beginRun(gamma: loop.objective.entropyWeight)
      var tuned = try await tune(&trace, narrator, stop)
      try Task.checkCancellation()
      tuned = try await loop.rescored(tuned)
      try Task.checkCancellation()
      state = tuned
      result = loop.result(of: tuned)
    }
    let lambda = result?.tuned ?? method.model.hyperparameters
    narrator.begin("final draws", meter)
    defer { narrator.end() }
    let final = try await posterior(at: lambda, from: state?.chains)
    let uncertainty =
      isTuned
      ? try LambdaUncertainty(final.inner.draws, of: method.model, at: lambda, objective: loop.objective) : nil
    let checks = checks(of: final.inner.sample)
    let draws = try await method.draws(of: final, at: lambda, sampling)
    let mixed = try await method.predictions(of: draws, to: study.new, band, sampling)
    let tunedRows = try await method.heldOutLogDensities(of: draws, sampling)
    var heldOut: MixOutcome.HeldOut?
    if let tunedRows {
      var untuned: [Double]?
      if result != nil {
        narrator.begin("draws at the initial priors", meter)
        let start = method.model.hyperparameters
        let initial = try await posterior(at: start, from: nil)
        untuned = try await method.heldOutLogDensities(
          of: method.draws(of: initial, at: start, sampling), sampling)
      }
      heldOut = MixOutcome.HeldOut(rows: tunedRows, untuned: untuned, checks)
    }
    let verdict = result?.verdict.confirmed(by: uncertainty?.expectedRegret, haveMixed: checks.mixed)
    return MixOutcome(
      samplerName: method.samplerName, gamma: loop.objective.entropyWeight, trace: trace, result: result,
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

  private func tune(
    _ trace: inout [TuningInfo], _ narrator: Narrator, _ stop: StopRequest
  ) async throws -> Loop.State {
    stop.setIterating(true)
    narrator.begin(Narrator.tuning, meter)
    defer {
      stop.setIterating(false)
      narrator.endStage()
    }
    var infos: [TuningInfo] = []
    let state = try await loop.run(from: loop.initialState()) { _, info in
      narrator.show(info)
      infos.append(info)
      stop.obey()
    }
    trace = infos
    return state
  }

  private func posterior(at lambda: Hyperparameters, from chains: Method.Sampler.Chains?) async throws
    -> FinalPosterior<Method.Sampler.Chains>
  {
    try await loop.posterior(
      at: lambda, by: finalSampler, from: chains,
      plan: InnerSampling(.rewarmed(warmup: sampling.finalWarmup), draws: sampling.finalDraws))
  }

  private func checks(of sample: PosteriorSample) -> MixOutcome.Checks {
    var limits = SampleChecks.Limits()
    limits.treeDepth = sampling.maxDepth
    let all = SampleChecks(sample, quantities: loop.convergence(of: sample), limits: limits).checks
    let ofChains: Set<String> = ["R-hat", "bulk ESS", "tail ESS"]
    return MixOutcome.Checks(checks: method.followsGradients ? all : all.filter { ofChains.contains($0.name) })
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
