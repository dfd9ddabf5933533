import Foundation
import Testing

/// A mixture as a run: its directory, what is tuned, and which commands take it.
@Suite struct MixRunTests {
  private static let quick = ["--warmup", "40", "--final-draws", "40", "--test-rows", "0", "-q"]

  private struct Listed: Decodable {
    let path: String
    let state: String
    let model: String?
    let data: String?
    let iterations: Int
    let warnings: Int?
  }

  private func list(_ program: Program) throws -> [Listed] {
    try JSONDecoder().decode([Listed].self, from: Data(program.run("list", "--json").output.utf8))
  }

  /// The options of a run without a draw.
  private func dryRun(_ program: Program, _ arguments: String...) throws -> String {
    let outcome = try program.run(["mix", "--dry-run"] + arguments)
    #expect(outcome.status == 0, "\(outcome.error)")
    return outcome.output
  }

  @Test(.timeLimit(.minutes(30))) func standardDirectoriesAreListed() throws {
    let program = try Program()
    defer { program.remove() }
    let run = ["mix", "--problem", "coleman", "--iterations", "2"] + Self.quick
    for _ in 0..<2 { #expect(try program.run(run).status == 0) }
    let precision = ["mix", "--problem", "samba", "--method", "precision", "-q"]
    #expect(try program.run(precision + ["--out", "none"]).status == 0)
    #expect(try program.run(precision).status == 0)
    #expect(
      try program.names(in: "runs") == ["mix-coleman-linear-cdf", "mix-coleman-linear-cdf-2", "mix-samba-precision"])
    let whole = [
      "checkpoint", "config.json", "draws.csv", "mixture.svg", "predictions.csv", "priors.json", "report.json",
      "timing.jsonl", "trace.jsonl",
    ]
    #expect(try program.names(in: "runs/mix-coleman-linear-cdf") == whole)
    #expect(
      try program.names(in: "runs/mix-samba-precision")
        == ["config.json", "mixture.svg", "predictions.csv", "report.json"])
    // The same files of both, names of directories aside.
    for name in ["trace.jsonl", "priors.json", "draws.csv", "predictions.csv"] {
      #expect(
        try program.read("runs/mix-coleman-linear-cdf/\(name)")
          == program.read("runs/mix-coleman-linear-cdf-2/\(name)"))
    }
    try program.write("{", to: "runs/mix-coleman-linear-cdf-2/report.json")
    let listed = try list(program)
    #expect(listed.map(\.state) == ["finished", "damaged", "finished"])
    #expect(listed[0].model == "mix linear" && listed[0].iterations == 2 && listed[0].warnings != nil)
    #expect(listed[2].model == "mix precision" && listed[2].data == "samba" && listed[2].iterations == 0)
    #expect(try program.run("list").output.contains("mix linear"))
    // A tuning run in its place leaves nothing of it.
    let tune = ["--problem", "switch", "-q", "--overwrite", "--out", "runs/mix-coleman-linear-cdf"] + short
    #expect(try program.run(tune).status == 0)
    let left = try program.names(in: "runs/mix-coleman-linear-cdf")
    #expect(!left.contains("mixture.svg") && !left.contains("predictions.csv") && left.contains("posterior.csv"))
  }

  /// One sentence each, from commands that know runs of tune alone.
  @Test(.timeLimit(.minutes(30))) func refusals() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(
      try program.run(["mix", "--problem", "coleman", "--tune", "no", "--out", "mixed"] + Self.quick).status == 0)
    let words = ["mixed/config.json", "run of mix"]
    expectFailure(try program.run("compare", "mixed", "mixed/../mixed"), status: 64, mentions: words)
    expectFailure(try program.run("notebook", "mixed"), status: 64, mentions: words)
    expectFailure(try program.run("priors", "mixed"), status: 64, mentions: words)
    expectFailure(try program.run("--config", "mixed", "--dry-run"), status: 64, mentions: words)
    expectFailure(try program.run("tune", "--config", "mixed/config.json"), status: 64, mentions: words)
    expectFailure(
      try program.run("mix", "--problem", "coleman", "--config", "mixed"), status: 64, mentions: ["--config"])
    let configuration = try program.read("mixed/config.json")
    try program.write(
      configuration.replacingOccurrences(of: "\"command\" : \"mix\"", with: "\"command\" : \"blend\""),
      to: "mixed/config.json")
    expectFailure(try program.run("resume", "mixed"), status: 65, mentions: ["mixed/config.json", "blend"])
    #expect(try list(program).map(\.state) == ["damaged"])
  }

  @Test func roles() throws {
    let program = try Program()
    defer { program.remove() }
    let standard = try dryRun(program, "--problem", "coleman")
    for word in ["linear, cdf, density", "NUTS", "Tuned (1): weights: scale", "uniform(1, 6)", "half-cauchy(1)"] {
      #expect(standard.contains(word), "\(word) in \(standard)")
    }
    #expect(try program.names(in: "").allSatisfy { !$0.hasPrefix("runs") }, "nothing is written")
    let free = try dryRun(program, "--problem", "coleman", "--free", "weight[*]")
    #expect(free.contains("Tuned (2): weight[theta0]: scale, weight[theta1]: scale"), "\(free)")
    let mixed = try dryRun(program, "--problem", "coleman", "--free", "weights", "--fix", "weight[theta1]")
    #expect(mixed.contains("Tuned (1): weight[theta0]: scale"), "the later option wins: \(mixed)")
    let undone = try dryRun(program, "--problem", "coleman", "--fix", "weight[theta1]", "--free", "weights")
    #expect(undone.contains("Tuned (2)"), "the later option wins: \(undone)")
    let all = try dryRun(program, "--problem", "coleman", "--tune", "all", "--hyperprior", "none")
    #expect(all.contains("Tuned (4): weight[theta0].location") && !all.contains("half-cauchy"), "\(all)")
    let trees = try dryRun(program, "--problem", "taylor-2d", "--free", "leaf[model1]")
    #expect(trees.contains("Tuned (2): leaf[model1]: scale, leaves: scale"), "\(trees)")
    #expect(trees.contains("scaled-inverse-chi-square") && trees.contains("pooled-newton-plain"))
    let noise = try dryRun(program, "--problem", "taylor-2d", "--free", "noise")
    #expect(noise.contains("sigma: scale"), "what is known is tuned where that is asked for: \(noise)")
    #expect(try dryRun(program, "--problem", "samba", "--method", "gp", "--tune", "no").contains("Nothing is tuned."))
    let formula = try dryRun(program, "--problem", "samba", "--method", "precision")
    #expect(formula.contains("closed form") && formula.contains("no prior to tune"))
    func fails(_ arguments: [String], _ words: [String]) throws {
      expectFailure(try program.run(["mix", "-q"] + arguments), status: 64, mentions: words)
    }
    try fails(["--problem", "coleman", "--fix", "weights"], ["hyperparameter"])
    try fails(["--problem", "coleman", "--fix", "slopes"], ["--fix", "slopes", "weights"])
    try fails(["--problem", "coleman", "--tie", "models"], ["models", "no scale"])
    try fails(["--problem", "coleman", "--tune", "no", "--free", "weights"], ["--free", "--tune is no"])
    try fails(["--problem", "samba", "--method", "precision", "--fix", "weights"], ["no prior"])
    try fails(["--problem", "coleman", "--tune", "some"], ["some", "blocks"])
  }
}
