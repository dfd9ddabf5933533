import Foundation

/// The two streams of the terminal. Only this target writes to them.
enum Console {
  static func standardOutput(_ text: String) { write(text, to: FileHandle.standardOutput) }

  static func standardError(_ text: String) { write(text, to: FileHandle.standardError) }

  /// Whether standard error is a terminal, where a line may be rewritten in place.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The columns of the terminal at standard error, 80 where that is unknown.
  static var width: Int { columns(of: STDERR_FILENO) ?? 80 }

  /// The columns of the terminal at standard output; without a limit where there is no terminal.
  static var outputWidth: Int { columns(of: STDOUT_FILENO) ?? .max }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// A closed pipe is the reader's choice, not an error of ours.
  private static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
