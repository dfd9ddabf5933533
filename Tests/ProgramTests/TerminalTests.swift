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

  init(
    _ program: Program, _ arguments: [String], columns: UInt16, environment: [String: String] = ["LANG": "C.UTF-8"]
  ) throws {
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
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
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

  /// What ends up on the screen, which starts empty and is as high as it must be.
  var screen: [String] {
    var (rows, row, column) = ([[Character]()], 0, 0)
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "\r": column = 0
      case "\n", "\r\n": (row, column) = (row + 1, 0)
      case "\u{1B}":
        rest = rest.dropFirst()
        let number = Int(rest.prefix { $0.isNumber }) ?? 1
        rest = rest.drop { $0.isNumber }
        switch rest.popFirst() {
        case "A": row = max(0, row - number)
        case "K": rows[row] = Array(rows[row].prefix(column))
        case "J": rows = rows[..<row] + [Array(rows[row].prefix(column))]
        default: break
        }
      default:
        while rows[row].count <= column { rows[row].append(" ") }
        rows[row][column] = character
        column += 1
      }
      while rows.count <= row { rows.append([]) }
    }
    return rows.map { String($0) }
  }

  /// The texts that were ever written between two codes or line breaks, without their colours.
  var pieces: [String] { Self.pieces(of: text) }

  static func pieces(of text: some StringProtocol) -> [String] {
    String(text).replacing(/\u{1B}\[\d*m/, with: "").replacing(/\u{1B}\[\d*[a-zA-Z]/, with: "\n")
      .split(whereSeparator: \.isNewline).map(String.init)
  }
}

/// What people see who run the program in a terminal.
@Suite struct TerminalTests {
  @Test(
    .timeLimit(.minutes(30)), .enabled(if: Terminal.exist, "needs pseudo-terminals"),
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
    for piece in terminal.pieces { #expect(piece.count <= Int(columns), "\(piece)") }
    let live = screen.filter { $0.contains("1/1 ") }
    #expect(live.count == 1 && !screen.contains { $0.contains("0/1 ") }, "one replaces the other: \(screen)")
    let next = try #require(screen.firstIndex { $0.contains("1/1 ") }) + 1
    #expect(screen[next].hasPrefix("Drawing the posterior"), "on a line of its own")
    for stage in ["tuning", "final draws"] {
      #expect(terminal.pieces.contains { $0.hasPrefix(stage) } && !screen.contains { $0.hasPrefix(stage) }, "\(stage)")
    }
    #expect(screen.contains { $0.contains("slope[1–2") } && screen.contains { $0.hasPrefix("Written: ") })
    let curve = try #require(screen.firstIndex { $0.hasPrefix("Objective over 2 iterations, from ") })
    #expect(screen[curve].hasSuffix("▁█") || screen[curve].hasSuffix("█▁"))
  }

  /// No control code where they are not understood or not wanted, no colour with NO_COLOR, no Unicode without UTF-8.
  @Test(.timeLimit(.minutes(30)), .enabled(if: Terminal.exist, "needs pseudo-terminals"))
  func theEnvironmentIsHeard() throws {
    let program = try Program()
    defer { program.remove() }
    let run = ["--problem", "switch"] + short
    for (options, environment) in [
      ([], ["TERM": "dumb", "LANG": "C.UTF-8"]), (["--progress", "plain"], ["LANG": "C.UTF-8"]), (["-q"], [:]),
    ] {
      let terminal = try Terminal(program, run + options, columns: 80, environment: environment)
      #expect(terminal.finish() == 0)
      #expect(!terminal.text.contains("\u{1B}") && !terminal.text.contains("\r1"), "\(options)")
    }
    let plain = try Terminal(program, run, columns: 80, environment: ["NO_COLOR": "1", "LC_ALL": "C"])
    #expect(plain.finish() == 0)
    let codes = plain.text.matches(of: /\u{1B}\[\d*([a-zA-Z])/).map { String($0.1) }
    #expect(codes.contains("K") && !codes.contains("m"))
    let live = plain.pieces.filter { $0.hasPrefix("tuning") || $0.hasPrefix("final draws") || $0.contains("surr ") }
    #expect(!live.isEmpty && live.allSatisfy { $0.allSatisfy(\.isASCII) }, "\(live)")
  }

  /// The default schedule and a path, whose table is wider than most terminals.
  @Test(.timeLimit(.minutes(30)), .enabled(if: Terminal.exist, "needs pseudo-terminals"))
  func aPathOnANarrowTerminal() throws {
    let program = try Program()
    defer { program.remove() }
    let terminal = try Terminal(program, ["--gamma", "0,0.5", "--problem", "switch"] + short, columns: 60)
    #expect(terminal.finish() == 0)
    for line in terminal.screen { #expect(line.count <= 60, "\(line)") }
    #expect(terminal.screen.contains { $0.contains("the path over gamma") })
  }

  @Test(.timeLimit(.minutes(30)), .enabled(if: Terminal.exist, "needs pseudo-terminals"))
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
    terminal.read(until: "1/99999 ")
    try terminal.resize(columns: 30)
    let before = terminal.text.count
    terminal.read(until: "200/99999 ")
    terminal.interrupt()
    #expect(terminal.finish() == 75)
    let first = try #require(terminal.pieces.first { $0.contains("0/99999 ") })
    #expect(first.contains("|g| ") && first.contains("div "), "80 columns hold everything: \(first)")
    // What was under way when the window shrank may be wider.
    let late = Terminal.pieces(of: terminal.text.dropFirst(before + 5000)).dropFirst().prefix {
      !$0.hasPrefix("eb-tune:")
    }
    #expect(late.count > 10 && late.allSatisfy { $0.count < 30 })
    let last = try #require(terminal.screen.last { !$0.isEmpty })
    #expect(last.hasPrefix("eb-tune: Interrupted after"), "not on the live line: \(last)")
  }
}
