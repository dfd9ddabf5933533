import Foundation
import Testing

/// A terminal of a given width with the program in it.
private final class Terminal {
  /// TIOCSPTLCK and TIOCGPTN, macros that Swift does not import.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430
  static let exist = access("/dev/ptmx", R_OK | W_OK) == 0

  private let master: Int32
  private let process = Process()
  private(set) var text = ""

  init(_ program: Program, _ arguments: [String], columns: UInt16) throws {
    // posix_openpt and its kin are not in the module of the C library; these are what they do on Linux.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var locked: Int32 = 0
    var number: Int32 = 0
    try #require(ioctl(master, Self.setLock, &locked) == 0 && ioctl(master, Self.getNumber, &number) == 0)
    let name = "/dev/pts/\(number)"
    let slave = open(name, O_RDWR | O_NOCTTY)
    try #require(slave >= 0)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
    let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.executableURL = Program.binary
    process.arguments = arguments
    process.currentDirectoryURL = program.directory
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    close(slave)
  }

  deinit { close(master) }

  /// Reads until the terminal shows `word`, or to the program's end; then the read fails, as nobody holds the other side.
  func read(until word: String? = nil) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while word.map({ !text.contains($0) }) ?? true {
      let count = Foundation.read(master, &buffer, buffer.count)
      guard count > 0 else { return }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  func resize(columns: UInt16) throws {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
  }

  func interrupt() { process.interrupt() }

  /// The exit status, everything read.
  func finish() -> Int32 {
    read()
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// What ends up on the screen: carriage returns go back to the line's start, the code at the end clears the rest.
  var screen: [String] {
    text.replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map {
      line in
      line.split(separator: "\r").last.map { $0.replacingOccurrences(of: "\u{1B}[K", with: "") } ?? ""
    }
  }
}

/// What people see who run the program in a terminal.
@Suite struct TerminalTests {
  @Test(
    .timeLimit(.minutes(5)), .enabled(if: Terminal.exist, "needs pseudo-terminals"),
    arguments: [60, 80, 200] as [UInt16])
  func noLineIsWiderThanTheTerminal(columns: UInt16) throws {
    let program = try Program()
    defer { program.remove() }
    let terminal = try Terminal(
      program, ["--gamma", "0.1", "--problem", "transition", "--schedule", "persistent-sga", "--out", "run"] + short,
      columns: columns)
    #expect(terminal.finish() == 0)
    let screen = terminal.screen
    for line in screen { #expect(line.count <= Int(columns), "\(line)") }
    #expect(terminal.text.components(separatedBy: "\u{1B}[K").count == 3, "two live lines")
    let live = screen.filter { $0.contains("1/1 ") }
    #expect(live.count == 1 && !screen.contains { $0.contains("0/1 ") }, "one replaces the other: \(screen)")
    let next = try #require(screen.firstIndex { $0.contains("1/1 ") }) + 1
    #expect(screen[next].hasPrefix("Drawing the posterior"), "on a line of its own")
    #expect(screen.contains { $0.contains("slope[1–2") } && screen.contains { $0.hasPrefix("Written: ") })
  }

  /// The default schedule and a path, whose table is wider than most terminals.
  @Test(.timeLimit(.minutes(5)), .enabled(if: Terminal.exist, "needs pseudo-terminals"))
  func aPathOnANarrowTerminal() throws {
    let program = try Program()
    defer { program.remove() }
    let terminal = try Terminal(program, ["--gamma", "0,0.5", "--problem", "switch"] + short, columns: 60)
    #expect(terminal.finish() == 0)
    for line in terminal.screen { #expect(line.count <= 60, "\(line)") }
    #expect(terminal.screen.contains { $0.contains("the path over gamma") })
  }

  @Test(.timeLimit(.minutes(5)), .enabled(if: Terminal.exist, "needs pseudo-terminals"))
  func interruptionAfterTheWindowShrank() throws {
    let program = try Program()
    defer { program.remove() }
    let terminal = try Terminal(
      program,
      [
        "--problem", "switch", "--schedule", "persistent-sga", "--warmup", "30", "--draws", "6", "--iterations",
        "100000",
        "--out", "run",
      ],
      columns: 80)
    terminal.read(until: "\r1/99999 ")
    try terminal.resize(columns: 30)
    terminal.read(until: "\r40/99999 ")
    terminal.interrupt()
    #expect(terminal.finish() == 75)
    let updates = terminal.text.components(separatedBy: "\r").filter { $0.hasSuffix("\u{1B}[K") }
    #expect(updates[0].contains("|g| ") && updates[0].contains("div "), "80 columns hold everything: \(updates[0])")
    #expect(updates.dropFirst(30).allSatisfy { $0.count - 3 < 30 })
    let last = try #require(terminal.screen.last { !$0.isEmpty })
    #expect(last.hasPrefix("eb-tune: Interrupted after"), "not on the live line: \(last)")
  }
}
