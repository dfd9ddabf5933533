import EmpiricalBayes
import Foundation
import LogDensities
import ModelMixing
import Testing
import TuningIO
import _TestSupport

@testable import eb_tune

/// Checkpoints of mixtures with a right checksum and insane contents: refused, or a state that the loop really goes on from.
@Suite struct MixProgressFuzzTests {
  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ["--problem", "coleman", "--iterations", "3"], ["--problem", "samba", "--iterations", "3"],
      ["--problem", "taylor-2d", "--trees", "2", "--iterations", "2", "--test-rows", "0"],
      ["--problem", "samba", "--method", "gp", "--tune", "all", "--iterations", "2"],
    ]) func insaneStates(arguments: [String]) async throws
  {
    let program = try Program()
    defer { program.remove() }
    let path = program.directory.path + "/run"
    let outcome = try program.run(
      ["mix", "--out", path, "-q", "--warmup", "20", "--final-draws", "20"] + arguments)
    try #require(outcome.status == 0, "\(outcome.error)")
    let text = try program.read("run/checkpoint")
    let progress = try JSONTree(String(text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)[3]))
    let recorded = try RecordedMix(directory: path, threads: 1)
    let task = try recorded.task(of: recorded.study())
    switch task {
    case let run as MixRun<LinearMix<NUTSPosteriorSampler<LinearMixingPosterior>>>:
      try await fuzz(run, progress, "nuts")
    case let run as MixRun<LinearMix<SlicePosteriorSampler<LinearMixingPosterior>>>:
      try await fuzz(run, progress, "slices")
    case let run as MixRun<TreeMix>: try await fuzz(run, progress, "trees")
    case let run as MixRun<ProcessMix>: try await fuzz(run, progress, "gp")
    default: Issue.record("a method without checkpoint")
    }
  }

  private func fuzz<Method: MixMethod>(_ run: MixRun<Method>, _ stopped: JSONTree, _ name: String) async throws {
    typealias Progress = MixRun<Method>.Recorded.Progress
    let whole = try JSONText.decode(Progress.self, from: stopped.text)
    #expect(run.canHaveMade(whole), "the state as it was left")
    var steps = 0
    let cost = try await FuzzRun("mix-\(name)", count: 120).run { mutator in
      guard let progress = try? JSONText.decode(Progress.self, from: mutator.mutated(stopped).text),
        run.canHaveMade(progress)
      else { return false }
      guard steps < 20 else { return true }
      steps += 1
      // What the rest of a run does with a state; errors are as good as results.
      if let (next, _) = try? await run.loop.step(progress.state) {
        #expect(run.loop.result(of: next) != nil)
        if steps % 8 == 0 { _ = try? await run.loop.rescored(next) }
        #expect((try? JSONText.line(Progress(state: next))) != nil)
      }
      if let result = run.loop.result(of: progress.state) { _ = PriorExport(run.method, gamma: 0, result) }
      return true
    }
    #expect(cost.taken > 0 && cost.taken < cost.inputs, "\(cost.taken) of \(cost.inputs)")
    #expect(cost.memory < 2048)
  }
}
