extension String {
  /// The text with control characters as escapes: what a file or a name holds must not break a sentence on a terminal into
  /// lines, nor steer it.
  public var onOneLine: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory):
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
