/// A matrix in a text file of numbers alone, such as a covariance: a line a row, numbers separated by commas, no header.
public struct NumberMatrix: Sendable, Equatable {
  /// The file as errors name it.
  public let file: String
  /// The number of lines.
  public let rows: Int
  /// The numbers of every line.
  public let columns: Int
  /// The numbers, by rows.
  public let elements: [Double]
  /// The SHA-256 of the file's bytes.
  public let fingerprint: String

  /// Reads the file at `path`, which errors name; a relative path is relative to `directory`, where that is given.
  /// - Throws: `TableError` with line and column of the first cell that is no finite number, and for lines of different
  ///   lengths.
  public init(path: String, in directory: String? = nil) throws(TableError) {
    let place = directory.map { path.hasPrefix("/") ? path : "\($0)/\(path)" } ?? path
    try self.init(bytes: FileBytes.contents(of: place), file: path)
  }

  /// Reads the bytes of a file that errors are to call `file`.
  /// - Throws: `TableError`, as for a file.
  public init(bytes: [UInt8], file: String) throws(TableError) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var scanner = TableScanner(bytes, from: bytes.starts(with: mark) ? mark.count : 0, file: file)
    var elements: [Double] = []
    var (rows, columns) = (0, 0)
    var fields: [TableScanner.Field] = []
    while let line = try scanner.nextRow(into: &fields) {
      if rows == 0 { columns = fields.count }
      guard fields.count == columns else {
        throw .raggedRow(file: file, line: line, found: fields.count, expected: columns)
      }
      for (index, field) in fields.enumerated() {
        let cell = bytes.span.extracting(field.start..<field.end)
        let (column, found) = (
          "\(index + 1)", String(decoding: bytes[field.start..<field.end].prefix(40), as: UTF8.self)
        )
        switch DecimalNumber.read(cell) {
        case .number(let value): elements.append(value)
        case .missing: throw .missingValue(file: file, line: line, column: column, found: found)
        case .notFinite: throw .notFinite(file: file, line: line, column: column, found: found)
        case .text: throw .notANumber(file: file, line: line, column: column, found: found)
        }
      }
      rows += 1
      fields.removeAll(keepingCapacity: true)
    }
    guard rows > 0 else { throw .empty(file: file) }
    self.file = file
    self.rows = rows
    self.columns = columns
    self.elements = elements
    fingerprint = SHA256.hexadecimal(of: bytes)
  }
}
