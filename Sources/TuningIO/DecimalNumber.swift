/// Reading decimal numbers from bytes: exact, and several times faster than through `String`.
enum DecimalNumber {
  /// What a cell holds.
  enum Cell: Equatable {
    case number(Double)
    /// Nothing, or a mark such as NA.
    case missing
    /// NaN, an infinity, or a number beyond the largest double.
    case notFinite
    case text
  }

  /// Powers of ten that are exact as doubles.
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// Reads [+-] digits [. digits] [e [+-] digits] with blanks around it; nothing else is a number.
  ///
  /// A mantissa up to 2⁵³ times or over a power of ten up to 10²² is one correctly rounded operation (Clinger 1990); the
  /// standard library does the rest.
  static func read(_ field: Span<UInt8>) -> Cell {
    var start = 0
    var end = field.count
    while start < end, isBlank(field[start]) { start += 1 }
    while end > start, isBlank(field[end - 1]) { end -= 1 }
    if start == end { return .missing }
    var index = start
    let isNegative = field[index] == UInt8(ascii: "-")
    if isNegative || field[index] == UInt8(ascii: "+") { index += 1 }

    var mantissa: UInt64 = 0
    var digits = 0
    var isExact = true
    var exponent = 0
    var sawPoint = false
    while index < end {
      let byte = field[index]
      if byte == UInt8(ascii: "."), !sawPoint {
        sawPoint = true
      } else if byte >= 48 && byte <= 57 {
        digits += 1
        if mantissa < 100_000_000_000_000_000 {
          mantissa = mantissa * 10 + UInt64(byte - 48)
          if sawPoint { exponent -= 1 }
        } else {
          isExact = false
        }
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return word(field, start, end) }
    if index < end {
      guard let power = explicitExponent(field, index, end) else { return .text }
      exponent += power
    }
    if isExact, mantissa <= 1 << 53, abs(exponent) <= 22 {
      let value = exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
      return .number(isNegative ? -value : value)
    }
    return slow(field, start, end)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

  /// e [+-] digits from `index` to `end`, clamped to ±100000.
  private static func explicitExponent(_ field: Span<UInt8>, _ index: Int, _ end: Int) -> Int? {
    guard field[index] | 32 == UInt8(ascii: "e") else { return nil }
    var index = index + 1
    var sign = 1
    if index < end, field[index] == UInt8(ascii: "-") || field[index] == UInt8(ascii: "+") {
      sign = field[index] == UInt8(ascii: "-") ? -1 : 1
      index += 1
    }
    guard index < end else { return nil }
    var value = 0
    while index < end {
      guard field[index] >= 48 && field[index] <= 57 else { return nil }
      value = min(100_000, value * 10 + Int(field[index] - 48))
      index += 1
    }
    return sign * value
  }

  private static func slow(_ field: Span<UInt8>, _ start: Int, _ end: Int) -> Cell {
    var text = ""
    for index in start..<end where field[index] != UInt8(ascii: "+") || index > start {
      text.unicodeScalars.append(Unicode.Scalar(field[index]))
    }
    // The standard library wants a digit on both sides of a point.
    if text.hasPrefix(".") { text = "0" + text }
    if text.hasPrefix("-.") { text = "-0" + text.dropFirst() }
    text = text.lowercased()
    if let mark = text.firstIndex(of: "e"), mark > text.startIndex, text[text.index(before: mark)] == "." {
      text.insert("0", at: mark)
    } else if text.hasSuffix(".") {
      text += "0"
    }
    guard let value = Double(text) else { return .notFinite }
    return value.isFinite ? .number(value) : .notFinite
  }

  private static let missingMarks: Set<String> = ["na", "n/a", "null", "none", "?", "-", "missing", "#n/a"]
  private static let nonFiniteMarks: Set<String> = ["nan", "inf", "infinity", "#num!", "#div/0!"]

  private static func word(_ field: Span<UInt8>, _ start: Int, _ end: Int) -> Cell {
    guard end - start <= 12 else { return .text }
    var text = ""
    for index in start..<end { text.unicodeScalars.append(Unicode.Scalar(field[index])) }
    text = text.lowercased()
    if missingMarks.contains(text) { return .missing }
    if text.hasPrefix("+") || text.hasPrefix("-") { text.removeFirst() }
    return nonFiniteMarks.contains(text) ? .notFinite : .text
  }
}
