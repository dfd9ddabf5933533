import ArgumentParser
import TuningIO

/// A command with its options and subcommands, as the parser of the command line describes itself.
struct CommandDescription: Decodable {
  /// An option, a flag or an argument.
  struct Argument: Decodable {
    enum Kind: String, Decodable {
      case positional
      case option
      case flag
    }

    struct Name: Decodable {
      let kind: String
      let name: String

      /// As it is typed.
      var typed: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: Kind
    let shouldDisplay: Bool
    let sectionTitle: String?
    let isOptional: Bool
    let isRepeating: Bool
    let parsingStrategy: String?
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
    let discussion: String?

    /// All that may be typed for it: `-q, --quiet`.
    var typed: String {
      kind == .positional
        ? "<\(valueName ?? "value")>\(isRepeating ? "…" : "")"
        : (names ?? []).sorted { $0.typed.count < $1.typed.count }.map(\.typed).joined(separator: ", ")
    }

    /// What reading a list of arguments needs to know of it; nil for what has no long name.
    var option: OptionCatalogue.Option? {
      guard let name = names?.first(where: { $0.kind == "long" })?.name else { return nil }
      return OptionCatalogue.Option(
        name, short: names?.first { $0.kind == "short" }?.name.first, isFlag: kind == .flag, isRepeating: isRepeating,
        takesDashes: parsingStrategy == "unconditional")
    }
  }

  let commandName: String
  let shouldDisplay: Bool
  let abstract: String?
  let discussion: String?
  let defaultSubcommand: String?
  let subcommands: [CommandDescription]?
  let arguments: [Argument]?

  private struct Tool: Decodable {
    let command: CommandDescription
  }

  /// That of the whole program.
  static func program() throws -> CommandDescription {
    try JSONText.decode(Tool.self, from: EBTune._dumpHelp()).command
  }
}
