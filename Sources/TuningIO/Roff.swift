/// Lines of a manual page in the macros of man(7).
public struct Roff: Sendable, Equatable {
  private var lines: [String]

  /// A page with its title line.
  public init(title: String, section: Int, footer: String) {
    lines = [".TH \(Self.quoted(title.uppercased())) \(section) \"\" \(Self.quoted(footer)) \"User commands\""]
  }

  /// The page.
  public var text: String { lines.joined(separator: "\n") + "\n" }

  /// A heading.
  public mutating func section(_ title: String) { lines.append(".SH \(Self.quoted(title.uppercased()))") }

  /// A heading within a section.
  public mutating func subsection(_ title: String) { lines.append(".SS \(Self.quoted(title))") }

  /// Paragraphs, separated by empty lines; lines that look like commands stand as they are.
  public mutating func paragraphs(_ text: String, isExample: (String) -> Bool = { _ in false }) {
    for paragraph in text.split(separator: "\n\n") {
      let all = paragraph.split(separator: "\n").map(String.init)
      if all.allSatisfy(isExample) {
        lines += [".PP", ".nf", ".RS 4"] + all.map(Self.escaped) + [".RE", ".fi"]
      } else {
        lines += [".PP"] + all.map(Self.escaped)
      }
    }
  }

  /// A term in bold, with words after it in italics, and what it means below, indented.
  public mutating func definition(_ bold: String, _ italic: String = "", _ meaning: String) {
    lines += [".TP", "\\fB\(Self.escaped(bold))\\fR" + (italic.isEmpty ? "" : " \\fI\(Self.escaped(italic))\\fR")]
    lines += meaning.split(separator: "\n").map { Self.escaped(String($0)) }
  }

  /// The text with everything that the formatter would take as its own replaced.
  static func escaped(_ text: String) -> String {
    let escaped = text.reduce(into: "") { result, character in
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      default: result.append(character)
      }
    }
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }

  private static func quoted(_ text: String) -> String {
    "\"\(escaped(text).replacing("\"", with: "\\(dq"))\""
  }
}
