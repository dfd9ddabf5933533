import Foundation

/// A CSV file: comma-separated, a header row, quotation marks as in RFC 4180, UTF-8 with or without a byte order mark.
///
/// Reading finds the fields; numbers are read when a column is asked for, so that text in a column that nobody uses is no
/// error.
public struct Table: Sendable {
  /// The file as errors name it.
  public let file: String
  /// The names in the header's order; columns without a name are left out.
  public let columnNames: [String]
  /// The number of rows below the header.
  public let rows: Int
  /// The SHA-256 of the file's bytes, as `sha256sum` prints it.
  public let fingerprint: String

  private let bytes: [UInt8]
  private let fields: [TableScanner.Field]
  private let lines: [Int]
  private let positions: [String: Int]
  private let width: Int

  /// Reads the file at `path`, which errors name; a relative path is relative to `directory`, where that is given.
  /// - Throws: `TableError`.
  public init(path: String, in directory: String? = nil) throws(TableError) {
    let place = directory.map { path.hasPrefix("/") ? path : "\($0)/\(path)" } ?? path
    try self.init(bytes: FileBytes.contents(of: place), file: path)
  }

  /// Reads the bytes of a file that errors are to call `file`.
  /// - Throws: `TableError`.
  public init(bytes: [UInt8], file: String) throws(TableError) {
    let start = try Self.contentStart(bytes, file: file)
    var scanner = TableScanner(bytes, from: start, file: file)
    var header: [TableScanner.Field] = []
    guard try scanner.nextRow(into: &header) != nil else { throw .empty(file: file) }
    for field in header where String(validating: bytes[field.start..<field.end], as: UTF8.self) == nil {
      throw .wrongFormat(file: file, found: "the header is not UTF-8", advice: "save the file as UTF-8")
    }
    let names = header.map { Self.name(of: $0, in: bytes) }
    positions = try Self.positions(of: names, header, bytes, file: file)
    var fields: [TableScanner.Field] = []
    var lines: [Int] = []
    fields.reserveCapacity(bytes.count / 8)
    while let line = try scanner.nextRow(into: &fields) {
      lines.append(line)
      let found = fields.count - (lines.count - 1) * names.count
      guard found == names.count else { throw .raggedRow(file: file, line: line, found: found, expected: names.count) }
    }
    guard !lines.isEmpty else { throw .headerOnly(file: file) }
    self.file = file
    self.bytes = bytes
    self.fields = fields
    self.lines = lines
    width = names.count
    rows = lines.count
    columnNames = names.filter { !$0.isEmpty }
    fingerprint = SHA256.hexadecimal(of: bytes)
  }

  /// The column of that name as numbers, every one finite.
  /// - Throws: `TableError` with line and column of the first cell that is no finite number.
  public func numeric(_ name: String) throws(TableError) -> [Double] {
    let position = try position(of: name)
    var values = [Double](repeating: 0, count: rows)
    let span = bytes.span
    for row in 0..<rows {
      let field = fields[row * width + position]
      switch DecimalNumber.read(span.extracting(field.start..<field.end)) {
      case .number(let value): values[row] = value
      case .missing:
        throw .missingValue(file: file, line: lines[row], column: name, found: shown(row, position))
      case .notFinite: throw .notFinite(file: file, line: lines[row], column: name, found: shown(row, position))
      case .text:
        let (line, found) = (lines[row], shown(row, position))
        throw isMostlyText(position)
          ? .textColumn(file: file, line: line, column: name, found: found)
          : .notANumber(file: file, line: line, column: name, found: found)
      }
    }
    return values
  }

  private func isMostlyText(_ position: Int) -> Bool {
    let span = bytes.span
    let words = (0..<rows).count { row in
      let field = fields[row * width + position]
      return DecimalNumber.read(span.extracting(field.start..<field.end)) == .text
    }
    return 2 * words > rows
  }

  /// The column of that name as categories: the text of every cell without blanks around it, and the number that it is,
  /// if it is one.
  /// - Throws: `TableError` for an empty cell, or one that is marked as missing.
  public func categories(of name: String) throws(TableError) -> (text: [String], numbers: [Double?]) {
    let position = try position(of: name)
    var (text, numbers): ([String], [Double?]) = ([], [])
    let span = bytes.span
    for row in 0..<rows {
      let field = fields[row * width + position]
      let cell = span.extracting(field.start..<field.end)
      guard String(validating: bytes[field.start..<field.end], as: UTF8.self) != nil else {
        throw .wrongFormat(
          file: file, found: "line \(lines[row]), column \"\(name)\" is not UTF-8", advice: "save the file as UTF-8")
      }
      let word = Self.text(of: field, in: bytes).trimmingCharacters(in: .whitespacesAndNewlines)
      guard !word.isEmpty, !Self.missingLevels.contains(word.lowercased()) else {
        throw .missingLevel(file: file, line: lines[row], column: name, found: shown(row, position))
      }
      text.append(word)
      if case .number(let value) = DecimalNumber.read(cell) { numbers.append(value) } else { numbers.append(nil) }
    }
    return (text, numbers)
  }

  /// Marks of a missing level. Words such as "none" and "missing" are levels that somebody chose.
  private static let missingLevels: Set<String> = ["na", "n/a", "#n/a", "<na>", "nan", "null", "?", "-"]

  /// The same as `numeric(_:)`, under the name that a source of columns for features gives it.
  /// - Throws: `TableError`.
  public func column(_ name: String) throws -> [Double] { try numeric(name) }

  /// Where a person finds row `index` (counted from 0): `load.csv, line 18`.
  public func place(ofRow index: Int) -> String {
    lines.indices.contains(index) ? "\(file), line \(lines[index])" : "\(file), row \(index + 1)"
  }

  /// The column of that name as text, quotation marks resolved.
  /// - Throws: `TableError.unknownColumn`.
  public func text(_ name: String) throws(TableError) -> [String] {
    let position = try position(of: name)
    return (0..<rows).map { Self.text(of: fields[$0 * width + position], in: bytes) }
  }

  /// The line of the file in which row `index` (counted from 0) begins.
  func line(ofRow index: Int) -> Int { lines[index] }

  /// A cell as errors show it.
  func shown(_ row: Int, _ name: String) -> String { positions[name].map { shown(row, $0) } ?? "" }

  private func position(of name: String) throws(TableError) -> Int {
    if let position = positions[name] { return position }
    throw .unknownColumn(
      file: file, name: name, nearest: NearestNames.suggestions(for: name, among: columnNames), available: columnNames)
  }

  private func shown(_ row: Int, _ position: Int) -> String {
    let text = Self.text(of: fields[row * width + position], in: bytes)
    let clean = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }).trimmingCharacters(in: .whitespaces)
    return clean.count > 40 ? clean.prefix(40) + "…" : clean
  }

  private static func text(of field: TableScanner.Field, in bytes: [UInt8]) -> String {
    let text = String(decoding: bytes[field.start..<field.end], as: UTF8.self)
    return field.hasDoubledQuotes ? text.replacingOccurrences(of: "\"\"", with: "\"") : text
  }

  private static func name(of field: TableScanner.Field, in bytes: [UInt8]) -> String {
    text(of: field, in: bytes).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func positions(
    of names: [String], _ header: [TableScanner.Field], _ bytes: [UInt8], file: String
  ) throws(TableError) -> [String: Int] {
    if names.count == 1,
      let delimiter = [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")].first(where: { names[0].contains($0.0) })
    {
      throw .wrongFormat(
        file: file, found: "the header is separated by \(delimiter.1)",
        advice: "columns must be separated by commas, with a point in decimal numbers")
    }
    let areNumbers = header.allSatisfy {
      if case .number = DecimalNumber.read(bytes.span.extracting($0.start..<$0.end)) { true } else { false }
    }
    if areNumbers { throw .noHeader(file: file, found: names.prefix(3).joined(separator: ", ")) }
    var positions: [String: Int] = [:]
    for (position, name) in names.enumerated() where !name.isEmpty {
      if let earlier = positions[name] {
        throw .duplicateHeader(file: file, name: name, first: earlier + 1, second: position + 1)
      }
      positions[name] = position
    }
    return positions
  }

  /// Behind a UTF-8 byte order mark; other known kinds of file are refused by name.
  private static func contentStart(_ bytes: [UInt8], file: String) throws(TableError) -> Int {
    let kinds: [([UInt8], String, String)] = [
      ([0xFF, 0xFE], "the text is UTF-16", "save it as UTF-8"),
      ([0xFE, 0xFF], "the text is UTF-16", "save it as UTF-8"),
      ([0x1F, 0x8B], "the file is compressed by gzip", "unpack it first"),
      ([0x50, 0x4B, 0x03, 0x04], "this is a zip file or an Excel workbook", "export it as CSV"),
    ]
    for (mark, found, advice) in kinds where bytes.starts(with: mark) {
      throw .wrongFormat(file: file, found: found, advice: advice)
    }
    if bytes.prefix(4096).contains(0) {
      throw .wrongFormat(file: file, found: "the file holds binary data", advice: "a text file in UTF-8 is needed")
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }
}
