import ArgumentParser
import Foundation

@main
struct EBTune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eb-tune",
    abstract: "Empirical-Bayes tuning of prior hyperparameters.",
    discussion: """
      Finds the prior hyperparameters that the data support, says how sure it is, and reports the tuned prior and the
      posterior. Without a subcommand it tunes: `eb-tune --gamma 0.1` is `eb-tune tune --gamma 0.1`.
      """,
    version: "0.1.0",
    subcommands: [TuneCommand.self],
    defaultSubcommand: TuneCommand.self)

  /// One sentence on standard error and a sysexits code for everything that a user can get wrong.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      if let failure = Failure(error) {
        Console.standardError("eb-tune: \(failure.sentence)\n")
        Foundation.exit(failure.status.rawValue)
      }
      guard exitCode(for: error) != .success else { exit(withError: error) }
      let sentence = message(for: error).split(separator: "\n").joined(separator: " ")
      Console.standardError("eb-tune: \(sentence) See 'eb-tune --help'.\n")
      Foundation.exit(exitCode(for: error).rawValue)
    }
  }
}
