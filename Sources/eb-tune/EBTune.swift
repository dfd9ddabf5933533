import ArgumentParser
import Foundation
import TuningIO

@main
struct EBTune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eb-tune",
    abstract: "Empirical-Bayes tuning of prior hyperparameters.",
    discussion: """
      Finds the prior hyperparameters that the data support, says how sure it is, and reports the tuned priors and the posterior. Without a subcommand it tunes.

      eb-tune --gamma 0.1
      eb-tune --problem motorcycle --gamma 0.5 --out run
      eb-tune --data my.csv --target y --expert 'fourier(hour,24,2)' --gate x
      """,
    version: "0.1.0",
    subcommands: [
      TuneCommand.self,
      PriorsCommand.self,
      ResumeCommand.self,
      ReportCommand.self,
      PlotCommand.self,
      ExportCommand.self,
      NotebookCommand.self,
      SelectCommand.self,
      ExperimentCommand.self,
      BenchmarkCommand.self,
      EvidenceCommand.self,
      MixCommand.self,
      ListCommand.self,
      CompareCommand.self,
      CompletionsCommand.self,
      ManualCommand.self,
    ],
    defaultSubcommand: TuneCommand.self)

  /// One sentence on standard error and a sysexits code for everything that a user can get wrong.
  static func main() async {
    Console.ignoreClosedPipes()
    do {
      let invocation = Invocation.current
      let line = try ExpandedCommandLine(Array(invocation.arguments.dropFirst()), in: invocation.directory ?? "")
      var command = try parsed(line)
      if var tune = command as? TuneCommand {
        tune.invocation.arguments = invocation.arguments.prefix(1) + line.words
        command = tune
      }
      if line.isTalkative { for note in line.notes { Console.standardError(note + "\n") } }
      do {
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
      } catch {
        throw placed(error, in: line)
      }
    } catch {
      end(on: error)
    }
  }

  /// The command of a line; what the parser has to say about an option of a file begins with its place.
  private static func parsed(_ line: ExpandedCommandLine) throws -> any ParsableCommand {
    do {
      return try command(of: line.words)
    } catch  where exitCode(for: error) != .success {
      let sentence = sentence(of: error, about: line.words)
      guard let place = line.place(ofOptionIn: sentence) else { throw error }
      throw Failure("\(place): \(sentence)", .usage)
    }
  }

  /// A mistake in an option of a file, with its place before it.
  private static func placed(_ error: any Error, in line: ExpandedCommandLine) -> any Error {
    guard let failure = Failure(error), failure.status == .usage, failure.sentence.hasPrefix("--"),
      let place = line.place(ofOptionIn: failure.sentence)
    else { return error }
    return Failure("\(place): \(failure.sentence)", .usage)
  }

  /// The command of a line, with the order of options of different names, which the parser does not keep.
  private static func command(of words: [String]) throws -> any ParsableCommand {
    let parsed = try parseAsRoot(words)
    switch parsed {
    case var tune as TuneCommand:
      try note(words, in: &tune.tuning.roles)
      return tune
    case var priors as PriorsCommand:
      try note(words, in: &priors.command.tuning.roles)
      return priors
    case var mix as MixCommand:
      try note(words, in: &mix.tuning.roles)
      return mix
    default: return parsed
    }
  }

  /// The parser's description of itself takes time to make, which most command lines are spared.
  private static func note(_ words: [String], in roles: inout RoleOptions) throws {
    guard roles.mixesRoles else { return }
    let catalogue = try CommandCatalogue()
    let subcommand = catalogue.subcommand(of: words)
    roles.note(ArgumentList(parsing: words.dropFirst(subcommand == nil ? 0 : 1), catalogue[subcommand]))
  }

  /// The command of a tuning run; nil for the command line of another subcommand.
  static func tuneCommand(_ words: [String]) throws -> TuneCommand? { try command(of: words) as? TuneCommand }

  /// The command of a mixture; nil for the command line of another subcommand.
  static func mixCommand(_ words: [String]) throws -> MixCommand? { try command(of: words) as? MixCommand }

  /// What the parser of the command line has to say about `words`, in one line.
  static func sentence(of error: any Error, about words: [String]) -> String {
    UsageMessage.sentence(
      message(for: error), arguments: words,
      commands: configuration.subcommands.map { $0._commandName } + ["help"])
  }

  private static func end(on error: any Error) -> Never {
    if let failure = Failure(error) ?? unforeseen(error) {
      Console.standardError("eb-tune: \(failure.sentence.onOneLine)\n")
      Foundation.exit(failure.status.rawValue)
    }
    guard exitCode(for: error) == .success else {
      let sentence = sentence(of: error, about: Array(CommandLine.arguments.dropFirst()))
      Console.standardError("eb-tune: \(sentence.onOneLine)\n")
      Foundation.exit(TuningIO.ExitCode.usage.rawValue)
    }
    // A question for help or the version.
    let isAboutAll = CommandLine.arguments.dropFirst().allSatisfy { ["-h", "--help", "help"].contains($0) }
    let text = fullMessage(for: error)
    let options = isAboutAll ? "\n\n" + helpMessage(for: TuneCommand.self) : ""
    do {
      try Console.standardOutput(text + options + "\n")
    } catch {
      end(on: error)
    }
    Foundation.exit(EXIT_SUCCESS)
  }

  /// An error that neither the libraries nor the parser of the command line describe.
  private static func unforeseen(_ error: any Error) -> Failure? {
    exitCode(for: error) == .failure ? Failure("An unforeseen error ended the run: \(error).", .software) : nil
  }
}
