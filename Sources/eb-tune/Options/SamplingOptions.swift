import ArgumentParser
import Foundation
import Sampling

extension MetricKind: ExpressibleByArgument {}

/// How the inner sampler draws.
struct SamplingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Chains, at least 1; 4 or more for a trustworthy R-hat.")
  var chains = 4

  @Option(
    name: .customLong("warmup"), parsing: .unconditional,
    help: ArgumentHelp(
      "Transitions a chain of a full warmup, for schedules that have one: the paper's in every iteration. (default: 300) Final draws have 500 at least; trials of select have as many as this says, else 500.",
      valueName: "warmup"))
  var givenWarmup: Int?

  /// Transitions a chain of a full warmup.
  var warmup: Int { givenWarmup ?? 300 }

  @Option(
    parsing: .unconditional, help: "Draws a chain in an iteration of a gradient schedule (default: the schedule's own)."
  )
  var draws: Int?

  @Option(parsing: .unconditional, help: "Draws a chain of the final posterior, at the tuned priors.")
  var finalDraws = 1000

  @Option(help: "The metric: diagonal, dense or lowRank.")
  var metric = MetricKind.lowRank

  @Option(
    parsing: .unconditional,
    help:
      "The acceptance probability that step sizes aim at, between 0 and 1 (default: 0.8 while tuning, 0.9 for final draws)."
  )
  var targetAcceptance: Double?

  @Option(parsing: .unconditional, help: "The deepest tree of a trajectory.")
  var maxDepth = 10

  @Option(
    parsing: .unconditional,
    help: "Chains that run at once (default: the number of processors). Results do not depend on it.")
  var threads: Int?

  @Option(parsing: .unconditional, help: "The seed of everything random.")
  var seed: UInt64 = 1

  /// Chains that run at once.
  var concurrency: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    try OptionRange.check("--chains", chains, in: 1...1000)
    try OptionRange.check("--warmup", warmup, in: 20...1_000_000)
    if let draws { try OptionRange.check("--draws", draws, in: 1...1_000_000) }
    try OptionRange.check("--final-draws", finalDraws, in: 4...1_000_000)
    try OptionRange.check("--max-depth", maxDepth, in: 1...20)
    if let threads { try OptionRange.check("--threads", threads, in: 1...1000) }
    if let targetAcceptance, !(targetAcceptance > 0 && targetAcceptance < 1) {
      throw ValidationError("--target-acceptance is \(targetAcceptance); allowed is between 0 and 1.")
    }
  }
}
