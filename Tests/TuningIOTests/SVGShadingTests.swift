import Testing

@testable import TuningIO

@Suite struct SVGShadingTests {
  @Test func endsMiddleAndBeyond() {
    let shading = SVGShading("weight", 0...2)
    #expect(shading.step(of: 0) == 0 && shading.step(of: 2) == SVGShading.steps - 1)
    #expect(shading.step(of: -5) == 0 && shading.step(of: 1e300) == SVGShading.steps - 1)
    #expect(shading.step(of: 1) == SVGShading.steps / 2)
    #expect(shading.step(of: .nan) == nil && shading.step(of: .infinity) == nil)
    #expect(shading.colour(0) == "#440154" && shading.colour(SVGShading.steps - 1) == "#fde725")
    // A range without extent, and one too long for a Double, have the colour of the middle.
    #expect(SVGShading("", 3...3).step(of: 3) == SVGShading.steps / 2)
    #expect(SVGShading("", -1e308...1.7e308).step(of: 0) == SVGShading.steps / 2)
  }

  /// Differences of equal size in either direction are equally far from near white.
  @Test func divergingIsEven() {
    let shading = SVGShading("difference", -1...1, .diverging)
    #expect(shading.colour(0) == "#2166ac" && shading.colour(SVGShading.steps - 1) == "#b2182b")
    for size in [0.1, 0.45, 0.9] {
      let (down, up) = (shading.step(of: -size), shading.step(of: size))
      #expect(down.flatMap { low in up.map { low + $0 } } == SVGShading.steps - 1)
    }
  }

  @Test func groupsHoldEveryPlaceOnce() {
    let values = (0..<1000).map { Double($0 % 37) } + [.nan]
    let groups = SVGShading("", 0...36).groups(values)
    #expect(groups.flatMap(\.members).sorted() == Array(0..<1000))
    #expect(Set(groups.map(\.colour)).count == groups.count)
  }

  @Test func cellsAndBarOfAPlot() {
    var plot = SVGPlot.panel("map", x: .init("a"), y: .init("b"))
    plot.shading = SVGShading("v", 0...1)
    plot.series = [
      SVGSeries("", .cells(width: 1, height: 1), points: [(0, 0), (1, 0), (0, 1)], values: [0, 1, .nan])
    ]
    let text = plot.text
    #expect(text.contains("fill=\"#440154\" shape-rendering") && text.contains("fill=\"#fde725\" shape-rendering"))
    // Two cells and the bar; the place without a value is left white.
    #expect(text.split(separator: "\n").count { $0.contains("<path") } == 2)
    #expect(
      text.split(separator: "\n").count { $0.hasPrefix("<rect") && $0.contains("height=\"12\"") } == SVGShading.steps)
  }
}
