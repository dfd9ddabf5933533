/// What a terminal can show.
public struct TerminalStyle: Sendable, Equatable {
  /// What a colour means.
  public enum Tone: Sendable {
    /// Something to look at.
    case warning
    /// Something that went well.
    case good
    /// Something of less weight.
    case faint
  }

  /// Whether text may be coloured.
  public var hasColour: Bool
  /// Whether characters beyond ASCII are shown.
  public var hasUnicode: Bool

  /// A style.
  public init(hasColour: Bool = false, hasUnicode: Bool = true) {
    self.hasColour = hasColour
    self.hasUnicode = hasUnicode
  }

  /// What the environment says: no colour with NO_COLOR (https://no-color.org) or on a dumb terminal, Unicode where the
  /// locale is UTF-8.
  public init(environment: [String: String], isTerminal: Bool) {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    hasColour = isTerminal && value("NO_COLOR") == nil && Self.canMoveCursor(environment)
    let locale = (value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "").lowercased()
    hasUnicode = locale.contains("utf-8") || locale.contains("utf8")
  }

  /// Whether the terminal understands codes that move the cursor; a dumb one does not.
  public static func canMoveCursor(_ environment: [String: String]) -> Bool {
    let name = environment["TERM"] ?? ""
    return name != "dumb"
  }

  /// `text` in the colour of a tone.
  func coloured(_ text: String, _ tone: Tone?) -> String {
    guard hasColour, let tone else { return text }
    let code =
      switch tone {
      case .warning: "33"
      case .good: "32"
      case .faint: "2"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  /// `text` with the few characters of ours that are not ASCII replaced, where those are not shown.
  public func shown(_ text: String) -> String {
    guard !hasUnicode else { return text }
    return text.reduce(into: "") { result, character in
      switch character {
      case "−": result += "-"
      case "±": result += "+-"
      case "…": result += "..."
      case "×": result += "x"
      default: result.append(character)
      }
    }
  }
}
