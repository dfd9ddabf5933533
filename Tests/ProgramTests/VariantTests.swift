import Foundation
import Testing

/// Every choice among models, tuners and samplers runs, and says in config.json what it was.
@Suite struct VariantTests {
  private func configuration(_ arguments: [String]) throws -> (RunFiles.Configuration, Program.Outcome) {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(arguments + short + ["--out", "run"])
    try #require(outcome.status == 0, "\(arguments): \(outcome.error)")
    let names = try program.names(in: "run")
    #expect(names == RunFiles.all)
    return (try program.json(RunFiles.Configuration.self, "run/config.json"), outcome)
  }

  @Test(arguments: ["moe", "boe", "cocoafuse"])
  func models(model: String) throws {
    let (configuration, outcome) = try configuration(["--problem", "switch", "--model", model, "--gamma", "0.1"])
    #expect(configuration.model == model)
    #expect(outcome.output.contains(model) && outcome.output.contains("behaviour[") == (model == "cocoafuse"))
  }

  @Test func cutTrajectoriesAreReported() throws {
    let (_, outcome) = try configuration(["--problem", "switch", "--max-depth", "1"])
    #expect(outcome.output.contains("80 of 80 trajectories were cut off at tree depth 1"), "\(outcome.output)")
  }

  @Test func oneExpertIsARegression() throws {
    let (configuration, outcome) = try configuration(["--problem", "switch", "--experts", "1", "--gamma", "0"])
    #expect(configuration.experts == 1)
    #expect(outcome.output.contains("1 expert,") && !outcome.output.contains("renumbered"))
    #expect(outcome.error.contains("1 expert,") && !outcome.error.contains("entropy"))
  }

  @Test(arguments: [
    ["--plain-gradient"], ["--step", "0.3", "--hyperprior", "none"], ["--clip", "inf"], ["--metric", "dense"],
    ["--metric", "diagonal"], ["--chains", "1"], ["--select", "last"], ["--select", "surrogate"],
    ["--select", "holdout"],
  ])
  func waysToTune(options: [String]) throws {
    let (configuration, _) = try configuration(
      ["--problem", "transition", "--quiet", "--schedule", "persistent-sga", "--draws", "6"] + options)
    #expect(configuration.step == (options[0] == "--step" ? 0.3 : options[0] == "--plain-gradient" ? 0.1 : 0.5))
    #expect(configuration.draws == 6)
    #expect(configuration.other["metric"] == (options[0] == "--metric" ? options[1] : "lowRank"))
    #expect(configuration.other["select"] == (options[0] == "--select" ? options[1] : "evidence"))
    #expect(configuration.other["plain-gradient"] == "\(options[0] == "--plain-gradient")")
  }

  @Test func everythingTunedComesWithAWarning() throws {
    let (configuration, outcome) = try configuration(["--problem", "switch", "--tune", "all"])
    #expect(configuration.tune == "all")
    #expect(outcome.error.contains("predict worse") && outcome.error.contains("--tune blocks"))
    let (_, bare) = try self.configuration(["--problem", "switch", "--tune", "all", "--hyperprior", "none"])
    #expect(bare.error.contains("no interior maximum"))
  }

  @Test func ownPriorsAndFixedBlocks() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(
      [
        "--problem", "switch", "--prior", "slopes=normal(0.5,2)", "--prior", "sigma[2]=gamma(2,3)", "--fix", "slopes",
        "--out", "run",
      ] + short)
    #expect(outcome.status == 0, "\(outcome.error)")
    let priors = try JSONDecoder().decode(RunFiles.Priors.self, from: Data(program.read("run/priors.json").utf8)).priors
    for slope in priors where slope.block == "slopes" {
      #expect(slope.family == "normal" && slope.hyperparameters.map(\.tuned) == [0.5, 2])
      #expect(slope.hyperparameters.allSatisfy { $0.coordinate == nil })
    }
    let sigma = try #require(priors.first { $0.parameter == "sigma[2]" })
    #expect(sigma.family == "gamma" && abs(sigma.hyperparameters[0].initial - 2) < 1e-14)
    #expect(outcome.output.contains("Experts have the numbers that their priors were tuned with"))
  }

  @Test(arguments: ["intercepts", "standard-errors"])
  func orders(order: String) throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(["--problem", "switch", "--order", order, "--out", "run", "--quiet"] + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    let draws = RunFiles.csv(try program.read("run/draws.csv"))
    let name = order == "intercepts" ? "intercept" : "sigma"
    let columns = try (1...2).map { number in
      try #require(draws[0].firstIndex(of: "\(name)[\(number)]"))
    }
    let ordered = try draws.dropFirst().allSatisfy { row in
      let values = try columns.map { try #require(Double(row[$0])) }
      return values[0] <= values[1]
    }
    #expect(ordered, "every draw keeps the order that was asked for")
  }

  /// The motorcycle starts from the paper's priors (Table 9), which differ from parameter to parameter.
  @Test func motorcycle() throws {
    let program = try Program()
    defer { program.remove() }
    func scales(_ options: [String]) throws -> Set<Double> {
      let folder = options.isEmpty ? "hand" : "default"
      let outcome = try program.run(["--problem", "motorcycle", "--gamma", "0.5", "--out", folder] + short + options)
      try #require(outcome.status == 0, "\(outcome.error)")
      let report = try program.json(RunFiles.Report.self, folder + "/report.json")
      #expect(!report.simulated && report.experts == 3)
      let configuration = try program.json(RunFiles.Configuration.self, folder + "/config.json")
      #expect(configuration.defaultPriors == !options.isEmpty)
      let priors = try program.json(RunFiles.Priors.self, folder + "/priors.json")
      return Set(priors.priors.map { $0.hyperparameters[1].initial })
    }
    #expect(try scales([]).count > 1)
    #expect(try scales(["--default-priors"]) == [1])
  }
}
