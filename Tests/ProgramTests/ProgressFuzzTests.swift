import Foundation
import Testing
import TuningIO
import _TestSupport

@testable import eb_tune

/// Checkpoints with a right checksum and insane contents: refused, or a state that the loop really goes on from.
@Suite struct ProgressFuzzTests {
  /// A run that was stopped after a few iterations, and one whose folds are under way.
  private struct Stopped {
    let program: Program
    let directory: RunDirectory
    let command: TuneCommand
    let run: TuningRun
    let progress: JSONTree

    init(_ schedule: String) throws {
      program = try Program()
      try program.write(FoldTests.rows(24), to: "rows.csv")
      let isLast = schedule == "folds"
      let outcome = try program.run([
        "--data", program.directory.path + "/rows.csv", "--target", "y", "--expert", "x", "--gate", "x", "--experts",
        "2",
        "--model", "moe", "--schedule", isLast ? "pooled-newton" : schedule, "--iterations", isLast ? "3" : "6",
        "--warmup",
        "20", "--tune", schedule == "newton" ? "blocks" : "all", "--gamma",
        schedule == "mcem" || schedule == "saem" ? "0" : "0.2",
        "--final-draws", "20", "--folds", isLast ? "2" : "0", "--out", program.directory.path + "/run",
      ])
      try #require(outcome.status == 0, "\(outcome.error)")
      let recorded = try RecordedCommand(directory: program.directory.path + "/run", threads: 1)
      command = recorded.command
      run = try recorded.run(of: recorded.study())
      directory = try RunDirectory(resuming: program.directory.path + "/run")
      let text = try String(contentsOfFile: directory.path(of: .checkpoint), encoding: .utf8)
      progress = try JSONTree(String(text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)[3]))
    }
  }

  @Test(
    .timeLimit(.minutes(30)),
    arguments: ["pooled-newton", "newton", "saem", "mcem", "adam-polyak", "persistent-sga", "paper-adam", "folds"])
  func insaneStates(schedule: String) async throws {
    let stopped = try Stopped(schedule)
    defer { stopped.program.remove() }
    let (run, command) = (stopped.run, stopped.command)
    let whole = try JSONText.decode(TuningRun.Progress.self, from: stopped.progress.text)
    #expect(run.canHaveMade(whole, command), "the state as it was left")
    var steps = 0
    let cost = try await FuzzRun("progress-\(schedule)", count: 250).run { mutator in
      let text = mutator.mutated(stopped.progress).text
      guard let progress = try? JSONText.decode(TuningRun.Progress.self, from: text), run.canHaveMade(progress, command)
      else {
        return false
      }
      guard steps < 40 else { return true }
      steps += 1
      // What the rest of a run does with a state; errors are as good as results.
      _ = run.loop.result(of: progress.state)
      if let (next, _) = try? await run.loop.step(progress.state) {
        #expect(run.loop.result(of: next) != nil)
        if steps % 8 == 0 { _ = try? await run.loop.rescored(next) }
        #expect((try? JSONText.line(TuningRun.Progress(state: next))) != nil)
      }
      if let result = run.loop.result(of: progress.state) { _ = PriorExport(run, result) }
      return true
    }
    #expect(cost.taken > 0 && cost.taken < cost.inputs, "\(cost.taken) of \(cost.inputs)")
    #expect(cost.memory < 2048)
  }

  /// The command lines of edited configurations, options of priors, journals of other work.
  @Test(.timeLimit(.minutes(30))) func options() async throws {
    let priors = ["slopes=normal(0,2)", "sigma[2]=gamma(2,1)", "intercept[1]=student-t(3,0,1)", "gate=laplace(0,0.5)"]
    let bytes = priors.map { Array($0.utf8) }
    let cost = try await FuzzRun("priors", count: 10_000).run { mutator in
      let text = String(decoding: mutator.mutated(mutator.choice(bytes), with: bytes), as: UTF8.self)
      return (try? PriorOption(text)) != nil
    }
    #expect(cost.taken > 0 && cost.taken < cost.inputs)
  }
}
