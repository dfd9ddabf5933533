import ArgumentParser
import Foundation
import TuningIO

/// `eb-tune list`: which runs there are, and how far they came.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List runs with their states and results.",
    discussion: """
      Looks three levels deep for directories that tune or mix wrote. A run is finished, running, stopped (eb-tune resume goes on with it) or damaged.

      eb-tune list
      eb-tune list runs/night --json
      """)

  @Argument(
    help: ArgumentHelp("Where to look (default: the current directory, runs/ among it).", valueName: "dir"))
  var directories: [String] = []

  @Flag(help: "Print the list as JSON on standard output instead of text.")
  var json = false

  func validate() throws {
    guard !directories.contains("") else { throw ValidationError("The name of a directory is empty.") }
  }

  func run() throws {
    let runs = try RunSearch.runs(below: directories.isEmpty ? ["."] : directories).map(RunListing.init)
    if json { return try Console.standardOutput(try JSONText.document(runs)) }
    guard !runs.isEmpty else {
      let place = directories.isEmpty ? "the current directory" : directories.joined(separator: ", ")
      return try Console.standardOutput("There is no run below \(place); eb-tune tune --out DIR makes one.\n")
    }
    try Console.standardOutput(RunTable(listings: runs).text(width: Console.outputWidth))
  }
}
