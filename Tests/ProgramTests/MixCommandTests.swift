import Foundation
import Testing
import _TestSupport

/// `eb-tune mix` from the command line to its files.
@Suite struct MixCommandTests {
  struct Report: Decodable {
    struct Configuration: Decodable {
      let method: String
      let weights: String?
      let sampler: String
      let tuned: Bool
    }
    struct Quantity: Decodable {
      let name: String
      let mean: Double
      let standardDeviation: Double
    }
    struct Check: Decodable {
      let name: String
      let value: Double?
    }
    struct Coordinate: Decodable {
      let name: String
      let initial: Double
      let tuned: Double
    }
    struct Curve: Decodable {
      let mean: [Double]
      let standardDeviation: [Double]
      let lower: [Double]
      let upper: [Double]
    }
    struct Predictions: Decodable {
      let band: String
      let mixture: Curve
      let weights: [Curve]
    }
    struct HeldOut: Decodable {
      struct Comparison: Decodable { let rows: Int }
      let comparison: Comparison?
    }
    let configuration: Configuration
    let coordinates: [Coordinate]
    let parameters: [Quantity]
    let meanWeights: [Quantity]
    let posterior: [Check]
    let predictions: Predictions
    let heldOut: HeldOut?
    let bands: String
    let files: [String]

    /// At every input, the weights' sum.
    var weightSums: [Double] {
      predictions.mixture.mean.indices.map { row in predictions.weights.reduce(0) { $0 + $1.mean[row] } }
    }
  }

  private static let quick = ["--warmup", "100", "--final-draws", "250", "--quiet"]

  private func mix(_ program: Program, _ arguments: [String]) throws -> Report {
    let home = arguments.contains("--out") ? [] : ["--out", "none"]
    let outcome = try program.run(["mix"] + arguments + home + ["--json"])
    #expect(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  /// Tuned by NUTS; the files hold what the report says, and one seed gives the same bytes on one thread and two.
  @Test(.timeLimit(.minutes(30))) func coleman() throws {
    let program = try Program()
    defer { program.remove() }
    let options = ["--problem", "coleman", "--out", "mixed"] + Self.quick
    let report = try mix(program, options)
    #expect(report.configuration.weights == "cdf" && report.configuration.sampler == "NUTS")
    #expect(report.configuration.tuned && report.coordinates.map(\.name) == ["weights: scale"])
    #expect(report.coordinates.allSatisfy { $0.initial == 1 && $0.tuned > 0 })
    #expect(
      report.parameters.map(\.name)
        == ["weight[theta0]", "weight[theta1]", "model[model1,theta1]", "model[model2,theta2]"])
    let first = report.parameters[2]
    #expect(first.mean > 1 && first.mean < 6, "inside its uniform prior")
    #expect(report.weightSums.allSatisfy { abs($0 - 1) < 1e-9 })
    #expect(report.heldOut?.comparison?.rows == 50 && report.bands.contains("noise is not included"))
    let names = [
      "checkpoint", "config.json", "draws.csv", "mixture.svg", "predictions.csv", "priors.json", "report.json",
      "timing.jsonl", "trace.jsonl",
    ]
    #expect(try program.names(in: "mixed") == names)
    #expect(try program.read("mixed/predictions.csv").split(separator: "\n").count == 101)
    #expect(try program.read("mixed/draws.csv").split(separator: "\n").count == 1001)
    let kept = try program.json(Report.self, "mixed/report.json")
    #expect(kept.predictions.mixture.mean == report.predictions.mixture.mean)
    let figure = try program.read("mixed/mixture.svg")
    for word in ["model1", "model2", "mixture", "truth", "observations", "weight"] { #expect(figure.contains(word)) }
    expectFailure(try program.run(["mix"] + options), status: 73, mentions: ["mixed"])
    let again = try mix(program, options + ["--overwrite", "--threads", "1"])
    #expect(again.predictions.mixture.mean == report.predictions.mixture.mean)
  }

  /// The suggested priors let switching points change places, so slices sample it.
  @Test(.timeLimit(.minutes(30))) func samba() throws {
    let program = try Program()
    defer { program.remove() }
    let report = try mix(program, ["--problem", "samba"] + Self.quick)
    #expect(report.configuration.weights == "switchcos" && report.configuration.sampler == "slice sampling")
    #expect(report.parameters.map(\.name) == ["weight[g1]", "weight[g2]", "weight[g3]"])
    let places = report.parameters.map(\.mean)
    #expect(places[0] < places[2] && places[2] < places[1])
    #expect(report.weightSums.allSatisfy { abs($0 - 1) < 1e-9 })
    let weights = report.predictions.weights[0].mean
    #expect(weights[0] > 0.999 && weights[weights.count - 1] < 0.001)
    expectFailure(
      try program.run("mix", "--problem", "samba", "--schedule", "pooled-newton", "--quiet"), status: 64,
      mentions: ["pooled-newton-plain"])
  }

  private static func rows(_ count: Int = 20) -> String {
    let rows = (0..<count).map { row in
      let x = Double(row) / Double(count - 1)
      return "\(x),\(sin(3 * x) + 0.05 * sin(37.1 * Double(row))),\(3 * x),\(0.1 + 2 * x),\(1.4 - 1.3 * x),0.2"
    }
    return (["x,y,low,slow,high,shigh"] + rows).joined(separator: "\n") + "\n"
  }

  private static let own = [
    "--data", "rows.csv", "--target", "y", "--target-error", "0.05", "--inputs", "x", "--model", "low=low,slow",
    "--model", "high=high,shigh",
  ]

  @Test(.timeLimit(.minutes(30))) func ownRows() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.rows(), to: "rows.csv")
    try program.write(Self.rows(7), to: "grid.csv")
    let report = try mix(
      program,
      Self.own + ["--predict", "grid.csv", "--test-data", "grid.csv", "--weights", "sigmoid", "--band", "observation"]
        + ["--prior", "weight[theta0]=uniform(0,1)", "--prior", "weight[theta1]=normal(-1,1)"]
        + ["--prior", "weight[theta1]=truncated-normal(-0.2,0.2,-2,0)"] + Self.quick)
    #expect(report.predictions.mixture.mean.count == 7 && report.predictions.band == "observation")
    #expect(report.bands.contains("noise is included") && report.heldOut?.comparison?.rows == 7)
    #expect(report.configuration.sampler == "NUTS" && report.coordinates.count == 1)
    #expect(report.parameters[0].mean > 0 && report.parameters[0].mean < 1 && report.parameters[1].mean < 0)
    #expect(report.predictions.weights[0].mean[0] > report.predictions.weights[0].mean[6])
    let step = try mix(program, Self.own + ["--weights", "step", "--tune", "no", "--rule", "mean"] + Self.quick)
    #expect(step.configuration.sampler == "slice sampling" && !step.configuration.tuned)
  }

  /// Against the formulas, at every row: weights 1/s², mean and standard deviation, and bands of 1.6449 of them.
  @Test func precision() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.rows(), to: "rows.csv")
    for (band, noise) in [("quantity", 0.0), ("observation", 0.05)] {
      let report = try mix(program, Self.own + ["--method", "precision", "--band", band, "--quiet"])
      for row in 0..<20 {
        let x = Double(row) / 19
        let own = 0.1 + 2 * x
        let first: Double = 1 / (own * own)
        let second: Double = 1 / (0.2 * 0.2)
        let total = first + second
        let mean: Double = (first * (3 * x) + second * (1.4 - 1.3 * x)) / total
        let deviation: Double = (1 / total + noise * noise).squareRoot()
        let mixture = report.predictions.mixture
        #expect(abs(mixture.mean[row] - mean) < 1e-12 && abs(mixture.standardDeviation[row] - deviation) < 1e-12)
        #expect(abs(mixture.upper[row] - mean - 1.6448536269514722 * deviation) < 1e-9)
        #expect(abs(report.predictions.weights[0].mean[row] - first / total) < 1e-12)
      }
    }
  }

  private static let reference = SharedData.file("data/taweret/samba_order3_gaussian_mixing.csv")

  /// Taweret's own table of SAMBA of order 3, to 1e-6 of its sizes.
  @Test(.enabled(if: MixCommandTests.reference != nil, "the shared data are not here")) func taweret() throws {
    let program = try Program()
    defer { program.remove() }
    let lines = try String(contentsOf: #require(Self.reference), encoding: .utf8).split(whereSeparator: \.isNewline)
    let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    let table = rows.map { "\($0[0]),\($0[5]),\($0[1]),\($0[3].squareRoot()),\($0[2]),\($0[4].squareRoot())" }
    try program.write((["g,y,f1,s1,f2,s2"] + table).joined(separator: "\n") + "\n", to: "samba.csv")
    let report = try mix(
      program,
      ["--data", "samba.csv", "--target", "y", "--inputs", "g", "--model", "small=f1,s1", "--model", "large=f2,s2"]
        + ["--method", "precision", "--quiet"])
    let found = report.predictions
    #expect(rows.count == 100 && found.mixture.mean.count == 100)
    for (row, expected) in rows.enumerated() {
      #expect(abs(found.mixture.mean[row] - expected[5]) < 1e-6)
      #expect(abs(found.mixture.standardDeviation[row] - expected[8]) <= 1e-6 * expected[8] + 1e-15)
      #expect(abs(found.weights[0].mean[row] - expected[9]) < 1e-6)
      #expect(abs(found.weights[1].mean[row] - expected[10]) < 1e-6)
    }
  }

  @Test(.timeLimit(.minutes(30))) func trees() throws {
    let program = try Program()
    defer { program.remove() }
    let report = try mix(
      program,
      ["--problem", "taylor-2d", "--trees", "10", "--iterations", "2", "--simplex", "--out", "mixed"] + Self.quick)
    #expect(report.configuration.method == "trees" && report.configuration.tuned)
    #expect(report.coordinates.map(\.name) == ["leaves: scale"])
    #expect(report.predictions.mixture.mean.count == 900 && report.meanWeights.map(\.name) == ["model1", "model2"])
    #expect(report.weightSums.allSatisfy { abs($0 - 1) < 1e-9 }, "projected on the simplex")
    #expect(report.posterior.map(\.name) == ["R-hat", "bulk ESS", "tail ESS"])
    #expect(try program.names(in: "mixed").contains("mixture.svg"))
  }

  @Test(.timeLimit(.minutes(30))) func process() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.rows(), to: "rows.csv")
    let report = try mix(
      program, Self.own + ["--method", "gp", "--kernel", "constant * matern52(0.3)", "--tune", "no"] + Self.quick)
    #expect(report.parameters.map(\.name) == ["constant.variance", "matern52.length_scale"])
    // Observations of error 0.05 beside much rougher models: the mixture keeps near the curve that they are of.
    for (row, mean) in report.predictions.mixture.mean.enumerated() {
      #expect(abs(mean - sin(3 * Double(row) / 19)) < 0.15)
    }
  }

  /// One sentence, nothing on standard output, and the right code.
  @Test func mistakes() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.rows(), to: "rows.csv")
    func fails(_ arguments: [String], _ status: Int32, _ words: [String]) throws {
      expectFailure(try program.run(["mix", "--quiet"] + arguments), status: status, mentions: words)
    }
    try fails([], 64, ["--problem", "--data"])
    try fails(["--problem", "power"], 64, ["power"])
    try fails(["--problem", "coleman", "--order", "3"], 64, ["samba"])
    try fails(["--problem", "samba", "--order", "1"], 64, ["--order", "2 to 160"])
    try fails(["--problem", "coleman", "--method", "trees", "--weights", "cdf"], 64, ["--weights", "linear"])
    try fails(["--problem", "taylor-2d", "--weights", "cdf"], 64, ["--weights", "trees"])
    try fails(["--problem", "polynomial", "--weights", "cdf"], 64, ["2 models", "softmax"])
    try fails(["--problem", "coleman", "--prior", "weight[beta]=normal(0,1)"], 64, ["weight[beta]", "weight[theta0]"])
    try fails(["--problem", "coleman", "--prior", "weights=normal(0,-1)"], 64, ["--prior", "scale"])
    try fails(["--problem", "coleman", "--method", "precision", "--gamma", "1"], 64, ["no prior"])
    try fails(["--problem", "coleman", "--column", "z"], 64, ["--column", "x"])
    try fails(["--problem", "samba", "--method", "gp", "--kernel", "rbf +"], 64, ["kernel"])
    try fails(Self.own + ["--tune", "blocks", "--weights", "step"], 64, ["hyperparameter"])
    try fails(Self.own + ["--model", "third"], 64, ["third", "equals"])
    try fails(Self.own + ["--model", "low=high"], 65, ["low"])
    try fails(["--data", "rows.csv", "--target", "y", "--inputs", "x"], 64, ["--model"])
    try fails(["--data", "absent.csv", "--target", "y", "--inputs", "x", "--model", "a=low"], 66, ["absent.csv"])
    try fails(["--data", "rows.csv", "--target", "z", "--inputs", "x", "--model", "a=low"], 64, ["z"])
    try fails(
      ["--data", "rows.csv", "--target", "y", "--inputs", "x", "--model", "a=low", "--band", "observation"], 64,
      ["--target-error"])
    try program.write("x,y,f\n0,1,1\n1,2,-\n", to: "gap.csv")
    try fails(["--data", "gap.csv", "--target", "y", "--inputs", "x", "--model", "a=f,1"], 65, ["gap.csv", "line 3"])
  }
}
