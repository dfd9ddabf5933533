import ArgumentParser
import EmpiricalBayes
import Experiments
import Experts
import Foundation
import Sampling
import TuningIO

/// `eb-tune select`: a grid of models, fitted and judged, and the simplest one that no other is clearly better than.
struct SelectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select", abstract: "Choose the number of experts, the gate and the priors.",
    discussion: """
      Fits a grid of models and chooses one by complexity-aware selection: the Pareto set of leave-one-out score, experts and parameters is visited from simple to complex, and a trial is accepted if it is better than the best so far with enough probability (CoCoAFusE paper, Algorithm 1). The table says why each trial was accepted or passed over.

      eb-tune select --problem switch --experts 1-3 --out selection
      eb-tune select --data my.csv --target y --expert x --gate x --gate-degree 1-3 --models moe,cocoafuse
      eb-tune select --problem motorcycle --tune both --prior-set default --prior-set 'wide: slopes=normal(0,3)'

      Trials run at once, as many as --threads says; --warmup and --final-draws are those of each chain of a trial. With --out, a selection that was stopped goes on where it was: give the same options again. The grid may grow.
      """)

  @OptionGroup(title: "Grid") var options: SelectOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Sampling") var sampling: SamplingOptions
  @OptionGroup(title: "Files of options") var files: StudyOptions

  func validate() throws {
    if data.gate != nil && !options.gates.isEmpty {
      throw ValidationError("Give either --gate or --gates, not both.")
    }
    if data.folds != nil { throw ValidationError("A selection refits no folds; leave --folds out.") }
    if sampling.draws != nil {
      throw ValidationError("A selection takes --final-draws, the draws of each chain of a trial, not --draws.")
    }
  }

  func run() async throws {
    try await StopRequest.obeyed { _ in try await perform() }
  }

  /// All that a user can get wrong is looked at before the first file is made.
  private func perform() async throws {
    let study = try Study.load(data, seed: sampling.seed)
    let sets = try SelectPriorSet.sets(options.priorSet, own: study.handPriors, of: study.name)
    let plan = try plan(study, sets)
    guard !plan.trials.isEmpty else {
      throw Failure("No trial of the grid can be run. \(plan.skipped.first?.reason ?? "")", .data)
    }
    let files = try options.out.map { try SelectFiles(at: $0, words(study), overwriting: options.overwrite) }
    let narrator = Narrator(options.narration.style)
    announce(study, plan, narrator)
    let results = try await fit(plan, files, narrator)
    var report = SelectReport(
      study, plan, results, threshold: options.tau, remarks: remarks(study)
    ) { configuration in
      SelectedFit(configuration, sets.first { $0.name == configuration.priors }, study, data, sampling).text
    }
    report.files = try files?.conclude(report) ?? []
    let trailer = report.files.isEmpty ? "" : "\nFiles: \(report.files.joined(separator: ", "))\n"
    try Console.standardOutput(
      options.json ? try JSONText.document(report) : report.text(width: Console.outputWidth) + trailer)
    try FailedPieces(plan.trials.compactMap { results[$0.trial.key] }.map(\.failure), "trial").report()
  }

  /// The grid, with rows for every gate.
  private func plan(_ study: Study, _ sets: [SelectPriorSet]) throws -> TrialPlan {
    let gates = try options.gateTexts(standard: study.gateTerms).map { text in
      var data = data
      data.gate = text
      let own = text == study.gateTerms ? study : try Study.load(data, seed: sampling.seed)
      return TrialGrid.Gate(terms: text, training: own.training, test: own.test)
    }
    return TrialGrid(
      experts: try options.expertNumbers(own: study.experts), combinations: try options.combinations, gates: gates,
      priorSets: sets.map(\.forGrid), tunings: options.tunings, sampler: sampler
    ).planned()
  }

  private var sampler: SamplerSettings {
    var settings = sampling.settings
    settings.warmup = sampling.givenWarmup ?? 500
    settings.draws = sampling.finalDraws
    settings.targetAcceptance = sampling.targetAcceptance ?? 0.9
    settings.threads = 1
    return settings
  }

  /// What every trial of a directory has in common. Everything else is in a trial's key.
  private func words(_ study: Study) -> [String: String] {
    var data = data
    data.gate = nil
    data.defaultPriors = false
    var words = data.words(checksum: study.source.sha256)
    words["--problem"] = self.data.data == nil ? study.name : nil
    words["--chains"] = "\(sampler.chains)"
    words["--warmup"] = "\(sampler.warmup)"
    words["--final-draws"] = "\(sampler.draws)"
    words["--metric"] = sampler.metric.rawValue
    words["--target-acceptance"] = "\(sampler.targetAcceptance)"
    words["--max-depth"] = "\(sampler.maximumTreeDepth)"
    words["--seed"] = "\(sampler.seed)"
    return words
  }

  private func announce(_ study: Study, _ plan: TrialPlan, _ narrator: Narrator) {
    narrator.say(study.summary)
    for note in study.notes + study.warnings { narrator.say("  " + note) }
    for note in plan.notes { narrator.say(note) }
    for skipped in plan.skipped {
      narrator.say("Skipped: \(skipped.title). \(skipped.reason)")
    }
  }

  /// What a reader should know about the whole comparison.
  private func remarks(_ study: Study) -> [String] {
    guard study.handPriors != nil, options.priorSet.isEmpty else { return study.warnings }
    return study.warnings + [
      "The priors that \(study.name) has of its own are for \(study.experts) experts only; every trial starts from the"
        + " default priors (--prior-set own tries the others)."
    ]
  }

  /// The results by key: those that are there already, and the others run now, each kept as it ends.
  private func fit(
    _ plan: TrialPlan, _ files: SelectFiles?, _ narrator: Narrator
  ) async throws -> [String: TrialResult] {
    let finished = files?.results ?? [:]
    let missing = plan.trials.filter { finished[$0.trial.key] == nil }
    let before = plan.trials.count - missing.count
    if before > 0 { narrator.say("\(before) of \(plan.trials.count) trials are there already.") }
    let names = Dictionary(uniqueKeysWithValues: plan.trials.map { ($0.trial.key, $0.title) })
    let progress = PieceProgress(narrator, "trial", total: plan.trials.count, before: before)
    defer { narrator.end() }
    let atOnce = min(sampling.concurrency, max(1, missing.count))
    let trials = plan.trials.map { configured in
      var trial = configured.trial
      trial.settings.sampler.threads = max(1, sampling.concurrency / atOnce)
      return trial
    }
    let start = ContinuousClock.now
    let runner = TrialRunner(concurrency: atOnce) {
      Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    }
    var done = 0
    do {
      let results = try await runner.run(trials, finished: finished) { result in
        try files?.append(result)
        done += 1
        progress.show(names[result.key] ?? result.key, result.outcome, done: done)
      }
      return Dictionary(uniqueKeysWithValues: results.map { ($0.key, $0) })
    } catch  where Task.isCancelled {
      let hint =
        files.map { "; the same command goes on from \($0.path)" } ?? "; with --out a selection can go on later"
      throw Failure("Interrupted after \(before + done) of \(plan.trials.count) trials\(hint).", .temporary)
    }
  }
}
