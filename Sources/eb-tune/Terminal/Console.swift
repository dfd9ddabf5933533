import Foundation
import TuningIO

/// The two streams of the terminal. Only this target writes to them.
enum Console {
  /// Writes a result.
  /// - Throws: `Failure` where it cannot be written in full, as on a full disk. A reader that closed its pipe has read
  ///   enough; that is no failure.
  static func standardOutput(_ text: String) throws(Failure) {
    let code = write(text, to: STDOUT_FILENO)
    guard code == 0 || code == EPIPE else {
      throw Failure("standard output: writing failed (\(String(cString: strerror(code)).lowercased())).", .inputOutput)
    }
  }

  /// Writes what goes on; where nobody can read it, nothing is lost.
  static func standardError(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// A pipe that its reader closed shall be an error of the write, not the end of the program.
  static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Whether standard error is a terminal, where a line may be rewritten in place.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The columns of the terminal at standard error, 80 where that is unknown.
  static var errorWidth: Int { columns(of: STDERR_FILENO) ?? 80 }

  /// The columns of the terminal at standard output; without a limit where there is no terminal.
  static var outputWidth: Int { columns(of: STDOUT_FILENO) ?? .max }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes all of `text`; the error number, 0 where there was none.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes.removeFirst(count)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
