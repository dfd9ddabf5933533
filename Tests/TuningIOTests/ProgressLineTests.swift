import EmpiricalBayes
import Testing

@testable import TuningIO

struct ProgressLineTests {
  /// Decoded, so that fields that are added later need no change here.
  private let info: TuningInfo

  init() throws {
    info = try JSONText.decode(
      TuningInfo.self,
      from: """
        {"iteration": 12, "lambda": [0.5, "-Infinity"], "expectedLogLikelihood": {"value": -123.44, "standardError": 0.8},
        "entropy": {"value": -0.1234, "standardError": 0.01}, "surrogate": {"value": -123.46, "standardError": 0.83},
        "gradient": [{"value": 1.2, "standardError": 0.3}, {"value": 0, "standardError": 0.26}], "step": [0.1, 0.2],
        "worstRHat": 1.0123, "minimumBulkESS": 210, "draws": 400, "divergences": 0, "gradientEvaluations": 12345, "isBest": false,
        "collapsedDraws": 0, "weightEffectiveSize": 400}
        """)
  }

  @Test func plainLines() {
    let line = ProgressLine.line(info, total: 60, elapsed: 13).plain
    #expect(
      line
        == "iteration 12/60  surrogate −123.5 ± 0.8  ELL −123.4  entropy −0.123  |grad| 1.2 ± 0.4  R-hat 1.01  div 0  48 s left"
    )
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 32 })
  }

  @Test func liveLinesFit() {
    let line = ProgressLine.line(info, total: 60, elapsed: 13)
    for width in 10...200 {
      let live = line.live(columns: width)
      #expect(TextWidth.of(live.text) == live.width && live.width < width, "\(width): \(live.text)")
      #expect(live.text.hasPrefix(width > TextWidth.of(line.plain) ? "iteration 12/60" : "12/60"))
    }
    #expect(line.live(columns: 120).text == line.plain)
    let narrow = line.live(columns: 60).text
    #expect(narrow.contains("surr") && narrow.contains("Rhat") && !narrow.contains("ent"))
  }

  /// The usual terminal shows all that the long line says.
  @Test func eightyColumnsHoldEverything() {
    var best = info
    best.isBest = true
    best.surrogate.value = -1123.46
    best.expectedLogLikelihood.value = -1120.44
    #expect(
      ProgressLine.line(best, total: 60, elapsed: 13).live(columns: 80).text
        == "12/60 surr −1123.5±0.8* ELL −1120.4 ent −0.12 |g| 1.2±0.4 Rhat 1.01 div 0 48s")
  }

  @Test func strangeNumbersAreShown() {
    var strange = info
    strange.surrogate = Estimate(value: .nan, standardError: .nan)
    strange.gradient = [Estimate(value: .infinity, standardError: 0)]
    strange.worstRHat = .nan
    strange.entropy = nil
    strange.divergences = 7
    let line = ProgressLine.line(strange, total: 12, elapsed: 0).plain
    #expect(line == "iteration 12/12  surrogate nan ± nan  ELL −123.4  |grad| inf ± 0  R-hat nan  div 7  0 s")
  }

  @Test func traceLinesReadBack() throws {
    let directory = try TemporaryDirectory()
    let journal = try Journal(path: directory.file("trace.jsonl"))
    let line = TraceLine(info: info, coordinates: ["slopes: scale", "noise: scale"])
    try journal.append(json: line)
    try journal.append(json: line)
    let texts = try Journal.lines(at: directory.file("trace.jsonl"))
    #expect(texts.count == 2 && texts[0] == texts[1])
    #expect(texts[0].hasPrefix("{\"coordinates\":[\"slopes: scale\",\"noise: scale\"],\"info\":{"))
    #expect(texts[0].contains("\"divergences\":0,"))
    #expect(texts[0].contains("\"lambda\":[0.5,\"-Infinity\"]"))
    #expect(try JSONText.decode(TraceLine.self, from: texts[0]) == line)
  }
}

struct NumberTextTests {
  @Test func fixedPoint() {
    #expect(NumberText.fixed(1.005, digits: 1) == "1.0")
    #expect(NumberText.fixed(-0.04, digits: 1) == "0.0", "no negative zero")
    #expect(NumberText.fixed(-12.5, digits: 0) == "−13")
    #expect(NumberText.fixed(0.007, digits: 3) == "0.007")
    #expect(NumberText.fixed(.nan, digits: 2) == "nan" && NumberText.fixed(-.infinity, digits: 2) == "−inf")
    #expect(NumberText.fixed(1e300, digits: 2) == "1e+300")
  }

  @Test func significantDigits() {
    let cases: [(Double, String)] = [
      (0, "0"), (1, "1"), (1.001, "1.00"), (2.5, "2.50"), (-3e5, "−300000"), (0.0498, "0.0498"), (123456, "123456"),
      (-2.345, "−2.35"), (1.234e-7, "1.23e-7"), (9.999e6, "1.00e7"),
      (6.02e23, "6.02e23"), (.leastNonzeroMagnitude, "4.94e-324"), (.infinity, "inf"),
    ]
    for (value, text) in cases { #expect(NumberText.significant(value) == text) }
  }

  @Test func errorsDecideTheDigits() {
    #expect(NumberText.withError(-123.456, 0.83) == "−123.5 ± 0.8")
    #expect(NumberText.withError(1.23456, 0.0123) == "1.235 ± 0.012")
    #expect(NumberText.withError(1234.5, 25) == "1235 ± 25")
  }

  @Test func durations() {
    #expect(
      [0.2, 12, 59.6, 125, 3720, .nan].map(NumberText.duration) == [
        "0 s", "12 s", "1 min 00 s", "2 min 05 s", "1 h 02 min", "?",
      ])
  }
}

struct TextTableTests {
  @Test func columnsAlign() {
    var table = TextTable([("name", .left), ("x", .right)])
    table.append(["température", "1.5"])
    table.append(["風速", "−10.25"])
    table.append(["e\u{301}", "0\n"])
    #expect(
      table.text()
        == "name              x\n───────────  ──────\ntempérature     1.5\n風速         −10.25\ne\u{301}                0 \n"
        .replacingOccurrences(of: "0 \n", with: "0\n"))
  }

  @Test func wideTablesAreCut() {
    var table = TextTable([("parameter", .left), ("value", .right)])
    table.append([String(repeating: "long", count: 30), "12345"])
    for line in table.lines(width: 40) { #expect(TextWidth.of(line) <= 40) }
    #expect(table.lines(width: 40)[2].contains("…"))
  }

  @Test func cutNamesKeepTheirEnds() {
    #expect(TextWidth.shortened("slope[1,a very long feature name_sin1]", to: 20) == "slope[1,a …ame_sin1]")
    #expect(TextWidth.shortened("short", to: 20) == "short")
    for width in 0...45 {
      #expect(TextWidth.of(TextWidth.shortened("風slope[1,a very long feature name]速", to: width)) <= width)
    }
  }

  @Test func textIsFoldedAtBlanks() {
    #expect(TextWidth.folded("one two three", to: 8, indent: "  ") == ["one two", "  three"])
    #expect(TextWidth.folded("  WARN  a sentence", to: 12, indent: "   ") == ["  WARN  a", "   sentence"])
    #expect(TextWidth.folded("unbreakable a", to: 5) == ["unbreakable", "a"])
    #expect(TextWidth.folded("as it is", to: .max) == ["as it is"])
    #expect(TextWidth.folded("", to: 5) == [""])
  }

  @Test func widths() {
    #expect(
      TextWidth.of("abc") == 3 && TextWidth.of("風速") == 4 && TextWidth.of("e\u{301}") == 1 && TextWidth.of("") == 0)
    #expect(TextWidth.fitted("風速風速", to: 6) == "風速…")
  }
}
