import ArgumentParser
import TuningIO

/// The options of every subcommand, as the parser of the command line itself describes them: no second list to keep.
struct CommandCatalogue: Sendable {
  private let commands: [String: OptionCatalogue]
  private let standard: String

  init() throws {
    let tool = try JSONText.decode(Tool.self, from: EBTune._dumpHelp())
    commands = Dictionary(
      (tool.command.subcommands ?? []).map { ($0.commandName, OptionCatalogue($0.options)) },
      uniquingKeysWith: { first, _ in first })
    standard = tool.command.defaultSubcommand ?? ""
  }

  /// The subcommand that a command line begins with; nil where it names none.
  func subcommand(of words: some Collection<String>) -> String? {
    words.first.flatMap { commands[$0] == nil ? nil : $0 }
  }

  /// The options of a subcommand, or without a name of the standard one.
  subscript(name: String?) -> OptionCatalogue { commands[name ?? standard] ?? OptionCatalogue([]) }

  /// All options of the commands that take a study, those of the standard one first.
  var ofStudies: OptionCatalogue {
    commands.sorted { $0.key < $1.key }.map(\.value).filter { $0["study"] != nil }
      .reduce(self[nil]) { $0.union($1) }.without(StudyOptions.names.union(["help", "version"]))
  }

  /// What is read of the parser's description.
  private struct Tool: Decodable {
    let command: Command

    struct Command: Decodable {
      let commandName: String
      let defaultSubcommand: String?
      let subcommands: [Command]?
      let arguments: [Argument]?

      var options: [OptionCatalogue.Option] { (arguments ?? []).compactMap(\.option) }
    }

    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }

      let kind: String
      let isRepeating: Bool
      let parsingStrategy: String?
      let names: [Name]?

      var option: OptionCatalogue.Option? {
        guard let name = names?.first(where: { $0.kind == "long" })?.name else { return nil }
        return OptionCatalogue.Option(
          name, short: names?.first { $0.kind == "short" }?.name.first, isFlag: kind == "flag",
          isRepeating: isRepeating, takesDashes: parsingStrategy == "unconditional")
      }
    }
  }
}
