#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is either there as a whole or not at all: written under another name, brought to the disk, then renamed.
///
/// What was at the path before stays until `commit()`. A writer that goes away without it leaves nothing behind.
public final class AtomicFile {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isOpen = true

  /// Opens a temporary file beside `path`.
  /// - Throws: `OutputError` where the directory does not take files.
  public init(path: String) throws(OutputError) {
    self.path = path
    let (directory, name) = Self.split(path)
    temporaryPath = "\(directory)/.\(name).\(getpid()).partial"
    var information = stat()
    if stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
      throw .cannotCreate(path: path, reason: SystemReason.text(of: EISDIR))
    }
    unlink(temporaryPath)
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      let error = OutputError.creating(path)
      isOpen = false
      throw error
    }
  }

  deinit { discard() }

  /// Writes `contents` to `path` in one go.
  /// - Throws: `OutputError`; what was at the path before is then untouched.
  public static func write(_ contents: String, to path: String) throws(OutputError) {
    let file = try AtomicFile(path: path)
    try file.append(contents)
    try file.commit()
  }

  /// Adds text at the end.
  /// - Throws: `OutputError` on a full disk or a failing one.
  public func append(_ text: String) throws(OutputError) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Makes the file appear at its path.
  /// - Throws: `OutputError`; then nothing appears.
  public func commit() throws(OutputError) {
    precondition(isOpen, "a file is committed once")
    try flush()
    guard FileDescriptor.synchronise(descriptor) else { throw OutputError.writing(path) }
    isOpen = false
    guard close(descriptor) == 0, rename(temporaryPath, path) == 0 else {
      let error = OutputError.writing(path)
      unlink(temporaryPath)
      throw error
    }
    Self.synchroniseDirectory(Self.split(path).directory)
  }

  /// Whether `name` is what an unfinished writer of one of `finalNames` calls its file.
  static func isTemporary(_ name: String, for finalNames: [String]) -> Bool {
    finalNames.contains { name.hasPrefix(".\($0).") } && name.hasSuffix(".partial")
  }

  private func flush() throws(OutputError) {
    guard FileDescriptor.writeAll(descriptor, buffer) else { throw OutputError.writing(path) }
    buffer.removeAll(keepingCapacity: true)
  }

  private func discard() {
    guard isOpen else { return }
    isOpen = false
    close(descriptor)
    unlink(temporaryPath)
  }

  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = path[..<slash]
    return (directory.isEmpty ? "" : String(directory), String(path[path.index(after: slash)...]))
  }

  /// The rename itself must survive a power cut; a file system that cannot promise it is no reason to fail.
  private static func synchroniseDirectory(_ directory: String) {
    let descriptor = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = FileDescriptor.synchronise(descriptor)
    close(descriptor)
  }
}
