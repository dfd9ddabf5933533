#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The operating system's words for a failure.
enum SystemReason {
  static var current: String { text(of: errno) }

  static func text(of code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
