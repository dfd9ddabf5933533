import TuningIO

/// The options of every subcommand, as the parser of the command line itself describes them: no second list to keep.
struct CommandCatalogue: Sendable {
  private let commands: [String: OptionCatalogue]
  private let standard: String

  init() throws {
    let program = try CommandDescription.program()
    commands = Dictionary(
      (program.subcommands ?? []).map { ($0.commandName, OptionCatalogue(($0.arguments ?? []).compactMap(\.option))) },
      uniquingKeysWith: { first, _ in first })
    standard = program.defaultSubcommand ?? ""
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
}
