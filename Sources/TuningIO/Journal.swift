#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of lines that grows while a run goes on (JSON lines). Every line is written whole and at once: a run that is stopped
/// leaves whole lines, and a disk that fills up in the middle of one has that line taken back.
///
/// One writer at a time.
public final class Journal: Sendable {
  /// Where the file is.
  public let path: String
  private let descriptor: Int32

  /// Opens the file at `path` empty, or at its end where `appending`.
  /// - Throws: `OutputError`.
  public init(path: String, appending: Bool = false) throws(OutputError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (appending ? 0 : O_TRUNC), 0o666)
    if descriptor < 0 { throw OutputError.creating(path) }
  }

  deinit { close(descriptor) }

  /// Adds one line; line breaks inside it become blanks.
  /// - Throws: `OutputError`; the file then ends with the line before.
  public func append(_ line: String) throws(OutputError) {
    var bytes = line.utf8.map { $0 == 10 || $0 == 13 ? 32 : $0 }
    bytes.append(10)
    let end = lseek(descriptor, 0, SEEK_END)
    guard FileDescriptor.writeAll(descriptor, bytes) else {
      let error = OutputError.writing(path)
      if end >= 0 { _ = ftruncate(descriptor, end) }
      throw error
    }
  }

  /// Brings all lines to the disk; call it at the end of a run.
  /// - Throws: `OutputError` where the disk refuses.
  public func synchronise() throws(OutputError) {
    guard FileDescriptor.synchronise(descriptor) else { throw OutputError.writing(path) }
  }

  /// Keeps the first `count` whole lines of the journal at `path` and takes the rest away, unless `check` throws: then the
  /// file stays as it is. A file that is not there has no line.
  /// - Parameter check: Is told how many lines would be kept, and the last of them.
  /// - Returns: The same; nil for the last line where none is kept.
  /// - Throws: `TableError` where the file cannot be read, `OutputError` where it cannot be cut, what `check` throws.
  @discardableResult
  public static func cut(
    _ path: String, to count: Int, unless check: (_ lines: Int, _ last: String?) throws -> Void = { _, _ in }
  ) throws -> (lines: Int, last: String?) {
    let bytes: [UInt8]
    do throws(TableError) {
      bytes = try FileBytes.contents(of: path)
    } catch .missing {
      try check(0, nil)
      return (0, nil)
    }
    var (start, end, lines) = (0, 0, 0)
    while lines < count, let lineBreak = bytes[end...].firstIndex(of: 10) {
      (start, end) = (end, lineBreak + 1)
      lines += 1
    }
    let last = lines > 0 ? String(decoding: bytes[start..<end - 1], as: UTF8.self) : nil
    try check(lines, last)
    if end < bytes.count, truncate(path, off_t(end)) != 0 { throw OutputError.writing(path) }
    return (lines, last)
  }

  /// The whole lines of the journal at `path`; a last line without its line break was not finished and is left out.
  /// - Throws: `TableError` where the file cannot be read.
  public static func lines(at path: String) throws(TableError) -> [String] {
    let bytes = try FileBytes.contents(of: path)
    guard let end = bytes.lastIndex(of: 10) else { return [] }
    return bytes[..<end].split(separator: 10, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
