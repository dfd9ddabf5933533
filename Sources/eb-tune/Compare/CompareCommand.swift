import ArgumentParser
import Foundation
import TuningIO

/// `eb-tune compare DIR DIR…`: runs beside each other in the terminal.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs: options, evidence, predictions and tuned values.",
    discussion: """
      Leave-one-out scores and densities of held-out rows are compared row by row, with the standard error of the difference, where the runs have the same rows; for that, their data must still be where they were.

      eb-tune compare runs/a runs/b
      """)

  @Argument(help: ArgumentHelp("Directories that tune wrote with --out, two or more.", valueName: "dir"))
  var directories: [String]

  @Flag(help: "Print the comparison as JSON on standard output instead of text.")
  var json = false

  func validate() throws {
    guard directories.count > 1 else { throw ValidationError("A comparison needs two directories or more.") }
    guard !directories.contains("") else { throw ValidationError("The name of a directory is empty.") }
    let paths = directories.map(RunDirectory.trimmed)
    if let repeated = paths.indices.first(where: { paths[..<$0].contains(paths[$0]) }) {
      throw ValidationError("\(paths[repeated]) is named twice.")
    }
  }

  func run() throws {
    for directory in directories { try RunKind.refuseMixture(for: "compare", in: RunDirectory.trimmed(directory)) }
    var compared = try directories.map { try ComparedRun(path: $0) }
    if Set(compared.map(\.run.name)).count < compared.count {
      compared = compared.map { $0.named($0.run.path) }
    }
    let comparison = RunComparison(compared)
    try Console.standardOutput(
      json
        ? try JSONText.document(comparison)
        : comparison.text(compared.map(\.run), width: Console.outputWidth))
  }
}
