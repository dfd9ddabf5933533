import Foundation
import Testing

/// `eb-tune evidence DIR` sets a finished run up once more and refuses what is no longer that run.
@Suite struct EvidenceCommandTests {
  struct Report: Decodable {
    struct Evidence: Decodable {
      struct Stage: Decodable { let exponent: Double }
      let estimate: RunFiles.Estimate
      let stages: [Stage]
      let gradientEvaluations: Int
    }
    let tuned: Evidence?
    let initial: Evidence?
    let difference: RunFiles.Estimate?
    let seed: UInt64
  }

  private func rows() -> String {
    let rows = (0..<40).map { row in "\(Double(row) / 9),\(sin(Double(row) / 9) + 0.1 * sin(37.1 * Double(row)))" }
    return (["x,y"] + rows).joined(separator: "\n") + "\n"
  }

  /// A run on a user's file with options of all groups.
  private func tuned(_ program: Program) throws {
    try program.write(rows(), to: "rows.csv")
    let outcome = try program.run(
      [
        "tune", "--data", "rows.csv", "--target", "y", "--expert", "x", "--experts", "2", "--gate", "x", "--model",
        "moe", "--prior", "slopes=normal(0, 2)", "--test-fraction", "0.1", "--seed", "5", "--out", "run",
      ] + short)
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func reportsBoth() throws {
    let program = try Program()
    defer { program.remove() }
    try tuned(program)
    let outcome = try program.run("evidence", "run", "--draws", "20", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.contains("stage 1"))
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    let (tuned, initial) = (try #require(report.tuned), try #require(report.initial))
    #expect(report.seed == 5 && tuned.stages.first?.exponent == 1 && tuned.stages.last?.exponent == 0)
    let difference = try #require(report.difference)
    #expect(abs(difference.value - (tuned.estimate.value - initial.estimate.value)) < 1e-9)
    #expect(difference.standardError > 0 && tuned.gradientEvaluations > 0)
    let again = try program.run("evidence", "run/", "--draws", "20", "--json", "--threads", "1", "--quiet")
    #expect(again.output == outcome.output && again.error.isEmpty)
    let text = try program.run("evidence", "run", "--draws", "20", "--at", "tuned", "--quiet").output
    #expect(text.contains("ln L") && text.contains("tuned") && !text.contains("initial"))
  }

  @Test func refusesWhatChanged() throws {
    let program = try Program()
    defer { program.remove() }
    try tuned(program)
    let configuration = try program.read("run/config.json")
    try program.write(rows() + "9,9\n", to: "rows.csv")
    expectFailure(try program.run("evidence", "run"), status: 65, mentions: ["rows.csv", "changed"])
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("rows.csv"))
    expectFailure(try program.run("evidence", "run"), status: 66, mentions: ["rows.csv"])
    try program.write(rows(), to: "rows.csv")
    try program.write(
      configuration.replacingOccurrences(of: "\"experts\" : 2", with: "\"experts\" : 3"), to: "run/config.json")
    expectFailure(try program.run("evidence", "run"), status: 65, mentions: ["run/config.json", "command line"])
    try program.write("{\"seed\": 1}", to: "run/config.json")
    expectFailure(try program.run("evidence", "run"), status: 65, mentions: ["run/config.json", "missing"])
    try program.write(configuration, to: "run/config.json")
    let priors = try program.read("run/priors.json")
    try program.write(
      priors.replacingOccurrences(of: "intercept[1]", with: "intercept[7]"), to: "run/priors.json")
    expectFailure(try program.run("evidence", "run"), status: 65, mentions: ["run/priors.json"])
    try FileManager.default.removeItem(at: program.directory.appendingPathComponent("run/priors.json"))
    expectFailure(try program.run("evidence", "run"), status: 66, mentions: ["run/priors.json"])
    expectFailure(try program.run("evidence", "absent"), status: 66, mentions: ["absent/config.json"])
    expectFailure(try program.run("evidence"), status: 64, mentions: ["dir"])
    expectFailure(try program.run("evidence", "run", "--draws", "2"), status: 64, mentions: ["--draws", "8"])
    expectFailure(try program.run("evidence", "run", "--at", "best"), status: 64, mentions: ["best", "tuned"])
  }
}
