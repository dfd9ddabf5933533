import Foundation
import Testing

/// What `eb-tune mix` makes of few models or many, few rows, equal or sure models, and of options that shape a mixture.
@Suite struct MixOptionTests {
  struct Report: Decodable {
    struct Configuration: Decodable { let sampler: String }
    struct Quantity: Decodable {
      let name: String
      let mean: Double
    }
    struct Curve: Decodable {
      let mean: [Double]
      let standardDeviation: [Double]
      let lower: [Double]
      let upper: [Double]
    }
    struct Predictions: Decodable {
      let mixture: Curve
      let weights: [Curve]
    }
    let configuration: Configuration
    let parameters: [Quantity]
    let meanWeights: [Quantity]
    let notes: [String]
    let predictions: Predictions

    /// Every number that people read.
    var isFinite: Bool {
      (predictions.weights + [predictions.mixture]).allSatisfy { curve in
        [curve.mean, curve.standardDeviation, curve.lower, curve.upper].allSatisfy { $0.allSatisfy(\.isFinite) }
      }
    }
  }

  private static let quick = [
    "--warmup", "60", "--final-draws", "60", "--chains", "2", "--quiet", "--out", "none", "--tune", "no",
  ]
  private static let base = ["--data", "rows.csv", "--target", "y", "--inputs", "x"]
  private static let error = ["--target-error", "0.1"]

  /// Rows of x, y, a constant c, and `models` columns f1, f2, … about 0.3 x.
  private static func table(rows: Int, models: Int, from start: Double = 0) -> String {
    let names = (1...models).map { "f\($0)" }
    let lines = (0..<rows).map { row in
      let x = start + 0.5 * Double(row)
      let own = (1...models).map { "\(0.3 * x + 0.05 * Double($0) * sin(Double($0) * x))" }
      return (["\(x)", "\(0.3 * x + 0.1 * cos(9 * x))", "7"] + own).joined(separator: ",")
    }
    return ([(["x", "y", "c"] + names).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  private static func models(_ count: Int, deviation: String = "0.2") -> [String] {
    (1...count).flatMap { ["--model", "m\($0)=f\($0),\(deviation)"] }
  }

  private func mix(_ program: Program, _ arguments: [String]) throws -> Report {
    let outcome = try program.run(["mix"] + arguments + ["--json"])
    #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  /// One model, ten, and one row, under every method: predictions far outside the data too.
  @Test(.timeLimit(.minutes(30))) func fewAndMany() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.table(rows: 4, models: 10, from: -300), to: "new.csv")
    for (models, rows) in [(1, 8), (10, 8), (2, 1)] {
      try program.write(Self.table(rows: rows, models: models), to: "rows.csv")
      for method in ["linear", "precision", "trees", "gp"] {
        let report = try mix(
          program,
          Self.base + Self.error + Self.models(models) + ["--method", method, "--predict", "new.csv"]
            + (method == "precision" ? ["--quiet", "--out", "none"] : Self.quick))
        #expect(
          report.isFinite && report.predictions.weights.count == models, "\(method), \(models) models, \(rows) rows")
        let remarks = report.notes.joined(separator: "\n")
        #expect(remarks.contains("one observation") == (rows == 1 && method != "precision"))
        #expect(remarks.contains("4 new inputs lie far outside") == (rows > 1 && method != "precision"))
        if models == 1, method == "linear" || method == "precision" {
          #expect(report.configuration.sampler == "closed form")
          #expect(report.meanWeights.map(\.mean) == [1])
        }
      }
    }
  }

  /// Models that agree exactly, sure models with errors of observations and without.
  @Test(.timeLimit(.minutes(30))) func equalAndSure() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.table(rows: 8, models: 2), to: "rows.csv")
    for method in ["linear", "precision", "trees", "gp"] {
      let options = method == "precision" ? ["--quiet", "--out", "none"] : Self.quick
      for deviation in ["0.2", "0"] {
        let twice = ["--model", "a=f1,\(deviation)", "--model", "b=f1,\(deviation)"]
        let report = try mix(program, Self.base + Self.error + twice + ["--method", method] + options)
        #expect(report.isFinite, "\(method), \(deviation)")
        #expect(report.notes.contains { $0.hasPrefix("a and b say the same") } == (method != "precision"))
      }
    }
    let sure = Self.base + Self.models(2, deviation: "0")
    for method in ["trees", "gp"] { #expect(try mix(program, sure + ["--method", method] + Self.quick).isFinite) }
    expectFailure(
      try program.run(["mix"] + sure + Self.quick), status: 65, mentions: ["m1", "error in row 1"])
    expectFailure(
      try program.run(["mix"] + sure + ["--method", "precision", "--quiet", "--out", "none"]), status: 65,
      mentions: ["both sure", "row 2"])
  }

  /// Weights that are known give predictions without draws: here of a density mixture, ½ each.
  @Test func constantWeights() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.table(rows: 8, models: 2), to: "rows.csv")
    let known = Self.base + Self.error + Self.models(2) + ["--weights", "constant", "--quiet", "--out", "none"]
    let report = try mix(program, known)
    #expect(report.configuration.sampler == "closed form" && report.meanWeights.map(\.mean) == [0.5, 0.5])
    for row in 0..<8 {
      let x = 0.5 * Double(row)
      let (first, second) = (0.3 * x + 0.05 * sin(x), 0.3 * x + 0.1 * sin(2 * x))
      let half = 0.5 * (first - second)
      #expect(abs(report.predictions.mixture.mean[row] - 0.5 * (first + second)) < 1e-12)
      #expect(abs(report.predictions.mixture.standardDeviation[row] - (0.04 + half * half).squareRoot()) < 1e-6)
    }
    for wrong in [["--tune", "blocks"], ["--gamma", "1"], ["--band", "mean"]] {
      expectFailure(try program.run(["mix"] + known + wrong), status: 64, mentions: ["weights"])
    }
  }

  /// Sigmoid weights find out which model has the upper side, whichever is named first.
  @Test(.timeLimit(.minutes(30))) func sigmoidsFindTheirSign() throws {
    let program = try Program()
    defer { program.remove() }
    let rows = (0..<20).map { row in
      let x = Double(row) / 19
      return "\(x),\((x < 0.5 ? x : 2 - x) + 0.05 * cos(40 * x)),\(x),\(2 - x)"
    }
    try program.write((["x,y,low,high"] + rows).joined(separator: "\n") + "\n", to: "rows.csv")
    for (first, second, sign) in [("low", "high", -1.0), ("high", "low", 1)] {
      let report = try mix(
        program,
        Self.base + [
          "--target-error", "0.05", "--model", "\(first)=\(first),0.1", "--model", "\(second)=\(second),0.1",
        ]
          + ["--weights", "sigmoid"] + Self.quick)
      #expect(report.configuration.sampler == "slice sampling")
      let width = try #require(report.parameters.first { $0.name == "weight[theta1]" }).mean
      #expect(width * sign > 0, "\(first): \(width)")
    }
  }

  /// Weights of one input say which, where there are more; those of all inputs need not.
  @Test(.timeLimit(.minutes(30))) func unusedInputs() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.table(rows: 8, models: 2), to: "rows.csv")
    let base = ["--data", "rows.csv", "--target", "y", "--inputs", "x,f1"] + Self.error + Self.models(2) + Self.quick
    for (weights, column) in [("cdf", "x"), ("cdf", "f1"), ("softmax", nil)] {
      let report = try mix(program, base + ["--weights", weights] + (column.map { ["--column", $0] } ?? []))
      let remarks = report.notes.filter { $0.hasPrefix("These weights depend on ") }
      #expect(remarks.count == (column == nil ? 0 : 1))
      if let column { #expect(remarks.allSatisfy { $0.contains("on \(column) alone") }) }
    }
  }

  /// A band of new observations is wider by just their error; a process has none of the mixed mean alone.
  @Test(.timeLimit(.minutes(30))) func bandsOfProcesses() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.table(rows: 8, models: 2), to: "rows.csv")
    let process = Self.base + Self.error + Self.models(2) + ["--method", "gp"] + Self.quick
    let quantity = try mix(program, process).predictions.mixture.standardDeviation
    let observation = try mix(program, process + ["--band", "observation"]).predictions.mixture.standardDeviation
    for (own, wider) in zip(quantity, observation) {
      #expect(abs(wider - (own * own + 0.01).squareRoot()) < 1e-9 * wider)
    }
    expectFailure(try program.run(["mix"] + process + ["--band", "mean"]), status: 64, mentions: ["--band mean"])
    let exact = Self.base + Self.models(2) + ["--method", "gp"] + Self.quick
    #expect(try mix(program, exact).notes.contains { $0.contains("taken as exact") })
  }

  /// What would end a run after all its sampling is refused before.
  @Test func refusedAtOnce() throws {
    let program = try Program()
    defer { program.remove() }
    let table = Self.table(rows: 8, models: 2)
    try program.write(table, to: "rows.csv")
    let lines = table.split(separator: "\n")
    let erring = [lines[0] + ",e"] + lines.dropFirst().enumerated().map { $1 + ($0 == 2 ? ",0" : ",0.1") }
    try program.write(erring.joined(separator: "\n") + "\n", to: "erring.csv")
    let base = ["mix", "--target", "y", "--quiet", "--out", "none"] + Self.models(2)
    expectFailure(
      try program.run(base + ["--data", "rows.csv", "--inputs", "x", "--target-error=-0.1"]), status: 64,
      mentions: ["--target-error", "at least 0"])
    let negative = ["--target-error", "x", "--model", "third=y,0.1"]
    try program.write(Self.table(rows: 3, models: 2, from: -0.5), to: "negative.csv")
    expectFailure(
      try program.run(base + negative + ["--data", "negative.csv", "--inputs", "x"]), status: 65,
      mentions: ["negative.csv, line 2", "error is below 0"])
    expectFailure(
      try program.run(base + ["--data", "erring.csv", "--inputs", "x", "--target-error", "e", "--method", "trees"]),
      status: 65, mentions: ["observation 3 is 0", "trees"])
    expectFailure(
      try program.run(base + ["--data", "rows.csv", "--inputs", "x,x", "--target-error", "0.1"]), status: 65,
      mentions: ["Two inputs", "x"])
    try program.write(Self.table(rows: 3, models: 2, from: -1), to: "below.csv")
    expectFailure(
      try program.run(
        base + ["--data", "rows.csv", "--inputs", "x", "--target-error", "0.1", "--features", "sqrt(x)"]
          + ["--predict", "below.csv"]), status: 65, mentions: ["sqrt(x)"])
  }

  @Test(.timeLimit(.minutes(30))) func features() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.table(rows: 8, models: 2), to: "rows.csv")
    let both = ["--data", "rows.csv", "--target", "y", "--inputs", "x,c"] + Self.error + Self.models(2)
    let bare = try mix(program, both + Self.quick)
    #expect(bare.parameters.map(\.name) == ["weight[1,bias]", "weight[1,x]"])
    #expect(bare.notes.contains { $0.contains("input c is the same in every row") })
    let curved = try mix(program, both + ["--features", "poly(x,2)"] + Self.quick)
    #expect(curved.parameters.map(\.name) == ["weight[1,bias]", "weight[1,x]", "weight[1,x^2]"])
    func fails(_ arguments: [String], _ status: Int32, _ words: [String]) throws {
      expectFailure(try program.run(["mix"] + both + Self.quick + arguments), status: status, mentions: words)
    }
    try fails(["--features", "z"], 64, ["--features", "z", "x, c"])
    try fails(["--features", "poly(x"], 64, ["--features"])
    try fails(["--features", "c"], 65, ["c", "vary"])
    try fails(["--features", "x", "--weights", "cdf"], 64, ["--features", "softmax"])
    try fails(["--column", "x"], 64, ["--column", "softmax"])
    try fails(["--column", "x", "--weights", "constant"], 64, ["--column", "constant"])
    try fails(["--leaf-k", "2"], 64, ["--leaf-k", "trees"])
    try fails(["--leaf-k", "0", "--method", "trees"], 64, ["--leaf-k", "above 0"])
    try fails(["--noise-degrees", "nan", "--method", "trees"], 64, ["--noise-degrees"])
    try fails(["--model-errors", "full"], 64, ["--model-errors", "density"])
    try fails(["--model-errors", "weighted", "--rule", "correlated"], 64, ["full or none"])
    try fails(["--share", "t=a,b"], 64, ["--share", "coleman"])
    _ = try mix(program, both + ["--method", "trees", "--leaf-k", "2.5", "--noise-degrees", "5"] + Self.quick)
    _ = try mix(program, both + ["--rule", "mean", "--model-errors", "none"] + Self.quick)
  }

  @Test(.timeLimit(.minutes(30))) func covariances() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.table(rows: 6, models: 2), to: "rows.csv")
    try program.write(Self.table(rows: 3, models: 2), to: "new.csv")
    func matrix(_ size: Int, _ entry: (Int, Int) -> Double) -> String {
      (0..<size).map { i in (0..<size).map { "\(entry(i, $0))" }.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }
    func smooth(_ i: Int, _ j: Int) -> Double { 0.04 * exp(-0.5 * Double((i - j) * (i - j))) }
    try program.write(matrix(6, smooth), to: "cov.csv")
    try program.write(matrix(3, smooth), to: "three.csv")
    try program.write("0.04,0\n0,x\n", to: "text.csv")
    try program.write(matrix(6) { $0 == $1 ? 0.04 : $0 < $1 ? 0.01 : 0.02 }, to: "skew.csv")
    let start = Self.base + Self.error + ["--model", "a=f1", "--model", "b=f2,0.2"]
    let given = start + ["--model-covariance", "a=cov.csv"]
    for how in [
      ["--rule", "mean"], ["--rule", "mean", "--model-errors", "full"],
      ["--rule", "correlated", "--model-errors", "full"], ["--method", "gp"], ["--method", "precision"],
    ] {
      let options = how.contains("precision") ? ["--quiet", "--out", "none"] : Self.quick
      let report = try mix(program, given + how + options)
      #expect(report.isFinite, "\(how)")
      #expect(!report.notes.contains { $0.contains("diagonal") || $0.contains("of all models but b") })
    }
    // Density mixing has the diagonal alone: as if it had been given as standard deviations.
    let density = try mix(program, given + Self.quick)
    #expect(density.notes.contains { $0.contains("diagonal") && $0.contains("covariance of a") })
    let plain = try mix(
      program, Self.base + Self.error + ["--model", "a=f1,0.2", "--model", "b=f2,0.2"] + Self.quick)
    for (one, other) in zip(density.predictions.mixture.mean, plain.predictions.mixture.mean) {
      #expect(abs(one - other) < 1e-3)
    }
    // With a covariance at new inputs, and without one there.
    let new = start + ["--predict", "new.csv", "--method", "precision", "--quiet", "--out", "none"]
    #expect(try mix(program, new + ["--model-covariance", "a=cov.csv,three.csv"]).predictions.mixture.mean.count == 3)
    func fails(_ arguments: [String], _ status: Int32, _ words: [String]) throws {
      expectFailure(try program.run(["mix"] + arguments), status: status, mentions: words)
    }
    let quiet = start + Self.quick
    try fails(new + ["--model-covariance", "a=cov.csv"], 64, ["new.csv", "error of a", "--model-covariance"])
    try fails(quiet + ["--model-covariance", "a=three.csv"], 65, ["three.csv", "6 lines of 6", "3 of 3"])
    try fails(quiet + ["--model-covariance", "a=text.csv"], 65, ["text.csv", "line 2", "\"2\"", "x"])
    try fails(quiet + ["--model-covariance", "a=skew.csv"], 65, ["a", "symmetric"])
    try fails(quiet + ["--model-covariance", "a=absent.csv"], 66, ["absent.csv"])
    try fails(quiet + ["--model-covariance", "z=cov.csv"], 64, ["no model \"z\""])
    try fails(quiet + ["--model-covariance", "cov.csv"], 64, ["no covariance"])
    try fails(given + ["--method", "trees"] + Self.quick, 64, ["--model-covariance", "trees"])
    try fails(given + ["--rule", "correlated"] + Self.quick, 64, ["--model-covariance", "--model-errors"])
    try fails(
      Self.base + Self.error + ["--model", "a=f1,0.5", "--model-covariance", "a=cov.csv"] + Self.quick, 65,
      ["cov.csv", "line 1", "0.5"])
  }

  /// One θ for both of Coleman's models.
  @Test(.timeLimit(.minutes(30))) func sharedParameters() throws {
    let program = try Program()
    defer { program.remove() }
    let coleman = ["--problem", "coleman", "--share", "theta=theta1,theta2"] + Self.quick
    let report = try mix(program, coleman + ["--prior", "model[theta]=uniform(-2,6)"])
    #expect(report.parameters.map(\.name) == ["weight[theta0]", "weight[theta1]", "model[theta]"] && report.isFinite)
    expectFailure(try program.run(["mix"] + coleman), status: 64, mentions: ["--share", "model[theta]", "--prior"])
    expectFailure(
      try program.run(["mix", "--problem", "coleman", "--share", "t=theta1,mass"] + Self.quick), status: 64,
      mentions: ["mass", "theta1, theta2"])
  }
}
