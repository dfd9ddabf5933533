import Experts
import Foundation
import TuningIO

/// What was typed, and where.
struct Invocation: Sendable {
  /// The program's name first.
  let arguments: [String]
  /// What relative paths are relative to.
  let directory: String?

  /// Of this process.
  static var current: Invocation {
    Invocation(arguments: CommandLine.arguments, directory: FileManager.default.currentDirectoryPath)
  }
}

extension RunConfiguration {
  /// The options of a run as they were resolved.
  init(_ run: TuningRun, _ command: TuneCommand, _ invocation: Invocation) {
    let study = run.study
    let (data, model, tuning, sampling) = (command.data, command.model, command.tuning, command.sampling)
    self.init(
      version: EBTune.configuration.version, commandLine: invocation.arguments,
      workingDirectory: invocation.directory, model: model.model.rawValue,
      experts: run.model.architecture.experts, target: study.target, expertTerms: study.expertTerms,
      gateTerms: study.gateTerms, standardize: study.standardizes, defaultPriors: study.handPriors == nil,
      tune: tuning.tune.rawValue, gamma: run.gamma, schedule: tuning.schedule.rawValue,
      iterations: tuning.resolvedIterations, tolerance: tuning.tolerance, step: tuning.resolvedStep,
      chains: sampling.chains,
      warmup: sampling.warmup, draws: sampling.draws ?? tuning.schedule.draws, threads: sampling.concurrency,
      seed: sampling.seed,
      order: model.order.rawValue, data: study.source,
      other: [
        "clip": "\(tuning.clip)", "final-draws": "\(sampling.finalDraws)",
        "max-depth": "\(sampling.maxDepth)", "metric": sampling.metric.rawValue,
        "prior": model.prior.map(\.text).joined(separator: " "),
        "select": tuning.selection.rawValue, "plain-gradient": "\(tuning.plainGradient)",
        "target-acceptance": sampling.targetAcceptance.map { "\($0)" } ?? "0.8, 0.9 for final draws",
        "folds": "\(data.folds ?? DataOptions.standardFolds)",
      ].merging(Self.heldOut(data)) { own, _ in own }.merging(tuning.recordedRoles) { own, _ in own })
  }

  private static func heldOut(_ data: DataOptions) -> [String: String] {
    [
      "test-data": data.testData, "test-fraction": data.testFraction.map { "\($0)" },
      "split-seed": data.splitSeed.map { "\($0)" }, "test-after": data.testAfter,
    ].compactMapValues { $0 }
  }
}
