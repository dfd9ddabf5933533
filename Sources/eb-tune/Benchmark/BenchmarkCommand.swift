import ArgumentParser
import EmpiricalBayes
import Experts
import Foundation
import TuningIO

/// `eb-tune benchmark`: what schedules cost, and how often they fail, on problems whose answer is known.
struct BenchmarkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Compare tuning schedules by their cost.",
    discussion: """
      Every schedule starts cold on every problem with every seed; its price is the number of gradient evaluations until it stays within a tolerance of the maximum. Problems with experts are judged by a reference surface that is made first.

      eb-tune benchmark --problems gaussian-hierarchy,motorcycle --schedules paper,pooled-newton --out comparison
      eb-tune benchmark --data my.csv --target y --expert x --gate x --seeds 4 --out comparison

      With --out, a benchmark that was stopped goes on where it was: give the same options again.
      """)

  @OptionGroup(title: "Comparison") var options: BenchmarkOptions
  @OptionGroup(title: "Data of the problem study") var data: DataOptions
  @OptionGroup(title: "Model of problems with experts") var model: ModelOptions

  func validate() throws {
    if data.problem != nil { throw ValidationError("A benchmark takes --problems, a list, not --problem.") }
    if model.order != .none { throw ValidationError("A benchmark samples without an ordering; leave --order out.") }
  }

  func run() async throws {
    try await StopRequest.obeyed { _ in try await perform() }
  }

  private func perform() async throws {
    let (names, schedules, factors) = (
      try options.problemNames(hasData: data.data != nil), try options.scheduleNames, try options.stepFactors
    )
    let tolerances = try options.tolerances
    let threads = options.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let studies = try loadStudies(names)
    let files = try options.out.map { try BenchmarkFiles(at: $0, settings(tolerances, studies)) }
    let narrator = Narrator(options.narration.style)

    var problems: [any BenchmarkProblem] = []
    do {
      for name in names {
        try Task.checkCancellation()
        problems.append(try await problem(name, studies[name], files, threads: threads, narrator))
      }
    } catch  where Task.isCancelled { throw interrupted("while a reference was made", files) }
    let jobs = problems.flatMap { problem in
      schedules.filter { Self.undefined($0, on: problem) == nil }.flatMap { schedule in
        (schedule.step == nil ? [1] : factors).flatMap { step in
          (1...options.seeds).map { BenchmarkJob(problem: problem.name, schedule: schedule, step: step, seed: $0) }
        }
      }
    }
    let runs = try await make(jobs, on: problems, tolerances, files, threads: threads, narrator)
    var report = BenchmarkReport(
      problems: problems.map { problem in
        BenchmarkReport.Problem(
          problem.name, problem.summary, tolerances, runs.filter { $0.job.problem == problem.name },
          undefined: schedules.compactMap { Self.undefined($0, on: problem) })
      }, seeds: options.seeds, gamma: options.gamma)
    report.files = try files?.conclude(report) ?? []
    let text = report.text(width: Console.outputWidth)
    let trailer = report.files.isEmpty ? "" : "\nFiles: \(report.files.joined(separator: ", "))\n"
    try Console.standardOutput(options.json ? try JSONText.document(report) : text + trailer)
  }

  /// Runs that are not there yet, so many at once, each kept as it ends; all of them in the order of `jobs`.
  private func make(
    _ jobs: [BenchmarkJob], on problems: [any BenchmarkProblem], _ tolerances: [Double], _ files: BenchmarkFiles?,
    threads: Int, _ narrator: Narrator
  ) async throws -> [BenchmarkRun] {
    var results: [BenchmarkJob: BenchmarkRun] = [:]
    for run in files?.finished ?? [] { results[run.job] = run }
    let missing = jobs.filter { results[$0] == nil }
    if missing.count < jobs.count {
      narrator.say("\(jobs.count - missing.count) of \(jobs.count) runs are there already.")
    }
    let progress = PieceProgress(narrator, "run", total: missing.count)
    defer { narrator.end() }
    let byName = Dictionary(uniqueKeysWithValues: problems.map { ($0.name, $0) })
    var done = 0
    do {
      try await withThrowingTaskGroup(of: BenchmarkRun.self) { group in
        var waiting = missing[...]
        func startNext() {
          guard let job = waiting.popFirst(), let problem = byName[job.problem] else { return }
          let runner = BenchmarkRunner(budget: budget(of: problem), tolerances: tolerances)
          group.addTask { try await runner.run(job, on: problem) }
        }
        for _ in 0..<threads { startNext() }
        while let run = try await group.next() {
          startNext()
          done += 1
          results[run.job] = run
          try files?.append(run)
          progress.show(run.name, run.outcome(within: tolerances.first ?? 0.1), done: done)
        }
      }
    } catch  where Task.isCancelled {
      throw interrupted("after \(done + jobs.count - missing.count) of \(jobs.count) runs", files)
    }
    return jobs.compactMap { results[$0] }
  }

  private func interrupted(_ stage: String, _ files: BenchmarkFiles?) -> Failure {
    let hint = files.map { "; the same command goes on from \($0.path)" } ?? "; with --out a benchmark can go on later"
    return Failure("Interrupted \(stage)\(hint).", .temporary)
  }
}

extension BenchmarkCommand {
  private func settings(
    _ tolerances: [Double], _ studies: [String: (study: Study, model: ExpertModel)]
  ) -> BenchmarkSettings {
    var words = data.words(checksum: studies[BenchmarkCatalogue.study]?.study.source.sha256)
    words["--model"] = model.model.rawValue
    words["--experts"] = model.experts.map(String.init)
    words["--prior"] = model.prior.isEmpty ? nil : model.prior.map(\.text).joined(separator: " ")
    return BenchmarkSettings(gamma: options.gamma, budget: options.budget, tolerances: tolerances, model: words)
  }

  /// The rows of every problem with experts; all that can be wrong with them is found before any file is made.
  private func loadStudies(_ names: [String]) throws -> [String: (study: Study, model: ExpertModel)] {
    var result: [String: (study: Study, model: ExpertModel)] = [:]
    for name in names where !BenchmarkCatalogue.analytic.contains(name) {
      let options =
        name == BenchmarkCatalogue.study
        ? data
        : try DataOptions.parse(["--problem", name] + (data.defaultPriors ? ["--default-priors"] : []))
      let study = try Study.load(options, seed: 1)
      result[name] = (study, try ExpertProblem.model(of: study, model, gamma: self.options.gamma))
    }
    return result
  }

  private func problem(
    _ name: String, _ loaded: (study: Study, model: ExpertModel)?, _ files: BenchmarkFiles?, threads: Int,
    _ narrator: Narrator
  ) async throws -> any BenchmarkProblem {
    guard let loaded else {
      guard let problem = try BenchmarkCatalogue.analyticProblem(name) else {
        throw Failure("There is no problem \"\(name)\".", .usage)
      }
      return problem
    }
    let surface: BenchmarkSurface
    if let kept = files?.surface(of: name) {
      surface = kept
    } else {
      narrator.say("Making the reference of \(name) …")
      surface = try await BenchmarkSurface(
        loaded.model, test: loaded.study.test, gamma: options.gamma, threads: threads)
      try files?.keep(surface, of: name)
    }
    return ExpertProblem(name, loaded.study, loaded.model, gamma: options.gamma, surface)
  }

  private func budget(of problem: any BenchmarkProblem) -> Int {
    options.budget ?? (BenchmarkCatalogue.analytic.contains(problem.name) ? 500_000 : 2_000_000)
  }

  /// Why a schedule cannot run on a problem, as a sentence; nil where it can.
  private static func undefined(_ schedule: ScheduleName, on problem: any BenchmarkProblem) -> String? {
    do {
      let job = BenchmarkJob(problem: problem.name, schedule: schedule, step: 1, seed: 1)
      try BenchmarkRunner.schedule(job).validate(Objective(entropyWeight: problem.gamma))
      return nil
    } catch {
      return error.description
    }
  }
}
