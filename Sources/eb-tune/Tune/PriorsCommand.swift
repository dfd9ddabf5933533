import ArgumentParser
import Experts
import Foundation
import LogDensities
import TuningIO

/// `eb-tune priors`: the whole prior of a model or of a run, and what tuning moves of it.
struct PriorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "priors", abstract: "Show every prior: values, what is tuned, and where it comes from.",
    discussion: """
      Takes the options of tune, or the directory of a run, which also has tuned values, and draws nothing. Values are on the scale of each family; a hyperprior is a density of the scale or rate in its row.

      eb-tune priors --problem motorcycle
      eb-tune priors --data my.csv --target y --expert x --gate x --tie 'slope[*,x]'
      eb-tune priors runs/motorcycle --json
      """)

  @Argument(
    help: ArgumentHelp("The directory that a run writes with --out, in place of options.", valueName: "dir"))
  var directory: String?

  @OptionGroup var command: TuneCommand

  func validate() throws {
    guard directory != nil else { return }
    var shown = command
    shown.output.json = false
    guard let bare = try? TuneCommand.parse([]), "\(shown)" == "\(bare)" else {
      throw ValidationError("A directory has the options of its run; beside it only --json is allowed.")
    }
  }

  func run() async throws {
    let document = try directory.map(Self.document) ?? PriorsDocument(run(of: command), run: nil, tuned: nil)
    try Console.standardOutput(
      command.output.json ? JSONText.document(document) : document.text(width: Console.outputWidth))
  }

  /// The weight of the entropy penalty changes no prior.
  private func run(of command: TuneCommand) throws -> TuningRun {
    let study = try Study.load(command.data, seed: command.sampling.seed)
    return try TuningRun(study, gamma: command.tuning.gamma.values[0], command)
  }

  /// The priors of the run in `directory`, tuned ones too if it has come so far.
  private static func document(_ directory: String) throws -> PriorsDocument {
    let home = RecordedCommand.firstOfPath(in: RunDirectory.trimmed(directory)) ?? RunDirectory.trimmed(directory)
    try RunKind.refuseMixture(for: "priors", in: home)
    guard FileManager.default.fileExists(atPath: "\(home)/\(RunDirectory.File.priors.rawValue)") else {
      let recorded = try RecordedCommand(directory: home, threads: 1)
      return PriorsDocument(try recorded.run(of: recorded.study()), run: home, tuned: nil)
    }
    let run = try EvidenceRun(directory: home, threads: 1).run
    return PriorsDocument(run, run: home, tuned: try FinishedRun(path: home).priors)
  }
}

/// What `eb-tune priors` shows.
struct PriorsDocument: Encodable {
  /// The directory; nil for what would be run.
  let run: String?
  let name: String
  let model: String
  let experts: Int
  let priors: [PriorSummary.Entry]

  init(_ run: TuningRun, run directory: String?, tuned: PriorExport?) {
    self.run = directory
    name = run.study.name
    model = run.model.architecture.combination.rawValue
    experts = run.model.architecture.experts
    priors = PriorSummary(run, tuned: tuned).priors
  }

  /// Lines of at most `width` columns, where the table can be cut so far.
  func text(width: Int) -> String {
    let headline = "\(run ?? name): the priors of \(model) with \(experts) expert\(experts == 1 ? "" : "s")"
    return TextWidth.folded(headline, to: width, indent: "  ").map { $0 + "\n" }.joined()
      + "\n" + TextTable.priorSummary(PriorSummary(priors)).text(width: width)
  }
}

extension PriorSummary {
  /// The priors of a run, with tuned values where there are any.
  init(_ run: TuningRun, tuned: PriorExport? = nil) {
    let (model, start) = (run.model, run.model.hyperparameters)
    let families = Dictionary(
      zip(model.parameterNames, model.layout.families), uniquingKeysWith: { first, _ in first })
    let sources = Dictionary(zip(model.parameterNames, run.priorSources), uniquingKeysWith: { first, _ in first })
    let export =
      tuned
      ?? PriorExport(
        model: model.architecture.combination.rawValue, gamma: run.gamma, bestIteration: 0, initial: start,
        tuned: start,
        family: { families[$0]?.rawValue ?? "" })
    self.init(export, from: start, isTuned: tuned != nil, source: { sources[$0] ?? "" })
  }
}
