#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// System calls on an open file, repeated where a signal interrupted them.
enum FileDescriptor {
  /// Writes all of `bytes`; false with `errno` set where that failed.
  static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Brings what was written to the disk; true too where the file is of a kind that cannot be (a pipe, a device).
  static func synchronise(_ descriptor: Int32) -> Bool {
    while fsync(descriptor) != 0 {
      if errno == EINVAL || errno == EROFS || errno == ENOTSUP { return true }
      if errno != EINTR { return false }
    }
    return true
  }
}
