import ArgumentParser
import Foundation
import TuningIO

/// `eb-tune report DIR…`: one HTML page about runs and selections.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "A page to look at: verdict, figures and tables of finished runs.",
    discussion: """
      Writes one HTML file that needs no network and no script. Several directories are shown side by side; the directory of a selection shows its trials. Predictions and calibration need the data where they were.

      eb-tune report runs/pdb
      eb-tune report runs/a runs/b --out compare.html
      """)

  @Argument(help: ArgumentHelp("Directories that tune, mix or select wrote.", valueName: "dir"))
  var directories: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The page (default: report.html in the directory; of several, comparison.html here).", valueName: "file.html"))
  var out: String?

  func validate() throws {
    guard !directories.contains("") else { throw ValidationError("The name of a directory is empty.") }
  }

  func run() async throws {
    let sources = try directories.flatMap { try ReportSource.load($0) }
    let alone = directories.count == 1 ? directories.first.map(ReportSource.trimmed) : nil
    let file = out ?? alone.map { "\($0)/report.html" } ?? "comparison.html"
    let text = ReportDocument(sources).page.text
    try AtomicFile.write(text, to: file)
    try Console.standardOutput("Written: \(file) (\(text.utf8.count / 1024 + 1) KB)\n")
  }
}

/// The page of some directories.
struct ReportDocument {
  /// A page that a browser opens at once, in bytes.
  static let mostBytes = 4_500_000

  let page: ReportPage
  /// All figures of the page; those of several runs stand first.
  let figures: [SVGFigure]

  init(_ sources: [ReportSource]) {
    var runs: [ReportRun] = []
    var sections: [ReportPage.Section] = []
    var figures: [SVGFigure] = []
    var mixtures: [ReportMixture] = []
    for source in sources {
      switch source {
      case .run(let run): runs.append(run)
      case .mixture(let run): mixtures.append(run)
      case .selection(let path, let selection):
        sections.append(selection.section(path))
        if let figure = selection.figure { figures.append(figure) }
      }
    }
    if Set(runs.map(\.name)).count < runs.count { runs.indices.forEach { runs[$0].name = runs[$0].path } }
    let isAlone = sources.count == 1
    func opening(_ path: String) -> String { isAlone ? "Verdict" : "Run \(path)" }
    let parts = runs.map { ReportSections($0, opening: opening($0.path), isPart: !isAlone) }
    if runs.count > 1 {
      let comparison = ReportComparison(runs, parts.map(\.conclusion))
      sections.append(comparison.section)
      figures += comparison.figures
    }
    var bytes = 0
    var shortened = 0
    let mixed = mixtures.map { MixtureSections($0, opening: opening($0.path), isPart: !isAlone) }
    for own in parts.map({ ($0.figures, $0.sections) }) + mixed.map({ ($0.figures, $0.sections) }) {
      figures += own.0
      bytes += own.0.reduce(0) { $0 + $1.panels.reduce(0) { $0 + $1.text.utf8.count } }
      let fits = bytes < Self.mostBytes
      sections += fits ? own.1 : Array(own.1.prefix(1))
      shortened += fits ? 0 : 1
    }
    if shortened > 0 {
      sections.append(
        .init(
          "What is left out", isPart: true,
          [
            .remark(
              "To keep the page small, \(shortened) runs are shown by their verdicts only; a report of each alone has all."
            )
          ]))
    }
    let title =
      isAlone ? sources.first.map(Self.title) ?? "Report" : "Report of \(sources.count) directories"
    page = ReportPage(
      title: title, subtitle: sources.map(\.path).joined(separator: ", "),
      sections: sections,
      footer:
        "Written by eb-tune \(EBTune.configuration.version). Predictions, posteriors and log densities are in the data's own"
        + " units unless a caption says otherwise."
        + (sources.allSatisfy(\.isMixture)
          ? ""
          : " On the model's scale, where hyperparameters are tuned, target and bare columns have mean 0 and standard deviation"
            + " 1 unless the run says otherwise.")
    )
    self.figures = figures
  }

  private static func title(_ source: ReportSource) -> String {
    switch source {
    case .run(let run): "Tuned priors of \(run.configuration.target) in \(run.data)"
    case .mixture(let run): "Mixture of \(run.configuration.models.count) models: \(run.report?.name ?? run.data)"
    case .selection: "Selection of a model"
    }
  }
}
