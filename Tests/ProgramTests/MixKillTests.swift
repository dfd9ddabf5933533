import Foundation
import Testing

/// Mixtures that are killed or interrupted at random moments, and end with the bytes of those that were not.
extension RandomKillTests {
  private static let mixtureResults = [
    "trace.jsonl", "priors.json", "draws.csv", "predictions.csv", "mixture.svg", "report.json",
  ].map { "run/" + $0 }

  private static func mixture(_ arguments: [String], files: [String] = mixtureResults) -> Work {
    Work(
      begin: ["mix", "--out", "run", "--overwrite", "-q", "--warmup", "60", "--final-draws", "200"] + arguments,
      again: ["resume", "run", "-q"], beginning: "run/config.json", files: files,
      moments: [
        "config.json", "trace.jsonl", "checkpoint", ".checkpoint", ".priors.json", "priors.json", ".draws.csv",
        "draws.csv", ".predictions.csv", "mixture.svg", ".report.json",
      ])
  }

  /// NUTS, slices, trees and a process.
  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ["--problem", "coleman", "--test-rows", "10"], ["--problem", "samba", "--iterations", "8"],
      ["--problem", "taylor-2d", "--trees", "5", "--iterations", "4", "--test-rows", "10"],
      ["--problem", "samba", "--method", "gp", "--tune", "all", "--iterations", "4", "--test-rows", "0"],
    ]) func mixtures(arguments: [String]) throws
  {
    try kill(Self.mixture(arguments), 3, seed: UInt64(arguments.count))
  }

  @Test(.timeLimit(.minutes(10))) func interruptedMixtures() throws {
    try kill(Self.mixture(["--problem", "coleman"]), 3, seed: 21, signals: [SIGINT, SIGTERM])
    try kill(
      Self.mixture(
        ["--problem", "coleman", "--tune", "no", "--final-draws", "2000"],
        files: Self.mixtureResults.filter { !$0.hasSuffix("trace.jsonl") }), 2, seed: 22, signals: [SIGINT, SIGKILL])
  }
}
