#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file or directory that cannot be written: one sentence that names it.
public enum OutputError: ReportableError, Sendable, Equatable {
  /// The directory cannot be made.
  case cannotCreateDirectory(path: String, reason: String)
  /// Something that is no directory stands where one is wanted.
  case notADirectory(path: String)
  /// An earlier run lies there.
  case occupied(path: String)
  /// A run is at work there.
  case inUse(path: String)
  /// A file cannot be made there.
  case cannotCreate(path: String, reason: String)
  /// No space is left on the device, or a quota is used up.
  case diskFull(path: String)
  /// Writing failed on the way.
  case writeFailed(path: String, reason: String)
  /// A value that has no place in the file's format.
  case cannotEncode(path: String, reason: String)

  /// 73 where nothing could be created, 74 where writing failed, 70 for a value that cannot be written.
  public var exitCode: ExitCode {
    switch self {
    case .cannotCreateDirectory, .notADirectory, .occupied, .inUse, .cannotCreate: .cannotCreate
    case .diskFull, .writeFailed: .inputOutput
    case .cannotEncode: .software
    }
  }

  /// One sentence for people.
  public var description: String {
    switch self {
    case .cannotCreateDirectory(let path, let reason): "\(path): the directory cannot be created (\(reason))."
    case .notADirectory(let path): "\(path): this is not a directory; the name of a new or an existing one is needed."
    case .occupied(let path): "\(path): a run is there already; name another directory or allow overwriting."
    case .inUse(let path): "\(path): a run is going on there; wait for its end or interrupt it."
    case .cannotCreate(let path, let reason): "\(path): the file cannot be created (\(reason))."
    case .diskFull(let path): "\(path): the disk is full; the file was not written."
    case .writeFailed(let path, let reason): "\(path): writing failed (\(reason)); the file was not written."
    case .cannotEncode(let path, let reason): "\(path): the contents cannot be encoded (\(reason))."
    }
  }

  /// The failure of a system call on `path`, from `errno`.
  static func creating(_ path: String) -> OutputError {
    isFull(errno) ? .diskFull(path: path) : .cannotCreate(path: path, reason: SystemReason.current)
  }

  /// The failure of a write to `path`, from `errno`.
  static func writing(_ path: String) -> OutputError {
    isFull(errno) ? .diskFull(path: path) : .writeFailed(path: path, reason: SystemReason.current)
  }

  private static func isFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }
}
