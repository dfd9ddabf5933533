import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// `report`, `plot` and `export` of runs of `mix`.
@Suite struct MixReportTests {
  /// Runs that between them have every method, and one, two and three inputs.
  enum Case: String, CaseIterable, CustomTestStringConvertible {
    case samba, cdf, trees, process, precision, untuned, rows

    var testDescription: String { rawValue }

    var options: [String] {
      switch self {
      case .samba: ["--problem", "samba"]
      case .cdf: ["--problem", "coleman", "--weights", "cdf", "--rule", "mean"]
      case .trees: ["--problem", "taylor-2d", "--trees", "5"]
      case .process: ["--problem", "samba", "--method", "gp"]
      case .precision: ["--problem", "samba", "--method", "precision"]
      case .untuned: ["--problem", "coleman", "--weights", "step", "--tune", "no"]
      case .rows:
        ["--data", "rows.csv", "--target", "y", "--target-error", "0.2", "--inputs", "a,b,c"]
          + ["one", "two", "three"].flatMap { ["--model", "\($0)=\($0),0.3"] }
      }
    }

    /// What the page has to say.
    var words: [String] {
      let drawn = ["Convergence of the", "Rank plots by chain"]
      let tuned = [
        "Objective over iterations", "Paths of the hyperparameters", "tuned less",
      ]
      switch self {
      case .samba:
        return drawn + tuned + [
          "samba: models and mixture", "slice sampling", "large-g", "truth", "Prior against posterior",
        ]
      case .cdf: return drawn + tuned + ["cdf weights, mean rule", "Energy", "model[model1,theta1]"]
      case .trees: return drawn + tuned + ["Mixed mean less truth", "Weight of model2", "tree mixing", "leaves: scale"]
      case .process: return drawn + tuned + ["Gaussian-process mixing", "rbf.length_scale"]
      case .precision: return ["Precision mixing is a formula", "samba: models and mixture"]
      case .untuned: return drawn + ["Nothing was tuned.", "coleman: models and mixture"]
      case .rows: return drawn + ["Mixture against observation", "Weights against c", "three", "SHA-256 of rows.csv"]
      }
    }

    /// What `plot` draws of it.
    var figures: [String] {
      let tuned = ["mixture", "weights", "objective", "paths", "ranks"]
      switch self {
      case .samba: return tuned + ["priors"]
      case .cdf, .process, .rows: return tuned + ["priors", "energy"]
      case .trees: return tuned
      case .precision: return ["mixture", "weights"]
      case .untuned: return ["mixture", "weights", "ranks", "priors"]
      }
    }

    /// Runs it into `run`.
    func mix(_ program: Program) throws {
      let rows = (0..<20).map { row in
        let x = Double(row) / 5
        return "\(x),\(cos(x)),\(row % 3),\(sin(x)),\(x),\(x - x * x * x / 6),0.5"
      }
      try program.write((["a,b,c,y,one,two,three"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
      let outcome = try program.run(
        ["mix"] + options + ["--out", "run", "--quiet"]
          + (self == .precision ? [] : ["--warmup", "60", "--final-draws", "50"]))
      try #require(outcome.status == 0, "\(outcome.error)")
    }
  }

  private func isXML(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

  @Test(arguments: Case.allCases) func pagesAndPlots(of mixture: Case) throws {
    let program = try Program()
    defer { program.remove() }
    try mixture.mix(program)
    // All but the run's own directory may be gone.
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("rows.csv"))
    let outcome = try program.run("report", "run")
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let page = try program.read("run/report.html")
    #expect(isXML(page) && !page.contains("What is missing here") && !page.contains("<script"))
    for words in mixture.words + ["mix --", "Mean weight of each model"] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(!page.lowercased().contains("experts") && !page.contains("nan") && !page.contains(">inf"))
    for name in mixture.figures {
      let plotted = try program.run("plot", "run", "--figure", name, "--out", "\(name).svg")
      #expect(plotted.status == 0, "\(plotted.error)")
      let svg = try program.read("\(name).svg")
      #expect(isXML(svg) && svg.hasPrefix("<svg") && svg.contains("<desc") && !svg.contains("nan"), "\(name)")
    }
    #expect(try program.read("mixture.svg") == program.read("run/mixture.svg"))
    expectFailure(
      try program.run("plot", "run", "--figure", "predictive", "--out", "x.svg"), status: 65,
      mentions: mixture.figures)
    #expect(!program.exists("x.svg"))
  }

  /// Maps have one rectangle a new input, in no more colours than the bar has.
  @Test func mapsHoldEveryPlace() throws {
    let program = try Program()
    defer { program.remove() }
    try Case.trees.mix(program)
    let svg = try program.read("run/mixture.svg")
    let places = try program.read("run/predictions.csv").split(separator: "\n").count - 1
    let cells = svg.split(separator: "\n").filter { $0.hasPrefix("<path") && $0.contains("crispEdges") }
    let boxes = cells.reduce(0) { $0 + $1.count { $0 == "Z" } }
    // Mixed mean, truth, their difference and the standard deviation.
    #expect(places == 900 && boxes == 4 * places && cells.count <= 4 * 48)
  }

  /// What a run that was killed still shows; and mixtures beside tuned runs.
  @Test func unfinishedAndBesideOthers() throws {
    let program = try Program()
    defer { program.remove() }
    try Case.cdf.mix(program)
    let tuned = try program.run(
      ["--problem", "motorcycle", "--out", "tuned"] + short)
    #expect(tuned.status == 0, "\(tuned.error)")
    #expect(try program.run("report", "run", "tuned", "--out", "both.html").status == 0)
    let both = try program.read("both.html")
    #expect(isXML(both) && both.contains("Run run") && both.contains("Run tuned"))
    for name in ["report.json", "draws.csv", "priors.json", "predictions.csv"] {
      try FileManager.default.removeItem(at: program.directory.appendingPathComponent("run/\(name)"))
    }
    #expect(try program.run("report", "run", "--out", "a.html").status == 0)
    let page = try program.read("a.html")
    #expect(isXML(page) && page.contains("This run did not finish") && page.contains("Objective over iterations"))
    #expect(page.contains("What is missing here") && !page.contains("Mean weight of each model"))
    expectFailure(
      try program.run("export", "run", "--to", "zarr"), status: 66, mentions: ["run/report.json"])
  }

  @Test func exports() throws {
    let program = try Program()
    defer { program.remove() }
    try Case.trees.mix(program)
    let draws = RunFiles.csv(try program.read("run/draws.csv"))
    #expect(try program.run("export", "run", "--to", "cmdstan").status == 0)
    let rows = try program.read("run/export/cmdstan/chain-2.csv").split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: ",").map(String.init) }
    let (place, own) = (
      try #require(draws[0].firstIndex(of: "leafMean[model2]")), try #require(rows[0].firstIndex(of: "leafMean.2"))
    )
    #expect(rows.dropFirst().map { $0[own] } == draws.filter { $0[0] == "2" }.map { $0[place] })
    let priors = try program.run("export", "run", "--to", "json")
    #expect(priors.status == 0 && priors.output.contains("leaf[model1]") && priors.output.contains("understates"))
    #expect(try program.run("export", "run", "--to", "zarr").status == 0)
    #expect(program.exists("run/export/run.zarr/predictions/weight_mean"))
    for format in ["stan", "brms", "pymc", "numpyro"] {
      expectFailure(
        try program.run("export", "run", "--to", format), status: 64, mentions: ["run of mix", format, "zarr"])
    }
    #expect(try program.names(in: "run/export") == ["cmdstan", "run.zarr"])
  }

  @Test func precisionHasPredictionsAlone() throws {
    let program = try Program()
    defer { program.remove() }
    try Case.precision.mix(program)
    for format in ["cmdstan", "json"] {
      expectFailure(
        try program.run("export", "run", "--to", format), status: 64, mentions: ["precision mixing has no", "zarr"])
    }
    #expect(try program.run("export", "run", "--to", "zarr").status == 0)
    #expect(!program.exists("run/export/run.zarr/posterior") && !program.exists("run/export/cmdstan"))
  }

  @Test(.enabled(if: PythonTools.reads("zarr"), "\(PythonTools.advice)"), arguments: Case.allCases)
  func arvizReads(mixture: Case) throws {
    let program = try Program()
    defer { program.remove() }
    try mixture.mix(program)
    #expect(try program.run("export", "run", "--to", "zarr").status == 0)
    let (status, output) = try PythonTools.run(["zarr", "run/export/run.zarr", "run"], .mixture, in: program.directory)
    #expect(status == 0, "\(output)")
  }

  @Test(.enabled(if: PythonTools.reads("cmdstan"), "\(PythonTools.advice)"), arguments: [Case.cdf, .trees, .rows])
  func cmdstanpyReads(mixture: Case) throws {
    let program = try Program()
    defer { program.remove() }
    try mixture.mix(program)
    #expect(try program.run("export", "run", "--to", "cmdstan").status == 0)
    let (status, output) = try PythonTools.run(
      ["cmdstan", "run/export/cmdstan", "run"], .mixture, in: program.directory)
    #expect(status == 0, "\(output)")
  }
}
