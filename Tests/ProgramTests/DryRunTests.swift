import Foundation
import Testing

/// `--dry-run` says what would run, and neither draws nor writes.
@Suite struct DryRunTests {
  @Test func showsDesignPriorsAndPrice() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(FoldTests.rows(40), to: "rows.csv")
    let outcome = try program.run([
      "--data", "rows.csv", "--target", "y", "--expert", "poly(x,2)", "--gate", "x", "--model", "moe", "--fix", "noise",
      "--prior", "slopes=normal(0,2)", "--out", "run", "--dry-run",
    ])
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    for text in [
      "40 rows to fit, 0 held out", "Expert features (2): x, x^2", "Gate features (2): bias, x",
      "Parameters (10): intercepts 2, slopes 4, gate 2, noise 2",
      "Tuned (3): intercepts: scale, slopes: scale, gate: scale", "normal(0, 2)", "fixed", "--prior slopes=normal(0,2)",
      "at most 100 iterations of 4 chains", "5 refitted folds", "microseconds",
    ] {
      #expect(outcome.output.contains(text), "\(text) in: \(outcome.output)")
    }
    #expect(!program.exists("run"))
    let path = try program.run("--problem", "switch", "--gamma", "0,0.5", "--dry-run")
    #expect(path.status == 0 && path.output.contains("gamma = 0.500"), "\(path.output)")
  }

  @Test func refusesWhatTheRunWould() throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try program.run("--data", "rows.csv", "--target", "y", "--gate", "x", "--dry-run")
    expectFailure(outcome, status: 66, mentions: ["rows.csv"])
  }
}
