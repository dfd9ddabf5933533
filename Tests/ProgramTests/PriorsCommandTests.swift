import Foundation
import Testing

/// Priors and their tuning as the command line describes them, and `eb-tune priors`, which shows them.
@Suite struct PriorsCommandTests {
  private struct Summary: Decodable {
    struct Density: Decodable, Equatable {
      let family: String
      let values: [Double]
    }

    struct Hyperparameter: Decodable {
      let name: String
      let initial: Double
      let tuned: Double?
      let role: String
      let coordinate: String?
      let hyperprior: Density?
    }

    struct Entry: Decodable {
      let parameter: String
      let block: String
      let family: String
      let source: String
      let hyperparameters: [Hyperparameter]
    }

    let run: String?
    let priors: [Entry]

    func scale(_ parameter: String) throws -> Hyperparameter {
      try #require(priors.first { $0.parameter == parameter }?.hyperparameters.last)
    }
  }

  private static let data = [
    "--data", "rows.csv", "--target", "y", "--expert", "x,x^2", "--gate", "x", "--model", "moe",
  ]

  private func summary(_ program: Program, _ options: [String]) throws -> Summary {
    let outcome = try program.run(["priors", "--json"] + options)
    try #require(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
  }

  @Test func laterPriorsWin() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(FoldTests.rows(40), to: "rows.csv")
    let own = try summary(
      program,
      Self.data + [
        "--prior", "slopes=normal(0,2)", "--prior", "slope[*,x^2]=laplace(1, 3)", "--prior", "slope[2,*]=normal(0,5)",
        "--prior", "sigma[*]=half-normal(2)",
      ])
    let found = Dictionary(uniqueKeysWithValues: own.priors.map { ($0.parameter, $0) })
    func text(_ parameter: String) -> String {
      found[parameter].map { "\($0.family)\($0.hyperparameters.map { ($0.initial * 1e9).rounded() / 1e9 })" } ?? ""
    }
    #expect(text("slope[1,x]") == "normal[0.0, 2.0]" && text("slope[1,x^2]") == "laplace[1.0, 3.0]")
    #expect(text("slope[2,x]") == "normal[0.0, 5.0]" && text("slope[2,x^2]") == "normal[0.0, 5.0]")
    #expect(text("sigma[1]") == "half-normal[2.0]")
    #expect(found["slope[2,x]"]?.source == "--prior slope[2,*]=normal(0,5)" && found["gate[1,x]"]?.source == "default")
    let block = try summary(
      program, Self.data + ["--prior", "slope[2,x]=normal(0,5)", "--prior", "slopes=laplace(0,7)"])
    #expect(block.priors.filter { $0.block == "slopes" }.allSatisfy { $0.family == "laplace" })
  }

  @Test func rolesAndHyperpriors() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(FoldTests.rows(40), to: "rows.csv")
    let tied = try summary(
      program,
      Self.data + [
        "--prior", "slope[*,x]=normal(0,2)", "--tie", "slope[*,x]", "--fix", "noise", "--free", "gate", "--hyperprior",
        "none", "--hyperprior", "slope[*,x]=half-cauchy(3)", "--hyperprior", "gate=log-normal(0.5,0.7)",
      ])
    let slope = try tied.scale("slope[1,x]")
    #expect(slope.role == "tied" && slope.coordinate == "slope[*,x]: scale")
    // Three times where the scale starts.
    let density = try #require(slope.hyperprior)
    #expect(density.family == "half-cauchy" && abs(density.values[0] - 6) < 1e-12)
    #expect(try tied.scale("slope[2,x^2]").coordinate == "slopes: scale")
    #expect(try tied.scale("slope[2,x^2]").hyperprior == nil)
    #expect(try tied.scale("sigma[1]").role == "fixed")
    #expect(try tied.scale("gate[1,x]").role == "tuned")
    #expect(try tied.scale("gate[1,x]").hyperprior == .init(family: "log-normal", values: [0.5, 0.7]))
    // The order of the command line decides, whatever the options are called.
    for (options, role) in [
      (["--tie", "noise", "--fix", "noise"], "fixed"), (["--fix", "noise", "--tie", "noise"], "tied"),
      (["--fix", "noise", "--free", "noise"], "tuned"), (["--free", "noise", "--tie", "noise"], "tied"),
      (["--tie", "noise", "--free", "sigma[1]"], "tuned"), (["--free", "noise", "--fix", "sigma[*]"], "fixed"),
    ] {
      #expect(try summary(program, Self.data + options).scale("sigma[1]").role == role, "\(options)")
    }
    let text = try program.run(["priors"] + Self.data + ["--tie", "slope[*,x]", "--fix", "noise"]).output
    for part in ["slope[1–2,x]", "tied: slope[*,x]: scale", "fixed", "half-cauchy(1)", "default"] {
      #expect(text.contains(part), "\(part) in: \(text)")
    }
  }

  @Test(arguments: [
    (["--prior", "slope[9,x]=normal(0,1)"], ["slope[9,x]", "did you mean slope[1,x]"]),
    (["--prior", "slope[*,y]=normal(0,1)"], ["slope[*,y]", "did you mean slope[*,x]"]),
    (["--prior", "slops=normal(0,1)"], ["slops", "did you mean slopes"]),
    (["--prior", "noise=normal(0,1)"], ["sigma[1]", "normal", "log-normal"]),
    (["--prior", "slopes=gamma(1,1)"], ["slope[1,x]", "gamma", "laplace"]),
    (["--prior", "slopes=norml(0,1)"], ["norml", "did you mean normal"]),
    (["--prior", "slopes=normal(0)"], ["normal takes 2 values", "found 1"]),
    (["--prior", "slopes=normal()"], ["normal takes 2 values", "found 0"]),
    (["--prior", "slopes=normal(0,a)"], ["\"a\"", "number"]), (["--prior", "slopes=normal(inf,1)"], ["location"]),
    (["--prior", "slopes=normal(0,0)"], ["scale", "above 0"]), (["--prior", "slopes"], ["equals"]),
    (["--prior", "=normal(0,1)"], ["before the equals"]), (["--prior", "slopes=normal"], ["brackets"]),
    (["--fix", "experts"], ["--fix", "noise", "sigma[*]"]), (["--fix", ""], ["--fix", "empty"]),
    (["--tie", "slope[*,y]"], ["--tie", "slope[*,x]"]), (["--free", "sigma[3]"], ["--free", "sigma[1]"]),
    (["--model", "moe", "--fix", "behaviour"], ["behaviour", "intercepts, slopes, gate, noise"]),
    (["--tie", "noise", "--prior", "sigma[1]=exponential(2)"], ["noise", "scale", "rate"]),
    (["--hyperprior", "slopes"], ["slopes", "half-cauchy"]), (["--hyperprior", "slopes=flat(1)"], ["flat"]),
    (["--hyperprior", "slopes=half-cauchy(0)"], ["above 0"]),
    (["--hyperprior", "slopes=log-normal(1)"], ["log-normal takes 2 values"]),
    (["--hyperprior", "slops=none"], ["--hyperprior", "slopes"]),
    (["--hyperprior", "sigma[1]=none"], ["sigma[1]", "1 of the 2", "noise: scale"]),
    (["--fix", "intercept[*]", "--fix", "slopes", "--fix", "gate", "--fix", "behaviour", "--fix", "noise"], ["tune"]),
  ])
  func errors(options: [String], words: [String]) throws {
    let program = try Program()
    defer { program.remove() }
    for command in ["tune", "priors"] {
      expectFailure(try program.run([command, "--problem", "switch"] + options), status: 64, mentions: words)
    }
  }

  @Test func aTieOfAWholeBlockIsTheBlock() throws {
    let program = try Program()
    defer { program.remove() }
    func lambdas(_ name: String, _ options: [String]) throws -> [[Double]] {
      let outcome = try program.run(["--problem", "switch", "--quiet", "--out", name] + options + short)
      try #require(outcome.status == 0, "\(outcome.error)")
      return try RunFiles.trace(program.read("\(name)/trace.jsonl")).map(\.info.lambda)
    }
    let block = try lambdas("blocks", ["--tune", "blocks"])
    #expect(try lambdas("tied", ["--tie", "slope[*,x]"]) == block)
    let files = try ["blocks", "tied"].map { name in
      try program.json(RunFiles.Priors.self, "\(name)/priors.json").priors.map { $0.hyperparameters.map(\.tuned) }
    }
    #expect(files[0] == files[1])
    let coordinates = try RunFiles.trace(program.read("tied/trace.jsonl"))[0].coordinates
    #expect(coordinates.contains("slope[*,x]: scale") && !coordinates.contains("slopes: scale"))
  }

  /// What belongs to one expert numbers the experts; the directory is enough to go on, and to show everything.
  @Test func oneExpertsScaleAndItsDirectory() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run(
      [
        "--problem", "switch", "--tie", "slope[2,*]", "--hyperprior", "slope[2,*]=half-cauchy(2)", "--fix", "gate",
        "--out", "run",
      ] + short)
    try #require(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("Experts have the numbers that their priors were tuned with"))
    let other = try program.json(RunFiles.Configuration.self, "run/config.json").other
    #expect(other["roles"] == "tied slope[2,*]; fixed gate" && other["hyperprior"] == "slope[2,*]=half-cauchy(2)")
    let shown = try summary(program, ["run"])
    let tuned = try program.json(RunFiles.Priors.self, "run/priors.json").priors
    #expect(shown.run == "run" && shown.priors.map(\.parameter) == tuned.map(\.parameter))
    #expect(shown.priors.map { $0.hyperparameters.map(\.tuned) } == tuned.map { $0.hyperparameters.map(\.tuned) })
    #expect(try shown.scale("slope[2,x]").hyperprior == .init(family: "half-cauchy", values: [2]))
    let text = try program.run("priors", "run")
    #expect(text.status == 0 && text.output.contains("tuned to") && text.output.contains("tuned: own scale"))
    // Without what finishing wrote, the run goes on from its checkpoint, to the same bytes.
    let report = try program.read("run/report.json")
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("run/report.json"))
    let resumed = try program.run("resume", "run", "--quiet")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try program.read("run/report.json") == report)
    expectFailure(try program.run("priors", "run", "--tune", "all"), status: 64, mentions: ["--json"])
    expectFailure(try program.run("priors", "nowhere"), status: 66, mentions: ["nowhere"])
  }
}
