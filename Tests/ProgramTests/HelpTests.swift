import Foundation
import Testing

/// The program explains itself.
@Suite struct HelpTests {
  private static let options = [
    "--problem", "--data", "--test-data", "--test-fraction", "--target", "--expert", "--gate", "--raw-scale",
    "--default-priors", "--model", "--experts", "--order", "--gamma", "--iterations", "--optimizer", "--step", "--clip",
    "--select", "--prior", "--fix",
    "--plain-gradient", "--tune", "--hyperprior", "--chains", "--warmup", "--draws", "--final-draws", "--fresh-chains",
    "--metric", "--target-acceptance", "--max-depth", "--threads", "--seed", "--out", "--overwrite", "--quiet",
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
    for (key, value) in [
      ("warmup", "300"), ("draws", "100"), ("chains", "4"), ("iterations", "30"), ("seed", "1"), ("gamma", "0"),
      ("step", "1.5"), ("optimizer", "\"robbins-monro\""), ("order", "\"none\""), ("tune", "\"blocks\""),
      ("model", "\"cocoafuse\""), ("final-draws", "\"1000\""), ("metric", "\"diagonal\""), ("clip", "\"1.0\""),
      ("max-depth", "\"10\""), ("target-acceptance", "\"0.8\""), ("hyperprior", "\"half-cauchy\""),
    ] {
      #expect(configuration.contains("\"\(key)\" : \(value)"), "\(key)")
    }
    for text in [
      "--warmup <warmup> Warmup transitions a chain before the first iteration (every iteration with --fresh-chains). (default: 300)",
      "Draws a chain in every iteration. (default: 100)", "trustworthy R-hat. (default: 4)",
      "Outer iterations. (default: 30)",
      "The seed of everything random. (default: 1)", "default: 1.5 for robbins-monro", "default: cocoafuse",
      "at the tuned priors. (default: 1000)", "default: half-cauchy", "default: diagonal", "default: blocks",
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
