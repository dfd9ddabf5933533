/// One line of parts that gives way where columns are few: labels are abbreviated, then the least important parts are left
/// out, then the rest is cut.
public struct FittedLine: Sendable {
  /// A part of the line; parts of higher expendability go first, those of 0 stay.
  struct Part: Sendable {
    let text: String
    let short: String
    let expendability: Int
    let tone: TerminalStyle.Tone?

    init(_ text: String, short: String, expendability: Int, tone: TerminalStyle.Tone? = nil) {
      self.text = text
      self.short = short
      self.expendability = expendability
      self.tone = tone
    }
  }

  var parts: [Part]

  /// Everything, unabbreviated and without control codes.
  public var plain: String { parts.map(\.text).joined(separator: "  ") }

  /// The line in less than `columns` columns, for the last one stays empty.
  public func live(columns: Int, style: TerminalStyle = TerminalStyle()) -> LiveLine {
    let limit = max(1, columns - 1)
    func shown(_ parts: [Part], _ separator: String, _ text: (Part) -> String) -> LiveLine? {
      let texts = parts.map { style.shown(text($0)) }
      let width = TextWidth.of(texts.joined(separator: separator))
      guard width <= limit else { return nil }
      let coloured = zip(texts, parts).map { style.coloured($0, $1.tone) }.joined(separator: separator)
      return LiveLine(text: coloured, width: width)
    }
    if let line = shown(parts, "  ", \.text) { return line }
    var parts = parts
    while true {
      if let line = shown(parts, " ", \.short) { return line }
      guard let least = parts.indices.max(by: { parts[$0].expendability < parts[$1].expendability }),
        parts[least].expendability > 0
      else { break }
      parts.remove(at: least)
    }
    let cut = TextWidth.fitted(style.shown(parts.map(\.short).joined(separator: " ")), to: limit)
    let text = style.hasUnicode ? cut : cut.replacing("…", with: "~")
    return LiveLine(text: text, width: TextWidth.of(text))
  }
}

/// A line on a terminal, and how many columns it takes there; its text may hold codes for colours.
public struct LiveLine: Sendable, Equatable {
  /// What is written.
  public var text: String
  /// The columns that it fills.
  public var width: Int

  /// A line without colours.
  public init(_ text: String) { self.init(text: text, width: TextWidth.of(text)) }

  init(text: String, width: Int) {
    self.text = text
    self.width = width
  }
}
