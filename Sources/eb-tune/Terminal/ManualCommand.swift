import ArgumentParser
import TuningIO

/// `eb-tune manual`: the manual page.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page, in the form that man reads.",
    discussion: """
      eb-tune manual | man -l -
      eb-tune manual > ~/.local/share/man/man1/eb-tune.1
      """)

  func run() throws { try Console.standardOutput(try ManualPage(of: .program()).text) }
}

/// The manual page of the program, made from what its commands say of themselves.
struct ManualPage {
  private var page: Roff

  var text: String { page.text }

  init(of program: CommandDescription) {
    let name = program.commandName
    page = Roff(title: name, section: 1, footer: "\(name) \(EBTune.configuration.version)")
    let commands = (program.subcommands ?? []).filter(\.shouldDisplay)
    page.section("Name")
    page.paragraphs("\(name) - \(Self.sentence(program.abstract))")
    page.section("Synopsis")
    page.paragraphs("\(name) [command] [options]")
    page.section("Description")
    page.paragraphs(program.discussion ?? "") { $0.hasPrefix(name) }
    for argument in (program.arguments ?? []).filter(\.shouldDisplay) { add(argument) }
    page.section("Commands")
    for command in commands {
      page.definition("\(name) \(command.commandName)", "", Self.sentence(command.abstract))
    }
    for command in commands where command.commandName != "help" { add(command, of: name) }
    addRemarks()
  }

  private static func sentence(_ text: String?) -> String { text ?? "" }

  private mutating func add(_ command: CommandDescription, of program: String) {
    page.section("\(program) \(command.commandName)")
    page.paragraphs(Self.sentence(command.abstract))
    page.paragraphs(command.discussion ?? "") { $0.hasPrefix(program) }
    var title: String?
    for argument in (command.arguments ?? []).filter(\.shouldDisplay) {
      if let own = argument.sectionTitle, own != title {
        page.subsection(own)
        title = own
      } else if argument.sectionTitle == nil, title != "Options" {
        page.subsection("Options")
        title = "Options"
      }
      add(argument)
    }
  }

  private mutating func add(_ argument: CommandDescription.Argument) {
    var meaning = [argument.abstract, argument.discussion].compactMap { $0 }.joined(separator: "\n")
    if let values = argument.allValues, !values.isEmpty {
      meaning += (meaning.isEmpty ? "" : "\n") + "One of: \(values.joined(separator: ", "))."
    }
    if let value = argument.defaultValue, argument.kind != .flag { meaning += "\nThe default is \(value)." }
    page.definition(
      argument.typed, argument.kind == .option ? "<\(argument.valueName ?? "value")>" : "", meaning)
  }

  private mutating func addRemarks() {
    page.section("Progress as JSON")
    page.paragraphs(
      "With --progress json every line of standard error is an object, but for the one sentence of a failure. Its event is"
        + " one of these; seconds since the command began are in all of them, secondsLeft where there is a pace.")
    for (event, keys) in Self.events { page.definition(event, "", keys) }
    page.section("Environment")
    page.definition("NO_COLOR", "", "Where it is set and not empty, nothing is coloured.")
    page.definition("TERM", "", "On a terminal of the kind dumb progress is plain.")
    page.definition(
      "LC_ALL, LC_CTYPE, LANG", "", "Live progress keeps to ASCII where the first that is set names no UTF-8.")
    page.section("Exit status")
    for (code, meaning) in Self.codes { page.definition("\(code)", "", meaning) }
  }

  private static let events = [
    ("message", "text: a sentence for people."),
    (
      "iteration",
      "stage, iteration, iterationLimit, surrogate and logEvidenceGain (along the path since burn-in; value and standardError, in nats), expectedRegret,"
        + " rHat, isBest, gradientEvaluations, divergences (of all iterations so far)."
    ),
    (
      "sampling",
      "stage, transitions, transitionsPlanned, divergences: the call of the sampler under way, once a second at most."
    ),
    ("piece", "stage (trial, fit or run), name, outcome, done, total."),
    ("end", "iteration (the last), divergences."),
  ]

  private static let codes: [(Int32, String)] = [
    (0, "All went well."),
    (TuningIO.ExitCode.usage.rawValue, "The command line asks for something that does not exist or cannot be."),
    (TuningIO.ExitCode.data.rawValue, "The data are not what they should be."),
    (TuningIO.ExitCode.noInput.rawValue, "An input file is missing or cannot be read."),
    (TuningIO.ExitCode.software.rawValue, "The program itself failed."),
    (TuningIO.ExitCode.cannotCreate.rawValue, "An output file cannot be created."),
    (TuningIO.ExitCode.inputOutput.rawValue, "Reading or writing failed on the way."),
    (TuningIO.ExitCode.temporary.rawValue, "The run was interrupted; what it had finished is saved."),
  ]
}
