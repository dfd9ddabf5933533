import Foundation
import Testing

/// The program explains itself.
@Suite struct HelpTests {
  private static let options = [
    "--problem", "--data", "--test-data", "--test-fraction", "--split-seed", "--test-after", "--target", "--expert",
    "--gate", "--raw-scale",
    "--default-priors", "--model", "--experts", "--order", "--gamma", "--iterations", "--schedule", "--tolerance",
    "--folds", "--step", "--clip",
    "--select", "--prior", "--fix", "--tie", "--free",
    "--plain-gradient", "--tune", "--hyperprior", "--chains", "--warmup", "--draws", "--final-draws",
    "--metric", "--target-acceptance", "--max-depth", "--threads", "--seed", "--out", "--overwrite", "--quiet",
    "--progress",
    "--json",
  ]

  @Test(arguments: [["--help"], ["-h"], ["help"], ["tune", "--help"], ["help", "tune"]])
  func helpNamesEveryOption(arguments: [String]) throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(arguments)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let help = outcome.output
    for option in Self.options { #expect(help.contains("  \(option) ") || help.contains(", \(option) "), "\(option)") }
    for title in ["DATA:", "MODEL:", "TUNING:", "SAMPLING:", "OUTPUT:"] { #expect(help.contains(title)) }
    #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  /// What help calls a default is what a run without the option records.
  @Test func defaultsAreTrue() throws {
    let program = try Program()
    defer { program.remove() }
    let help = try program.run("tune", "--help").output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(try program.run(["--problem", "switch", "--quiet", "--out", "run"]).status == 0)
    let configuration = try program.read("run/config.json")
    #expect(!configuration.contains("\"step\"") && !configuration.contains("\"draws\""), "the schedule has its own")
    for (key, value) in [
      ("warmup", "300"), ("chains", "4"), ("iterations", "100"), ("tolerance", "0.1"), ("seed", "1"), ("gamma", "0"),
      ("schedule", "\"pooled-newton\""), ("select", "\"evidence\""), ("folds", "\"5\""), ("order", "\"none\""),
      ("tune", "\"blocks\""),
      ("model", "\"cocoafuse\""), ("final-draws", "\"1000\""), ("metric", "\"lowRank\""), ("clip", "\"1.0\""),
      ("max-depth", "\"10\""), ("target-acceptance", "\"0.8, 0.9 for final draws\""), ("hyperprior", "\"half-cauchy\""),
    ] {
      #expect(configuration.contains("\"\(key)\" : \(value)"), "\(key)")
    }
    for text in [
      "the paper's in every iteration. (default: 300)", "trustworthy R-hat. (default: 4)",
      "in nats (Newton schedules). (default: 0.1)", "on this many refitted folds (default: 5; 0 for none)",
      "The seed of everything random. (default: 1)", "default: pooled-newton)", "default: cocoafuse",
      "at the tuned priors. (default: 1000)", "default: half-cauchy", "default: lowRank", "default: blocks",
      "(default: evidence; surrogate for the paper's schedules)", "(default: 0.8 while tuning, 0.9 for final draws)",
    ] {
      #expect(help.contains(text), "\(text)")
    }
  }

  @Test func version() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run("--version")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }
}
