import Foundation
import Testing

/// `eb-tune export DIR --to FORMAT`: what a finished run hands to other tools.
@Suite struct ExportTests {
  /// Models that between them have every combination, every family of priors, and blocks of several families.
  enum Model: String, CaseIterable, CustomTestStringConvertible {
    case cocoafuse
    case moe
    case boe

    var testDescription: String { rawValue }

    var options: [String] {
      switch self {
      case .cocoafuse:
        [
          "--expert", "x,`z w`", "--gate", "x", "--experts", "2", "--prior", "slopes=student-t(0,1,4)", "--prior",
          "gate=normal(0.1,2)", "--prior", "sigma[1]=gamma(2,3)", "--prior", "sigma[2]=half-cauchy(1)", "--prior",
          "behaviour[bias]=normal(0,2)", "--gamma", "0.1",
        ]
      case .moe:
        [
          "--expert", "x", "--gate", "x", "--experts", "3", "--prior", "sigma[1]=half-normal(1)", "--prior",
          "sigma[2]=exponential(2)",
        ]
      case .boe: ["--expert", "x", "--gate", "x,`z w`", "--experts", "2"]
      }
    }

    /// Runs the tuning into `run`.
    func tune(_ program: Program, _ more: [String] = []) throws {
      let rows = (0..<60).map { row in
        let x = Double(row) / 9
        return "\(x),\(cos(Double(row) / 5)),\(sin(x) + 0.1 * sin(37.1 * Double(row)) + (row > 30 ? 1 : 0))"
      }
      try program.write((["x,z w,y"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
      let outcome = try program.run(
        ["--data", "rows.csv", "--target", "y", "--model", rawValue, "--out", "run"] + options + short + more)
      try #require(outcome.status == 0, "\(outcome.error)")
    }
  }

  private func tuned(_ model: Model = .cocoafuse) throws -> Program {
    let program = try Program()
    try model.tune(program)
    return program
  }

  @Test func cmdstan() throws {
    let program = try tuned()
    defer { program.remove() }
    let before = try program.read("run/draws.csv")
    let outcome = try program.run("export", "run", "--to", "cmdstan")
    #expect(outcome.status == 0 && outcome.output == "Written: run/export/cmdstan\n", "\(outcome.error)")
    #expect(try program.names(in: "run/export/cmdstan") == (1...4).map { "chain-\($0).csv" })
    let draws = RunFiles.csv(before)
    let place = try #require(draws[0].firstIndex(of: "slope[1,z w]"))
    for chain in 1...4 {
      let rows = try program.read("run/export/cmdstan/chain-\(chain).csv").split(separator: "\n").filter {
        !$0.hasPrefix("#")
      }.map { $0.split(separator: ",").map(String.init) }
      #expect(rows.count == 21)
      #expect(
        Array(rows[0].prefix(18)) == [
          "lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__",
          "intercept.1",
          "intercept.2", "slope.1.1", "slope.2.1", "slope.1.2", "slope.2.2", "gate.1.1", "gate.1.2", "behaviour.1",
          "behaviour.2", "sigma.1",
        ])
      let own = draws.filter { $0[0] == "\(chain)" }
      #expect(rows.dropFirst().map { $0[11] } == own.map { $0[place] })
      #expect(rows.dropFirst().map { Array($0.prefix(7)) } == own.map { Array($0[2..<9]) })
    }
    #expect(try program.read("run/draws.csv") == before)
    expectFailure(
      try program.run("export", "run", "--to", "cmdstan"), status: 73,
      mentions: ["run/export/cmdstan", "--overwrite", "--out"])
    #expect(try program.run("export", "run/", "--to", "cmdstan", "--overwrite").status == 0)
    #expect(try program.run("export", "run", "--to", "cmdstan", "--out", "a/b").status == 0)
    #expect(try program.read("a/b/chain-4.csv") == program.read("run/export/cmdstan/chain-4.csv"))
  }

  struct Exported: Decodable {
    struct Entry: Decodable {
      let parameter: String
      let family: String
      let hyperparameters: [String: Double]
      let tuned: [String]
    }
    let run: String
    let remarks: [String]
    let model: String
    let priors: [Entry]
  }

  /// The tuned priors, and the warning that goes with them.
  @Test func json() throws {
    let program = try tuned()
    defer { program.remove() }
    let outcome = try program.run("export", "run", "--to", "json")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let exported = try JSONDecoder().decode(Exported.self, from: Data(outcome.output.utf8))
    let priors = try program.json(RunFiles.Priors.self, "run/priors.json").priors
    #expect(exported.run == "run" && exported.model == "cocoafuse")
    #expect(exported.remarks.contains { $0.contains("understates") })
    #expect(exported.priors.map(\.parameter) == priors.map(\.parameter))
    for (own, entry) in zip(exported.priors, priors) {
      #expect(own.family == entry.family)
      #expect(
        own.hyperparameters == Dictionary(uniqueKeysWithValues: entry.hyperparameters.map { ($0.name, $0.tuned) }))
      #expect(own.tuned == entry.hyperparameters.filter { $0.coordinate != nil }.map(\.name))
    }
    #expect(try program.run("export", "run", "--to", "json", "--out", "priors.json").status == 0)
    #expect(try program.read("priors.json") == outcome.output)
    expectFailure(
      try program.run("export", "run", "--to", "json", "--out", "priors.json"), status: 73, mentions: ["priors.json"])
  }

  @Test func brms() throws {
    let program = try tuned(.moe)
    defer { program.remove() }
    let text = try program.run("export", "run", "--to", "brms").output
    let entries = try program.json(RunFiles.Priors.self, "run/priors.json").priors
    let calls = text.split(separator: "\n").filter { $0.contains("set_prior(\"") }
    #expect(calls.count == entries.count && text.hasPrefix("# Written by eb-tune") && text.contains("understates"))
    #expect(text.contains("mu3 ~ 0 + Intercept + x,") && text.contains("theta2 ~ 0 + Intercept + x,"))
    #expect(text.contains("mixture(gaussian, gaussian, gaussian, order = \"none\")") && !text.contains("theta3"))
    let scale = try #require(entries.first { $0.parameter == "slope[2,x]" }).hyperparameters[1].tuned
    #expect(
      calls.contains {
        $0.hasPrefix("  set_prior(\"double_exponential(0.0, \(scale))\", class = \"b\", coef = \"x\", dpar = \"mu2\"),")
      })
    let half = try #require(entries.first { $0.parameter == "sigma[1]" }).hyperparameters[0].tuned
    #expect(calls.contains { $0.hasPrefix("  set_prior(\"normal(0.0, \(half))\", class = \"sigma1\"),") })
    #expect(calls.last?.contains("lognormal(") == true && calls.last?.contains("),") == false)
    #expect(text.hasSuffix(")\n"))
  }

  /// An entry of `data.json`.
  enum Numbers: Decodable, Equatable {
    case number(Double)
    case vector([Double])
    case matrix([[Double]])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let vector = try? container.decode([Double].self) {
        self = .vector(vector)
      } else {
        self = .matrix(try container.decode([[Double]].self))
      }
    }

    var rows: Int? {
      if case .matrix(let rows) = self { rows.count } else { nil }
    }
  }

  /// Every number of the data file is that of the run, and the program declares exactly what the file holds.
  @Test(arguments: Model.allCases) func stan(model: Model) throws {
    let program = try tuned(model)
    defer { program.remove() }
    #expect(try program.run("export", "run", "--to", "stan").status == 0)
    let text = try program.read("run/export/stan/model.stan")
    #expect(
      text.hasPrefix("// Written by eb-tune") && text.contains("from the run run:") && text.contains("understates"))
    let data = try program.json([String: Numbers].self, "run/export/stan/data.json")
    let block = try #require(text.firstRange(of: /data \{\n(?:  .*\n)+\}/))
    let declared = text[block].split(separator: "\n").dropFirst().dropLast().compactMap {
      $0.split(separator: ";")[0].split(separator: " ").last.map(String.init)
    }
    #expect(Set(declared) == Set(data.keys))
    let entries = try program.json(RunFiles.Priors.self, "run/priors.json").priors
    let scales = entries.filter { $0.block == "intercepts" }.map { $0.hyperparameters[1].tuned }
    #expect(data["intercept_scale"] == .vector(scales))
    #expect(data["N"] == .number(60) && data["X"]?.rows == 60)
    #expect(text.contains("vector[G] behaviour;") == (model == .cocoafuse))
    if model == .cocoafuse {
      #expect(data["sigma_gamma"] == .vector([1]) && data["sigma_half_cauchy"] == .vector([2]))
      #expect(data["sigma_gamma_rate"] == .vector([entries[entries.count - 2].hyperparameters[1].tuned]))
    }
  }

  @Test func refusals() throws {
    let program = try tuned(.boe)
    defer { program.remove() }
    expectFailure(try program.run("export", "none", "--to", "json"), status: 66, mentions: ["none/config.json"])
    expectFailure(try program.run("export", "run", "--to", "excel"), status: 64, mentions: ["excel"])
    expectFailure(try program.run("export", "run"), status: 64, mentions: ["--to"])
    try program.makeFolder("mine")
    try program.write("", to: "mine/thesis.tex")
    expectFailure(
      try program.run("export", "run", "--to", "zarr", "--out", "mine", "--overwrite"), status: 73, mentions: ["mine"])
    #expect(try program.names(in: "mine") == ["thesis.tex"])
    // A run without its data still has draws and priors; whatever needs the rows says that they changed.
    try program.write("x,z w,y\n1,2,3\n", to: "rows.csv")
    expectFailure(try program.run("export", "run", "--to", "stan"), status: 65, mentions: ["rows.csv", "changed"])
    #expect(try program.run("export", "run", "--to", "cmdstan").status == 0)
    let draws = try program.read("run/draws.csv").split(separator: "\n", omittingEmptySubsequences: false)
    try program.write((draws.prefix(7) + draws.dropFirst(8)).joined(separator: "\n"), to: "run/draws.csv")
    expectFailure(
      try program.run("export", "run", "--to", "cmdstan", "--out", "new"), status: 65, mentions: ["run/draws.csv"])
    try program.write(
      draws.joined(separator: "\n").replacingOccurrences(of: "\n2,1,", with: "\n2,one,"), to: "run/draws.csv")
    expectFailure(
      try program.run("export", "run", "--to", "cmdstan", "--out", "new"), status: 65,
      mentions: ["draws.csv, line", "one"])
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("run/draws.csv"))
    expectFailure(
      try program.run("export", "run", "--to", "cmdstan", "--out", "new"), status: 66, mentions: ["run/draws.csv"])
    #expect(try program.run("export", "run", "--to", "json").status == 0)
    #expect(!program.exists("new"))
  }

  private func check(_ format: String, _ path: String, _ model: Model, _ options: [String] = []) throws {
    let program = try Program()
    defer { program.remove() }
    try model.tune(program, options)
    #expect(try program.run("export", "run", "--to", format).status == 0)
    let (status, output) = try PythonTools.run([format, path, "run"], in: program.directory)
    #expect(status == 0, "\(output)")
  }

  @Test(.enabled(if: PythonTools.reads("cmdstan"), "\(PythonTools.advice)"), arguments: Model.allCases)
  func cmdstanpyAndArviZRead(model: Model) throws { try check("cmdstan", "run/export/cmdstan", model) }

  @Test(.enabled(if: PythonTools.reads("zarr"), "\(PythonTools.advice)"), arguments: Model.allCases)
  func xarrayReads(model: Model) throws { try check("zarr", "run/export/run.zarr", model) }

  @Test(.enabled(if: PythonTools.reads("zarr"), "\(PythonTools.advice)"))
  func xarrayReadsHeldOutRows() throws {
    try check("zarr", "run/export/run.zarr", .cocoafuse, ["--test-fraction", "0.2"])
  }

  /// The log density at 20 draws is that of the run. Compiling takes most of a minute a model.
  @Test(.enabled(if: PythonTools.reads("stan"), "\(PythonTools.advice)"), arguments: Model.allCases)
  func stanCompiles(model: Model) throws { try check("stan", "run/export/stan", model) }

  @Test(.enabled(if: PythonTools.reads("pymc"), "\(PythonTools.advice)"), arguments: Model.allCases)
  func pymcAgrees(model: Model) throws { try check("pymc", "run/export/pymc", model) }

  @Test(.enabled(if: PythonTools.reads("numpyro"), "\(PythonTools.advice)"), arguments: Model.allCases)
  func numpyroAgrees(model: Model) throws { try check("numpyro", "run/export/numpyro", model) }
}
