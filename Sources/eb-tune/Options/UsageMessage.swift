import Priors
import TuningIO

/// What the parser of the command line says, on one line and with the name that a mistyped one may have meant.
enum UsageMessage {
  /// The sentence, with the way to help where it does not show one itself.
  static func sentence(_ message: String, arguments: [String], commands: [String]) -> String {
    if let sentence = unknownCommand(message, arguments, commands) ?? unknownValue(message)
      ?? unknownFamily(message)
    {
      return sentence
    }
    let sentence = message.split(separator: "\n").joined(separator: " ")
    if sentence.hasSuffix("?") { return sentence }
    return (sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence) + "; see 'eb-tune --help'."
  }

  /// A first word that is no option is meant to be a subcommand, though the parser takes it to be for the default one.
  private static func unknownCommand(_ message: String, _ arguments: [String], _ commands: [String]) -> String? {
    guard let word = arguments.first, !word.hasPrefix("-"), !commands.contains(word),
      message.contains("nexpected argument")
    else { return nil }
    return "There is no subcommand \"\(word)\"; "
      + NearestNames.hint(for: word, among: commands)
  }

  /// A prior of a family that there is none of, such as `slopes=nomal(0,2)`.
  private static func unknownFamily(_ message: String) -> String? {
    let families = PriorFamily.allCases.map(\.rawValue)
    let pattern = /The value '(?<value>[^']*=(?<family>[a-z-]+)\(.*\))' is invalid for '--prior/
    guard let match = message.firstMatch(of: pattern), !families.contains(String(match.family)) else { return nil }
    return "--prior \(match.value) names no family that there is; "
      + NearestNames.hint(for: String(match.family), among: families)
  }

  /// A value that is none of a few.
  private static func unknownValue(_ message: String) -> String? {
    let pattern = /(?s)The value '(?<value>.*)' is invalid for '(?<option>[^']*)'\. Please provide one of(?<list>.*)/
    guard let match = try? pattern.firstMatch(in: message) else { return nil }
    let allowed =
      match.list.contains("\n")
      ? match.list.split(separator: "\n").dropFirst().map { String($0.drop { $0 == " " || $0 == "-" }) }
      : match.list.matches(of: /'([^']*)'/).map { String($0.1) }
    let start = "The value '\(match.value)' is invalid for '\(match.option)'; "
    return start + NearestNames.hint(for: String(match.value), among: allowed)
  }
}
