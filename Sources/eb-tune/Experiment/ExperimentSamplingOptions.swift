import ArgumentParser
import Experiments
import Foundation
import Sampling

/// How the posteriors of an experiment are drawn.
struct ExperimentSamplingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Chains, at least 2; 4 or more for a trustworthy R-hat.")
  var chains = 4

  @Option(parsing: .unconditional, help: "Transitions of warmup of a chain.")
  var warmup = 500

  @Option(parsing: .unconditional, help: "Draws of a chain.")
  var draws = 1000

  @Option(
    parsing: .unconditional, help: "The acceptance probability that step sizes aim at, between 0 and 1.")
  var targetAcceptance = 0.9

  @Option(
    parsing: .unconditional,
    help: "Models and chains that run at once (default: the number of processors). Results do not depend on it.")
  var threads: Int?

  @Option(parsing: .unconditional, help: "The seed of rows and draws.")
  var seed: UInt64 = 1

  /// Models and chains that run at once.
  var concurrency: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    try OptionRange.check("--chains", chains, in: 2...1000)
    try OptionRange.check("--warmup", warmup, in: 20...1_000_000)
    try OptionRange.check("--draws", draws, in: 4...1_000_000)
    if let threads { try OptionRange.check("--threads", threads, in: 1...1000) }
    guard targetAcceptance > 0 && targetAcceptance < 1 else {
      throw ValidationError("--target-acceptance is \(targetAcceptance); allowed is between 0 and 1.")
    }
  }

  /// Sets how posteriors are drawn.
  func apply(to settings: inout ExperimentSettings) {
    settings.sampler.chains = chains
    settings.sampler.warmup = warmup
    settings.sampler.draws = draws
    settings.sampler.targetAcceptance = targetAcceptance
    settings.sampler.seed = seed
    settings.sampler.threads = concurrency
  }
}
