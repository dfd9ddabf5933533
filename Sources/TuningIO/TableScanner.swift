/// Cuts the bytes of a CSV file (RFC 4180; lines end in LF, CRLF or CR; blank lines are skipped) into fields, in one pass.
struct TableScanner {
  /// Where a field's content lies, quotation marks left out. A large file has millions of them, so they are packed.
  struct Field {
    let start: Int
    /// Twice the end, and 1 more where there are doubled quotes.
    private let mark: Int

    init(start: Int, end: Int, hasDoubledQuotes: Bool) {
      self.start = start
      mark = 2 * end + (hasDoubledQuotes ? 1 : 0)
    }

    var end: Int { mark / 2 }
    /// Whether it stood in quotation marks that enclose doubled ones.
    var hasDoubledQuotes: Bool { mark % 2 == 1 }
  }

  private let bytes: [UInt8]
  private let file: String
  private var index: Int
  private var line = 1

  /// Scans `bytes` from `start` on.
  init(_ bytes: [UInt8], from start: Int, file: String) {
    self.bytes = bytes
    self.file = file
    index = start
  }

  /// Appends the fields of the next line that is not blank to `fields`; the line's number, or nil at the end.
  mutating func nextRow(into fields: inout [Field]) throws(TableError) -> Int? {
    skipBlankLines()
    guard index < bytes.count else { return nil }
    let rowLine = line
    while true {
      fields.append(bytes[index...].first == UInt8(ascii: "\"") ? try quotedField() : plainField())
      guard index < bytes.count else { return rowLine }
      if bytes[index] == UInt8(ascii: ",") {
        index += 1
        if index == bytes.count {
          fields.append(Field(start: index, end: index, hasDoubledQuotes: false))
          return rowLine
        }
      } else {
        takeLineEnd()
        return rowLine
      }
    }
  }

  private mutating func skipBlankLines() {
    while index < bytes.count {
      var ahead = index
      while ahead < bytes.count, bytes[ahead] == 32 || bytes[ahead] == 9 { ahead += 1 }
      guard ahead == bytes.count || bytes[ahead] == 10 || bytes[ahead] == 13 else { return }
      index = ahead
      if index < bytes.count { takeLineEnd() }
    }
  }

  /// Moves past LF, CRLF or CR.
  private mutating func takeLineEnd() {
    if bytes[index] == 13, index + 1 < bytes.count, bytes[index + 1] == 10 { index += 1 }
    index += 1
    line += 1
  }

  private mutating func plainField() -> Field {
    let start = index
    bytes.withUnsafeBufferPointer { buffer in
      while index < buffer.count {
        let byte = buffer[index]
        if byte == UInt8(ascii: ",") || byte == 10 || byte == 13 { break }
        index += 1
      }
    }
    return Field(start: start, end: index, hasDoubledQuotes: false)
  }

  private mutating func quotedField() throws(TableError) -> Field {
    let openLine = line
    index += 1
    let start = index
    var hasDoubledQuotes = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") {
          hasDoubledQuotes = true
          index += 2
          continue
        }
        let end = index
        index += 1
        try expectFieldEnd()
        return Field(start: start, end: end, hasDoubledQuotes: hasDoubledQuotes)
      }
      if byte == 10 || byte == 13 { takeLineEnd() } else { index += 1 }
    }
    throw .unclosedQuote(file: file, line: openLine)
  }

  private mutating func expectFieldEnd() throws(TableError) {
    while index < bytes.count, bytes[index] == 32 || bytes[index] == 9 { index += 1 }
    guard index < bytes.count, bytes[index] != UInt8(ascii: ","), bytes[index] != 10, bytes[index] != 13 else { return }
    let rest = bytes[index...].prefix(20).prefix { $0 != UInt8(ascii: ",") && $0 != 10 && $0 != 13 }
    throw .textAfterQuote(file: file, line: line, found: String(decoding: rest, as: UTF8.self))
  }
}
