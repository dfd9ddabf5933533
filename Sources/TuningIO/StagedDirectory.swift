#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Foundation

/// A directory that is either there as a whole or not at all: written under another name beside its place, then renamed.
///
/// What was at the path before stays until `commit()`. A writer that goes away without it leaves nothing behind.
public final class StagedDirectory {
  /// Where it is going to be.
  public let path: String
  private let stage: String
  private let marker: String
  private let overwrites: Bool
  private var isOpen = true

  /// Begins a directory whose files include `marker`. What lies at the path already is replaced only where that is asked
  /// for, and only where it is a directory that holds such a file itself: nothing else is ever removed.
  /// - Throws: `OutputError`, `.occupied` for what may not be replaced.
  public init(path: String, marker: String, overwriting: Bool = false) throws(OutputError) {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed
    self.marker = marker
    overwrites = overwriting
    let (parent, name) = Self.split(trimmed)
    stage = "\(parent)/.\(name).\(getpid()).partial"
    try Self.refuse(trimmed, marker, overwriting)
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    } catch { throw Self.failure(parent, error) }
    try? FileManager.default.removeItem(atPath: stage)
    guard mkdir(stage, 0o777) == 0 else {
      isOpen = false
      throw OutputError.creating(trimmed)
    }
  }

  deinit { if isOpen { try? FileManager.default.removeItem(atPath: stage) } }

  /// Writes a file; folders on the way to it are made.
  /// - Throws: `OutputError`.
  public func write(_ bytes: [UInt8], to name: String) throws(OutputError) {
    precondition(isOpen, "a directory is committed once")
    if let slash = name.lastIndex(of: "/") {
      do {
        try FileManager.default.createDirectory(
          atPath: "\(stage)/\(name[..<slash])", withIntermediateDirectories: true)
      } catch { throw Self.failure("\(path)/\(name)", error) }
    }
    let descriptor = open("\(stage)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError.creating("\(path)/\(name)") }
    let isWritten = FileDescriptor.writeAll(descriptor, bytes) && FileDescriptor.synchronise(descriptor)
    let error = OutputError.writing("\(path)/\(name)")
    guard close(descriptor) == 0 && isWritten else { throw error }
  }

  /// Writes a file of text.
  /// - Throws: `OutputError`.
  public func write(_ text: String, to name: String) throws(OutputError) { try write(Array(text.utf8), to: name) }

  /// Makes the directory appear at its path.
  /// - Throws: `OutputError`; then what was there before is there still.
  public func commit() throws(OutputError) {
    precondition(isOpen, "a directory is committed once")
    try Self.refuse(path, marker, overwrites)
    let old = "\(stage).old"
    let isReplacing = access(path, F_OK) == 0
    if isReplacing, rename(path, old) != 0 { throw OutputError.writing(path) }
    guard rename(stage, path) == 0 else {
      let error = OutputError.writing(path)
      if isReplacing { rename(old, path) }
      throw error
    }
    isOpen = false
    if isReplacing { try? FileManager.default.removeItem(atPath: old) }
  }

  private static func refuse(_ path: String, _ marker: String, _ overwriting: Bool) throws(OutputError) {
    guard access(path, F_OK) == 0 else { return }
    guard overwriting, access("\(path)/\(marker)", F_OK) == 0 else { throw .occupied(path: path) }
  }

  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let directory = path[..<slash]
    return (directory.isEmpty ? "/" : String(directory), String(path[path.index(after: slash)...]))
  }

  private static func failure(_ path: String, _ error: any Error) -> OutputError {
    let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code ?? (error as NSError).code
    if code == Int(ENOSPC) || code == Int(EDQUOT) { return .diskFull(path: path) }
    return .cannotCreateDirectory(path: path, reason: SystemReason.text(of: Int32(truncatingIfNeeded: code)))
  }
}
