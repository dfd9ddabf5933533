#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whole files as bytes.
enum FileBytes {
  /// The bytes of the file at `path`; once there are `limit` of them or more, the rest is left unread.
  static func contents(of path: String, atMost limit: Int = .max) throws(TableError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .missing(file: path) : .unreadable(file: path, reason: SystemReason.current)
    }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw .unreadable(file: path, reason: SystemReason.current) }
    guard information.st_mode & S_IFMT != S_IFDIR else { throw .isDirectory(file: path) }
    // A device such as /dev/zero never ends; pipes do.
    guard information.st_mode & S_IFMT != S_IFCHR || isatty(descriptor) == 1 else {
      throw .unreadable(file: path, reason: "it is a device")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(limit, max(0, Int(information.st_size))))
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes.append(contentsOf: buffer[0..<count])
        if bytes.count >= limit { return bytes }
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        throw .readFailed(file: path, reason: SystemReason.current)
      }
    }
  }
}
