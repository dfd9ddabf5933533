import Sampling
import Testing

@testable import TuningIO

/// What a terminal shows of text with the codes that live lines use.
struct Screen {
  let columns: Int
  var rows: [[Character]] = [[]]
  private var row = 0
  private var column = 0

  init(columns: Int) { self.columns = columns }

  var lines: [String] {
    rows.map {
      var line = $0
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  mutating func write(_ text: String) {
    var rest = Substring(text)
    while let character = rest.popFirst() {
      switch character {
      case "\r": column = 0
      case "\n", "\r\n": (row, column) = (row + 1, 0)
      case "\u{1B}":
        _ = rest.popFirst()
        let number = Int(rest.prefix { $0.isNumber }) ?? 1
        rest = rest.drop { $0.isNumber }
        obey(rest.popFirst() ?? " ", number)
      default: put(character)
      }
      while rows.count <= row { rows.append([]) }
    }
  }

  private mutating func obey(_ code: Character, _ number: Int) {
    switch code {
    case "A": row = max(0, row - number)
    case "K": rows[row] = Array(rows[row].prefix(column))
    case "J":
      rows[row] = Array(rows[row].prefix(column))
      rows.removeSubrange((row + 1)...)
    default: break
    }
  }

  private mutating func put(_ character: Character) {
    if column >= columns { (row, column) = (row + 1, 0) }
    while rows.count <= row { rows.append([]) }
    while rows[row].count <= column { rows[row].append(" ") }
    rows[row][column] = character
    column += TextWidth.of(String(character))
  }
}

struct LiveBlockTests {
  @Test func redrawsInPlaceAndMessagesStandAbove() {
    var screen = Screen(columns: 20)
    var block = LiveBlock()
    screen.write("before\n")
    screen.write(block.redraw([LiveLine("one"), LiveLine("a longer line")], columns: 20))
    #expect(screen.lines == ["before", "one", "a longer line"])
    screen.write(block.redraw([LiveLine("two"), LiveLine("short")], columns: 20))
    #expect(screen.lines == ["before", "two", "short"], "nothing of the longer line is left")
    screen.write(block.erase(columns: 20) + "a message\n" + block.redraw([LiveLine("three")], columns: 20))
    #expect(screen.lines == ["before", "a message", "three"])
    screen.write(block.redraw([LiveLine("x"), LiveLine("y"), LiveLine("z")], columns: 20))
    screen.write(block.redraw([LiveLine("w")], columns: 20))
    #expect(screen.lines == ["before", "a message", "w"], "rows below a block that shrank are gone")
    screen.write(block.leave() + "after")
    #expect(screen.lines == ["before", "a message", "w", "after"])
    #expect(!block.isShown && block.leave().isEmpty && block.erase(columns: 20).isEmpty)
    #expect(block.redraw([], columns: 20).isEmpty)
  }

  /// A terminal that became narrower has folded the lines that were there.
  @Test func aNarrowerWindowLeavesNothingBehind() {
    var block = LiveBlock()
    _ = block.redraw([LiveLine(String(repeating: "a", count: 19)), LiveLine("bb")], columns: 20)
    var screen = Screen(columns: 10)
    screen.write("m\n" + String(repeating: "a", count: 19) + "\nbb")
    #expect(screen.lines.count == 4)
    screen.write(block.redraw([LiveLine("aaa"), LiveLine("b")], columns: 10))
    #expect(screen.lines == ["m", "aaa", "b"])
  }
}

struct FittedLineTests {
  private static let line = StageLine.line(
    "fold 3/5, draws at the initial priors", objective: [1, .nan, 3, 2],
    reading: reading, divergences: 12, secondsLeft: 125)
  private static let reading: ChainMeter.Reading = {
    var reading = ChainMeter.Reading()
    (reading.made, reading.planned, reading.divergences) = ([150, 10, 80, 300], 300, 12)
    return reading
  }()

  @Test(arguments: Array(1...200)) func everyWidthHolds(columns: Int) {
    for unicode in [true, false] {
      let style = TerminalStyle(hasColour: true, hasUnicode: unicode)
      for fitted in [
        Self.line,
        PieceLine.line("trial", "moe, 3 experts", "failed: −1 ± 2 …", done: 2, total: 9, secondsLeft: 3, hasBar: true),
      ] {
        let line = fitted.live(columns: columns, style: style)
        #expect(line.width < max(columns, 2))
        var screen = Screen(columns: max(2, columns))
        screen.write(line.text)
        #expect(screen.lines.count == 1 && TextWidth.of(screen.lines[0]) <= line.width)
        if !unicode { #expect(screen.lines[0].allSatisfy { $0.isASCII || "━╌▁▂▃▄▅▆▇█·".contains($0) }) }
      }
    }
  }

  @Test func whatMattersStays() {
    let wide = Self.line.live(columns: 200).text
    #expect(
      wide
        == "fold 3/5, draws at the initial priors  ▁·█▅  ━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌  45 %  chains 50/3/26/100  12 divergent  2 min 05 s left"
    )
    let narrow = Self.line.live(columns: 60).text
    #expect(
      narrow.hasPrefix("fold 3/5, draws at the initial priors") && narrow.contains("45%") && narrow.contains("div 12"))
    #expect(Self.line.live(columns: 12).text == "fold 3/5, …")
  }

  @Test func styles() {
    #expect(
      TerminalStyle(environment: ["LANG": "C.UTF-8"], isTerminal: true)
        == TerminalStyle(hasColour: true, hasUnicode: true))
    #expect(
      TerminalStyle(environment: ["LANG": "de_DE.utf8", "NO_COLOR": "1"], isTerminal: true)
        == TerminalStyle(hasColour: false, hasUnicode: true))
    #expect(
      TerminalStyle(environment: ["LANG": "en_US.UTF-8", "LC_ALL": "C", "NO_COLOR": ""], isTerminal: true)
        == TerminalStyle(hasColour: true, hasUnicode: false), "LC_ALL comes first; an empty NO_COLOR is none")
    #expect(!TerminalStyle(environment: ["TERM": "dumb"], isTerminal: true).hasColour)
    #expect(!TerminalStyle(environment: [:], isTerminal: false).hasColour)
    let warned = PieceLine.line("fit", "x", "failed", done: 1, total: 1, secondsLeft: nil)
    #expect(warned.live(columns: 80, style: TerminalStyle(hasColour: true)).text.contains("\u{1B}[33mfailed\u{1B}[0m"))
    #expect(!warned.live(columns: 80).text.contains("\u{1B}") && warned.plain == "fit 1/1  x  failed")
    #expect(TerminalStyle(hasUnicode: false).shown("−1 ± 2…") == "-1 +- 2...")
  }
}

struct NearestNamesTests {
  @Test func hints() {
    #expect(NearestNames.hint(for: "motorcyle", among: ["power", "motorcycle"]) == "did you mean motorcycle?")
    #expect(NearestNames.hint(for: "x", among: ["power", "motorcycle"]) == "allowed is power, motorcycle.")
    #expect(
      NearestNames.hinting("found the unknown function \"fourir\"; allowed are fourier, poly, exp")
        == "found the unknown function \"fourir\"; perhaps fourier is meant; allowed are fourier, poly, exp")
    #expect(
      NearestNames.hinting("There is no column \"tims\"; there are accel, times.")
        == "There is no column \"tims\"; perhaps times is meant; there are accel, times.")
    for text in ["There is no column \"zzz\"; there are a, b.", "Nothing \"of\" the kind.", ""] {
      #expect(NearestNames.hinting(text) == text)
    }
  }
}
