import Testing

@testable import TuningIO

struct SparklineTests {
  @Test func levelsFollowValues() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 20) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([7, 0], width: 20) == "█▁")
    #expect(Sparkline.text([-1e3, -1e3 + 1e-9, -999], width: 3) == "▁▁█")
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 20, unicode: false) == "_.:-=+*#")
  }

  @Test func degenerateCurves() {
    #expect(Sparkline.text([], width: 9) == "" && Sparkline.text([1, 2], width: 0) == "")
    #expect(Sparkline.text([3], width: 9) == "▄", "one value stands in the middle")
    #expect(Sparkline.text([3, 3, 3], width: 9) == "▄▄▄")
    #expect(Sparkline.text([.nan, .infinity], width: 9) == "··")
    #expect(Sparkline.text([0, .nan, 1], width: 9) == "▁·█", "a gap changes nothing around it")
    #expect(Sparkline.text([0, .nan, 1], width: 9, unicode: false) == "_?#")
    #expect(
      Sparkline.text([-.greatestFiniteMagnitude, .greatestFiniteMagnitude], width: 9) == "▁█", "no overflow")
    #expect(Sparkline.text([0, .leastNonzeroMagnitude], width: 9).count == 2)
  }

  /// Groups of neighbours are averaged; of a straight line that is a straight line.
  @Test(arguments: [1, 2, 7, 30, 200]) func longCurvesAreAveraged(width: Int) {
    let text = Sparkline.text((0..<1000).map(Double.init), width: width)
    #expect(text.count == width)
    #expect(Array(text) == Array(text).sorted())
    #expect(Sparkline.text([1, .nan, 5, 5, 9, 9], width: 3) == "▁▅█", "what is not finite is left out of a mean")
  }

  @Test func bars() {
    #expect(Sparkline.bar(0.5, width: 4) == "━━╌╌" && Sparkline.bar(0, width: 2) == "╌╌")
    #expect(Sparkline.bar(0.999, width: 4, unicode: false) == "###.", "full only when all is done")
    #expect(
      Sparkline.bar(7, width: 3) == "━━━" && Sparkline.bar(.nan, width: 3) == "╌╌╌" && Sparkline.bar(1, width: 0) == "")
  }
}
