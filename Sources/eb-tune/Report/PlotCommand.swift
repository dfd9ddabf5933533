import ArgumentParser
import Foundation
import TuningIO

/// `eb-tune plot DIR --figure NAME --out FILE.svg`: one figure of a report as a file.
struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "One figure of a run's report as an SVG file.",
    discussion: """
      Figures of a run: objective, paths, priors, predictive, calibration, loo, ranks, energy, divergences; of a mixture: mixture, weights, objective, paths, priors, ranks, energy, divergences; of a selection: pareto. With several directories, objective and paths show them over each other.

      eb-tune plot runs/pdb --figure predictive --out predictive.svg
      """)

  /// Every figure that there can be.
  static let names = [
    "objective", "paths", "priors", "predictive", "calibration", "loo", "ranks", "energy", "divergences", "pareto",
    "mixture", "weights",
  ]

  @Argument(help: ArgumentHelp("Directories that tune, mix or select wrote.", valueName: "dir"))
  var directories: [String]

  @Option(help: ArgumentHelp("Which figure.", valueName: "name"))
  var figure: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file.", valueName: "file.svg"))
  var out: String

  @Option(parsing: .unconditional, help: "Panels side by side, at most.")
  var columns = 2

  func validate() throws {
    guard (1...12).contains(columns) else { throw ValidationError("--columns is \(columns); allowed is 1 to 12.") }
    guard Self.names.contains(figure) else {
      throw ValidationError(
        "There is no figure \"\(figure)\"; \(NearestNames.hint(for: figure, among: Self.names))")
    }
  }

  func run() async throws {
    let sources = try directories.flatMap { try ReportSource.load($0) }
    let document = ReportDocument(sources)
    guard let found = document.figures.first(where: { $0.name == figure }) else {
      let there = document.figures.map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      throw Failure(
        "\(directories.joined(separator: ", ")): nothing to draw for \"\(figure)\" (a figure of divergences needs some, one of calibration the data); there \(there.count == 1 ? "is" : "are")"
          + " \(there.isEmpty ? "none" : there.joined(separator: ", ")).", .data)
    }
    try AtomicFile.write(found.text(columns: columns), to: out)
  }
}
