import ArgumentParser
import TuningIO

extension ProgressStyle: ExpressibleByArgument {}

/// How much is said on standard error while a command works.
struct ProgressOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How progress is told on standard error: auto (live on a terminal, plain elsewhere), plain (a line an iteration), json (an object a line) or none (default: auto).",
      valueName: "style"))
  var progress: ProgressStyle?

  @Flag(name: .shortAndLong, help: "No progress on standard error, as with --progress none.")
  var quiet = false

  func validate() throws {
    if quiet, let progress, progress != .none {
      throw ValidationError("Give either --quiet or --progress \(progress.rawValue), not both.")
    }
  }

  /// What was asked for; nil where nothing was.
  var given: ProgressStyle? { quiet ? ProgressStyle.none : progress }
  /// What is done.
  var style: ProgressStyle { given ?? .auto }
}
