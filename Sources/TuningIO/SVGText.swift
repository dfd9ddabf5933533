/// Text and its room in a drawing.
enum SVGText {
  /// The width in pixels that a text takes in a sans-serif font, a little more than less.
  static func width(_ words: String, size: Double) -> Double { 0.57 * size * Double(TextWidth.of(words)) }

  /// The text with its end cut off where it is wider than `width`.
  static func shortened(_ words: String, to width: Double, size: Double) -> String {
    TextWidth.shortened(words, to: max(4, Int(width / (0.57 * size))))
  }

  /// A text element.
  static func label(
    _ words: String, _ x: Double, _ y: Double, size: Double = 13, anchor: String, more: String = ""
  ) -> String {
    "<text x=\"\(PlotScale.text(x))\" y=\"\(PlotScale.text(y))\" class=\"tx\" font-size=\"\(PlotScale.text(size))\""
      + " text-anchor=\"\(anchor)\"\(more)>\(escaped(words))</text>"
  }

  /// A line element.
  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ attributes: String) -> String {
    let (x1, y1, x2, y2) = (PlotScale.text(x1), PlotScale.text(y1), PlotScale.text(x2), PlotScale.text(y2))
    return "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" \(attributes)/>"
  }

  /// Places as the points of a line.
  static func path(_ places: [(Double, Double)]) -> String {
    places.map { "\(PlotScale.text($0.0)),\(PlotScale.text($0.1))" }.joined(separator: " ")
  }

  /// Text as XML takes it; signs that XML has no place for become �.
  static func escaped(_ words: String) -> String {
    words.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "\t", "\n", "\r": text.unicodeScalars.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
