/// How many columns of a terminal text takes: combining marks none, East Asian wide characters and emoji two.
public enum TextWidth {
  static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

  /// The columns that `text` takes.
  public static func columns(of text: String) -> Int { of(text) }

  static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    let code = scalar.value
    if code < 0x20 || (code >= 0x7F && code < 0xA0) { return 0 }
    if scalar.properties.generalCategory == .nonspacingMark || code == 0x200B { return 0 }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
    ]
    return wide.contains { $0.contains(code) } ? 2 : 1
  }

  /// `text` cut to `width` columns, with "…" where something is missing.
  static func fitted(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let next = of(character)
      guard used + next <= width - 1 else { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  /// `text` cut to `width` columns with "…" in its middle, as names often differ at their ends.
  static func shortened(_ text: String, to width: Int) -> String {
    guard of(text) > width, width > 4 else { return fitted(text, to: width) }
    var tail = ""
    for character in text.reversed() {
      guard of(tail) + of(character) <= (width - 1) / 2 else { break }
      tail = String(character) + tail
    }
    let head = fitted(text, to: width - of(tail))
    return head + tail
  }

  /// The words of `text` on lines of at most `width` columns; lines after the first begin with `indent`. Blanks within a
  /// line stay as they are. A word that is wider than a line keeps a line to itself.
  public static func folded(_ text: String, to width: Int, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    var gap = ""
    var hasWord = false
    for piece in pieces(text) {
      if piece.first == " " {
        gap = piece
        continue
      }
      let next = of(piece)
      if hasWord, used + gap.count + next > width {
        lines.append(line)
        line = indent + piece
        used = of(indent) + next
      } else {
        line += gap + piece
        used += gap.count + next
      }
      gap = ""
      hasWord = true
    }
    return lines + [line]
  }

  /// Runs of blanks and runs of anything else, in turn.
  private static func pieces(_ text: String) -> [String] {
    text.reduce(into: []) { pieces, character in
      if let last = pieces.last?.last, (last == " ") == (character == " ") {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
    }
  }
}
