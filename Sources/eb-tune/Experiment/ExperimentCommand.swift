import ArgumentParser
import Experiments
import Experts
import Foundation
import TuningIO

/// `eb-tune experiment`: the experiments of the CoCoAFusE paper beside its published figures.
struct ExperimentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Run an experiment of the CoCoAFusE paper beside its published figures.",
    discussion: """
      Fits MoE, BoE, CoCoAFusE, a Bayesian network (BNN) and a Gaussian process (GPR), and prints the paper's table with ours above the published values; * marks where they differ by more than two joint standard errors. The guide Docs/experiments.md tells what the paper leaves open.

      eb-tune experiment motorcycle --repeat 10
      eb-tune experiment wind --data T1.csv
      eb-tune experiment pdb --data PDB_Load_History.csv --out pdb

      switch, transition and motorcycle need no file. With --out, an experiment that was stopped goes on where it was: give the same options again.
      """)

  @OptionGroup(title: "Experiment") var options: ExperimentOptions
  @OptionGroup(title: "Sampling") var sampling: ExperimentSamplingOptions
  @OptionGroup(title: "Files of options") var files: StudyOptions

  @Option(
    help: ArgumentHelp("Keep results, table and report in this directory; go on with what is there.", valueName: "dir"))
  var out: String?

  @Flag(help: "Start over where --out has results or a run already.")
  var overwrite = false

  @OptionGroup var narration: ProgressOptions

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false

  func validate() throws {
    if overwrite && out == nil { throw ValidationError("--overwrite needs --out, the directory to start over in.") }
  }

  func run() async throws {
    try await StopRequest.obeyed { _ in try await perform() }
  }

  private func perform() async throws {
    var settings = try options.settings()
    sampling.apply(to: &settings)
    let table = try options.data.map { try Table(path: $0) }
    settings.sampler.threads = 1
    var plans = try plans(settings, table)
    let journal = try out.map {
      try ExperimentFiles(at: $0, settings, data: table, overwriting: overwrite)
    }
    let finished = journal?.finished ?? []
    let there = Set(finished.map { "\($0.seed) \($0.key)" })
    let missing = plans.flatMap(\.jobs).count { !there.contains("\($0.seed) \($0.key)") }
    // Threads that are not needed to run fits at once run chains at once.
    let atOnce = min(sampling.concurrency, max(1, missing))
    settings.sampler.threads = max(1, sampling.concurrency / atOnce)
    if settings.sampler.threads > 1 { plans = try self.plans(settings, table) }
    let results = try await fit(plans, journal, finished, missing: missing, atOnce: atOnce)
    let report = ExperimentReport(plans, results)
    let text = ExperimentText(report: report)
    let files = try journal?.conclude(report, text.text()) ?? []
    let trailer = files.isEmpty ? "" : "\nFiles: \(files.joined(separator: ", "))\n"
    try Console.standardOutput(
      json ? try JSONText.document(report) : text.text(width: Console.outputWidth) + trailer)
    try FailedPieces(results.map(\.failure), "fit").report()
  }

  private func plans(_ settings: ExperimentSettings, _ table: Table?) throws -> [ExperimentPlan] {
    try (0..<options.repeat).map { try plan(settings, seed: sampling.seed &+ UInt64($0), table) }
  }

  private func plan(_ settings: ExperimentSettings, seed: UInt64, _ table: Table?) throws -> ExperimentPlan {
    do {
      return try ExperimentPlan(settings, seed: seed, data: table)
    } catch {
      guard let table, let failure = Failure(error), !(error is TableError) else {
        if let failure = Failure(error) { throw failure }
        throw Failure("\(error)", .usage)
      }
      throw Failure("\(table.file): \(failure.sentence)", .data)
    }
  }

  private func fit(
    _ plans: [ExperimentPlan], _ journal: ExperimentFiles?, _ finished: [ExperimentResult], missing: Int, atOnce: Int
  ) async throws -> [ExperimentResult] {
    let jobs = plans.flatMap(\.jobs)
    let narrator = Narrator(narration.style)
    for note in [plans[0].problem.summary] + plans[0].problem.notes.map({ "  " + $0 }) { narrator.say(note) }
    if missing < jobs.count { narrator.say("\(jobs.count - missing) of \(jobs.count) fits are there already.") }
    let progress = PieceProgress(narrator, "fit", total: missing)
    defer { narrator.end() }
    let start = ContinuousClock.now
    let runner = ExperimentRunner(
      concurrency: atOnce, stopwatch: { Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000 })
    var done = 0
    do {
      return try await runner.run(jobs, finished: finished) { result in
        done += 1
        try journal?.append(result)
        progress.show("seed \(result.seed)  \(result.key)", result.outcome, done: done)
      }
    } catch  where Task.isCancelled {
      let hint =
        journal.map { "; the same command goes on from \($0.path)" } ?? "; with --out an experiment can go on later"
      throw Failure("Interrupted after \(done + jobs.count - missing) of \(jobs.count) fits\(hint).", .temporary)
    }
  }
}
