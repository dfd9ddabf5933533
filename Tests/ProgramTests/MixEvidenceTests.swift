import Foundation
import Testing

/// `eb-tune evidence` of mixtures against quadrature that is written out here.
///
/// Seeds are fixed. Were they not, each comparison at 4.5 Monte Carlo errors would fail for a right program with probability
/// 7e-6, were the errors known; they are estimated, so that 1e-4 is a safe bound.
@Suite struct MixEvidenceTests {
  private struct Report: Decodable {
    struct Evidence: Decodable { let estimate: RunFiles.Estimate }
    let model: String
    let experts: Int?
    let parameters: Int
    let rows: Int
    let tuned: Evidence?
    let initial: Evidence?
  }

  private struct Priors: Decodable {
    struct Entry: Decodable {
      struct Value: Decodable {
        let name: String
        let tuned: Double
      }
      let parameter: String
      let hyperparameters: [Value]
    }
    let priors: [Entry]
  }

  private struct Row {
    let x: Double
    let y: Double
    let low: Double
    let high: Double
  }

  private static let rows = (0..<12).map { row in
    let x = Double(row) / 11
    return Row(x: x, y: sin(3 * x) + 0.05 * sin(37.1 * Double(row)), low: 3 * x, high: 1.4 - 1.3 * x)
  }

  private static let options = [
    "mix", "--data", "rows.csv", "--target", "y", "--target-error", "0.1", "--inputs", "x", "--model", "low=low,0.2",
    "--model", "high=high,0.3", "--warmup", "100", "--final-draws", "100", "--out", "run", "-q",
  ]

  private func mix(_ program: Program, _ arguments: [String]) throws {
    let lines = Self.rows.map { "\($0.x),\($0.y),\($0.low),\($0.high)" }
    try program.write((["x,y,low,high"] + lines).joined(separator: "\n") + "\n", to: "rows.csv")
    let outcome = try program.run(Self.options + arguments)
    try #require(outcome.status == 0, "\(outcome.error)")
  }

  private func evidence(_ program: Program) throws -> Report {
    let outcome = try program.run("evidence", "run", "--draws", "300", "--json", "-q")
    try #require(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  private func expect(_ found: RunFiles.Estimate?, _ exact: Double, _ location: SourceLocation = #_sourceLocation)
    throws
  {
    let found = try #require(found, sourceLocation: location)
    let error = try #require(found.standardError, sourceLocation: location)
    #expect(error < 0.1, sourceLocation: location)
    #expect(
      abs(found.value - exact) < 4.5 * error, "\(found.value) ± \(error) is not \(exact)", sourceLocation: location)
  }

  private static func normal(_ x: Double, _ mean: Double, _ deviation: Double) -> Double {
    exp(-0.5 * pow((x - mean) / deviation, 2)) / (deviation * sqrt(2 * Double.pi))
  }

  /// Π_n Σ_k w_k N(y_n; f_k, s_k² + 0.1²).
  private static func likelihood(_ weight: (Double) -> Double) -> Double {
    rows.reduce(1) { product, row in
      let w = weight(row.x)
      return product
        * (w * normal(row.y, row.low, hypot(0.2, 0.1)) + (1 - w) * normal(row.y, row.high, hypot(0.3, 0.1)))
    }
  }

  /// Two normal priors, by the trapezoid rule out to eight standard deviations, whose error is far below that of any draws.
  private static func normalWeights(_ theta0: (Double, Double), _ theta1: (Double, Double)) -> Double {
    let points = 321
    var total = 0.0
    for i in 0..<points {
      for j in 0..<points {
        let (u, v) = (-8 + 0.05 * Double(i), -8 + 0.05 * Double(j))
        let (a, b) = (theta0.0 + theta0.1 * u, theta1.0 + theta1.1 * v)
        total += normal(u, 0, 1) * normal(v, 0, 1) * likelihood { 0.5 * erfc(-(a + b * $0) / sqrt(2)) }
      }
    }
    return log(total * 0.05 * 0.05)
  }

  @Test(.timeLimit(.minutes(5))) func normalDistributionWeights() throws {
    let program = try Program()
    defer { program.remove() }
    try mix(
      program, ["--weights", "cdf", "--prior", "weight[theta0]=normal(1,2)", "--prior", "weight[theta1]=normal(-2,3)"])
    let report = try evidence(program)
    #expect(report.model == "mix linear" && report.experts == nil && report.parameters == 2 && report.rows == 12)
    try expect(report.initial?.estimate, Self.normalWeights((1, 2), (-2, 3)))
    let priors = try program.json(Priors.self, "run/priors.json").priors
    let scales = try priors.map { try #require($0.hyperparameters.first { $0.name == "scale" }).tuned }
    #expect(scales.count == 2 && abs(scales[1] / scales[0] - 1.5) < 1e-9 && abs(scales[0] - 2) > 1e-3)
    try expect(report.tuned?.estimate, Self.normalWeights((1, scales[0]), (-2, scales[1])))
  }

  /// Uniform priors that keep g1 < g3 < g2, by the midpoint rule.
  @Test(.timeLimit(.minutes(5))) func switchingCosines() throws {
    let program = try Program()
    defer { program.remove() }
    try mix(
      program,
      ["--weights", "switchcos", "--prior", "weight[g1]=uniform(0,0.2)", "--prior", "weight[g3]=uniform(0.2,0.5)"]
        + ["--prior", "weight[g2]=uniform(0.5,1)"])
    let nodes = 60
    func middles(_ lower: Double, _ upper: Double) -> [Double] {
      (0..<nodes).map { lower + (upper - lower) * (Double($0) + 0.5) / Double(nodes) }
    }
    var total = 0.0
    for g1 in middles(0, 0.2) {
      for g3 in middles(0.2, 0.5) {
        for g2 in middles(0.5, 1) {
          total += Self.likelihood { x in
            if x <= g1 { return 1 }
            if x <= g3 { return 0.5 * (1 + cos(0.5 * Double.pi * (x - g1) / (g3 - g1))) }
            return x < g2 ? 0.5 + 0.5 * cos(0.5 * Double.pi * (1 + (x - g3) / (g2 - g3))) : 0
          }
        }
      }
    }
    let report = try evidence(program)
    #expect(report.tuned == nil, "uniform priors have no scale to tune")
    try expect(report.initial?.estimate, log(total / Double(nodes * nodes * nodes)))
    expectFailure(try program.run("evidence", "run", "--at", "tuned"), status: 64, mentions: ["nothing was tuned"])
  }

  /// One sentence each where there is no such number, and for files that are no longer those of the run.
  @Test(.timeLimit(.minutes(5))) func refusals() throws {
    let program = try Program()
    defer { program.remove() }
    for (arguments, words) in [
      (["--weights", "step", "--prior", "weight[theta0]=uniform(0,1)", "--tune", "no"], ["gradients", "jump"]),
      (["--method", "trees", "--trees", "2", "--tune", "no"], ["trees"]),
      (["--method", "precision"], ["formula"]),
      (["--rule", "correlated", "--weights", "cdf", "--tune", "no"], ["no density"]),
    ] {
      try mix(program, arguments + ["--overwrite"])
      expectFailure(try program.run("evidence", "run", "-q"), status: 64, mentions: words)
    }
    try mix(program, ["--method", "gp", "--overwrite", "--tune", "no"])
    #expect(try program.run("evidence", "run", "-q", "--draws", "20").status == 0)
    let priors = try program.read("run/priors.json")
    try program.write(
      priors.replacingOccurrences(of: "\"name\" : \"scale\"", with: "\"name\" : \"rate\""), to: "run/priors.json")
    expectFailure(try program.run("evidence", "run"), status: 65, mentions: ["run/priors.json", "hyperparameters"])
    try program.write("x,y,low,high\n0,1,1,1\n", to: "rows.csv")
    expectFailure(try program.run("evidence", "run"), status: 65, mentions: ["rows.csv", "changed"])
  }
}
