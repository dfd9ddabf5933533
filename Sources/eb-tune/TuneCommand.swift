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
      Without --data it tunes a built-in problem, `power` unless --problem says otherwise. Features are columns and
      expressions: fourier(hour,24,2), poly(temperature,2), log(x), a:b; bare columns and the target are standardised.
      Progress goes to standard error, the result to standard output.
      """)

  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Tuning") var tuning: TuningOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() async throws {
    let study = try Study.load(data, seed: sampling.seed)
    let threads = sampling.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let run = try TuningRun(study, model: model, tuning: tuning, sampling: sampling, threads: threads)
    let directory = try output.out.map { path throws(OutputError) in
      try RunDirectory(preparing: path, overwriting: output.overwrite)
    }
    if let directory {
      try AtomicFile.writeJSON(configuration(run, threads: threads), to: directory.path(of: .configuration))
    }
    let narrator = Narrator(isQuiet: output.quiet, iterations: tuning.iterations)
    narrator.announce(run, tuning)

    let work = Task { try await tune(run, directory, narrator) }
    let interruption = Interruption { work.cancel() }
    defer { withExtendedLifetime(interruption) {} }
    let result = try await work.value
    let priors = try priors(of: result, run, directory)
    if work.isCancelled { throw interrupted(result, directory) }
    let (report, draws) = try await conclude(run, result, directory, narrator, work: work)
    try write(report, draws, run, directory)
    Console.standardOutput(
      output.json ? try JSONText.document(report) : report.text(priors: priors, width: Console.outputWidth))
  }

  /// The outer loop, each iteration shown and noted as it ends.
  private func tune(_ run: TuningRun, _ directory: RunDirectory?, _ narrator: Narrator) async throws -> TuningResult {
    let journal = try directory.map { directory throws(OutputError) in
      try Journal(path: directory.path(of: .trace))
    }
    let names = run.model.hyperparameters.coordinates.map(\.name)
    let start = try run.loop.initialState()
    let end = try await run.loop.run(from: start) { _, info in
      let seconds = narrator.show(info)
      try journal.map { try TraceLine(info: info, coordinates: names, seconds: seconds).append(to: $0) }
    }
    narrator.endLine()
    try journal?.synchronise()
    guard let result = run.loop.result(of: end) else {
      throw Failure("Interrupted before the first iteration was finished; nothing was saved.", .temporary)
    }
    return result
  }

  /// Draws at the tuned priors, their diagnosis, and the comparison with the initial priors on held-out rows.
  private func conclude(
    _ run: TuningRun, _ result: TuningResult, _ directory: RunDirectory?, _ narrator: Narrator,
    work: Task<TuningResult, any Error>
  ) async throws -> (report: RunReport, draws: FinalDraws) {
    narrator.say("Drawing the posterior at the tuned priors …")
    let concluding = Task { () throws -> (FinalDraws, HeldOutComparison?) in
      let tuned = try await run.posterior(at: result.tuned)
      let draws = try FinalDraws(tuned, of: run)
      guard let test = run.study.test else { return (draws, nil) }
      narrator.say("Drawing the posterior at the initial priors, for comparison on held-out rows …")
      let initial = try await run.posterior(at: result.initial)
      let architecture = run.model.architecture
      return (
        draws,
        HeldOutComparison(
          tuned: try tuned.logPredictiveDensity(of: test, architecture),
          initial: try initial.logPredictiveDensity(of: test, architecture))
      )
    }
    let interruption = Interruption { concluding.cancel() }
    defer { withExtendedLifetime(interruption) {} }
    do {
      let (draws, heldOut) = try await concluding.value
      let files = directory.map { directory in RunDirectory.File.allCases.map(directory.path(of:)) } ?? []
      let report = RunReport(
        run, result, simulated: run.study.isSimulated, gamma: tuning.gamma, checks: draws.checks,
        relabelling: draws.relabelling, heldOut: heldOut, files: files)
      return (report, draws)
    } catch  where concluding.isCancelled {
      throw interrupted(result, directory)
    }
  }

  private func priors(of result: TuningResult, _ run: TuningRun, _ directory: RunDirectory?) throws -> PriorExport {
    let model = run.model
    let families = Dictionary(uniqueKeysWithValues: zip(model.parameterNames, model.layout.families))
    let export = PriorExport(
      model: model.architecture.combination.rawValue, gamma: tuning.gamma, bestIteration: result.best.info.iteration,
      initial: result.initial, tuned: result.tuned, family: { families[$0]?.rawValue ?? "" })
    if let directory { try AtomicFile.writeJSON(export, to: directory.path(of: .priors)) }
    return export
  }

  private func write(_ report: RunReport, _ draws: FinalDraws, _ run: TuningRun, _ directory: RunDirectory?) throws {
    guard let directory else { return }
    try DrawsCSV.write(
      draws.sample, logWeights: draws.logWeights, parameterNames: run.model.parameterNames,
      to: directory.path(of: .draws), constrained: run.model.constrained)
    try AtomicFile.writeJSON(report, to: directory.path(of: .report))
  }

  private func interrupted(_ result: TuningResult, _ directory: RunDirectory?) -> Failure {
    let saved = directory.map { "; the tuned priors so far are in \($0.path(of: .priors))" } ?? ""
    return Failure(
      "Interrupted after \(result.iterations) of \(tuning.iterations) iterations\(saved).", .temporary)
  }

  private func configuration(_ run: TuningRun, threads: Int) -> RunConfiguration {
    let study = run.study
    return RunConfiguration(
      version: EBTune.configuration.version, commandLine: CommandLine.arguments,
      model: model.model.rawValue, experts: run.model.architecture.experts, target: study.target,
      expertTerms: study.expertTerms, gateTerms: study.gateTerms, standardize: study.standardizes,
      defaultPriors: study.handPriors == nil, tune: tuning.tune.rawValue, gamma: tuning.gamma,
      iterations: tuning.iterations, optimizer: tuning.optimizer.rawValue, step: tuning.resolvedStep,
      chains: sampling.chains, warmup: sampling.warmup, draws: sampling.draws, threads: threads, seed: sampling.seed,
      order: model.order.rawValue, freshChains: sampling.freshChains, data: study.source,
      other: [
        "clip": "\(tuning.clip)", "final-draws": "\(sampling.finalDraws)", "hyperprior": tuning.hyperprior.rawValue,
        "max-depth": "\(sampling.maxDepth)", "metric": sampling.metric.rawValue,
        "plain-gradient": "\(tuning.plainGradient)", "target-acceptance": "\(sampling.targetAcceptance)",
      ])
  }
}
