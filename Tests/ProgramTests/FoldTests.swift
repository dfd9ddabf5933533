import Foundation
import Testing

/// Without held-out rows, tuned and untuned priors are compared on refitted folds.
@Suite struct FoldTests {
  static func rows(_ count: Int) -> String {
    let rows = (0..<count).map { row in "\(Double(row) / 9),\(sin(Double(row) / 9) + 0.1 * sin(37.1 * Double(row)))" }
    return (["x,y"] + rows).joined(separator: "\n") + "\n"
  }

  private let data = ["--data", "rows.csv", "--target", "y", "--expert", "x", "--experts", "1", "--model", "moe"]

  private func heldOut(_ program: Program, _ options: String...) throws -> RunFiles.Report.HeldOut? {
    let outcome = try program.run(data + ["--final-draws", "100", "--quiet", "--json"] + options)
    try #require(outcome.status == 0, "\(outcome.error)")
    return try JSONDecoder().decode(RunFiles.Report.self, from: Data(outcome.output.utf8)).heldOut
  }

  @Test func comparison() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.rows(40), to: "rows.csv")
    let standard = try #require(try heldOut(program))
    #expect(standard.folds == 5 && standard.rows == 40)
    #expect(abs(standard.tuned.value - standard.initial.value - standard.difference.value) < 1e-9)
    #expect(try heldOut(program, "--folds", "0") == nil)
    #expect(try heldOut(program, "--folds", "2")?.folds == 2)
    let share = try #require(try heldOut(program, "--test-fraction", "0.2"))
    #expect(share.rows == 8 && share.folds == nil, "held-out rows make folds unnecessary")
    let text = try program.run(data + ["--final-draws", "100"])
    #expect(text.error.contains("Fold 5 of 5") && text.output.contains("each predicted without its fold of 5"))
  }

  /// Nobody is left to think that a comparison was made.
  @Test func tooFewRows() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.rows(9), to: "rows.csv")
    #expect(try heldOut(program) == nil, "five folds need ten rows")
    expectFailure(try program.run(data + ["--folds", "6"]), status: 64, mentions: ["--folds 6", "9 rows"])
  }

  @Test(.timeLimit(.minutes(30))) func interruptedInAFold() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(Self.rows(40), to: "rows.csv")
    let run = try program.start(data + ["--folds", "20", "--final-draws", "500", "--out", "run"])
    try run.wait { try run.errorSoFar().contains("Fold 1 of 20") }
    run.send(SIGINT)
    let outcome = try run.finish()
    #expect(outcome.status == 75 && outcome.output.isEmpty, "\(outcome.error)")
    let last = try #require(outcome.error.split(separator: "\n").last)
    #expect(last.contains("comparing with the initial priors") && last.hasSuffix("are in run)."), "\(last)")
    #expect(try program.names(in: "run") == RunFiles.all.filter { $0 != "report.json" })
    #expect(RunFiles.csv(try program.read("run/draws.csv")).count == 1 + 4 * 500)
  }
}
