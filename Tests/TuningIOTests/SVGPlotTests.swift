import Foundation
import Testing

@testable import TuningIO

@Suite struct SVGPlotTests {
  private func plot() -> SVGPlot {
    var plot = SVGPlot(
      title: "Cost & regret", x: .init("gradient evaluations", isLogarithmic: true),
      y: .init("regret <nats>", isLogarithmic: true, range: 1e-3...1e2))
    plot.series = [
      .init("one", points: [(100, 50), (1000, 0.5), (10_000, 0.02)], band: [10...90, 0.1...2, 0.01...0.03]),
      .init("two", points: [(200, 1e9), (10_000, 1e-9)]),
    ]
    plot.marks = [.init(0.1, "0.1 nats"), .init(1e-9, "outside")]
    return plot
  }

  /// A parser of XML takes it, and what is written is there: labels with their special signs, legend, ticks, marks.
  @Test func isXMLWithEverythingInIt() throws {
    let document = plot().text
    let parser = XMLReader(document)
    #expect(parser.isWellFormed)
    for text in ["Cost & regret", "regret <nats>", "one", "two", "0.1 nats", "100", "1,000", "10,000", "0.001", "10"] {
      #expect(parser.texts.contains(text), "\(text) in \(parser.texts)")
    }
    #expect(!parser.texts.contains("outside"))
    #expect(parser.elements.count { $0 == "polyline" } == 2 && parser.elements.count { $0 == "polygon" } == 1)
  }

  /// A line that leaves the frame ends at its edge, and goes on where it comes back.
  @Test func linesEndAtTheEdge() {
    var plot = SVGPlot(title: "", x: .init("x", range: 0...4), y: .init("y", range: 0...1))
    plot.series = [.init("", points: [(0, 0.5), (1, 1.5), (2, 1.5), (3, -0.5), (4, 0.5)])]
    #expect(XMLReader(plot.text).elements.count { $0 == "polyline" } == 3)
    let scale = PlotScale(plot.y, data: [], from: 100, to: 0)
    #expect(scale.crossings(from: 0.5, to: 1.5).map(\.share) == [0.5])
    #expect(scale.crossings(from: 1.5, to: -0.5).map(\.edge) == [1, 0])
    #expect(scale.crossings(from: 1.5, to: 1.5).isEmpty && scale.crossings(from: 0.2, to: .infinity).isEmpty)
  }

  /// Places beyond the range are at its ends, and no coordinate is anything but a number.
  @Test func placesAreFinite() throws {
    var plot = plot()
    plot.series.append(.init("odd", points: [(0, .infinity), (1e3, .nan), (1e4, -1)]))
    let document = plot.text
    #expect(!document.contains("nan") && !document.contains("inf"))
    let scale = PlotScale(plot.y, data: [], from: 400, to: 0)
    #expect(scale.place(1e9) == 0 && scale.place(1e-9) == 400 && scale.place(.nan) == 400)
    #expect(abs(scale.place(1) - 160) < 300 && abs(scale.place(0.1) - 240) < 1e-9)
  }

  @Test func ticks() {
    let wide = PlotScale(.init("", isLogarithmic: true, range: 10...1e6), data: [], from: 0, to: 1)
    #expect(wide.ticks.map(wide.name) == ["10", "100", "1,000", "10,000", "100,000", "10⁶"])
    let narrow = PlotScale(.init("", isLogarithmic: true, range: 90...600), data: [], from: 0, to: 1)
    #expect(narrow.ticks == [100, 200, 500])
    let tiny = PlotScale(.init("", isLogarithmic: true, range: 1e-6...3e-6), data: [], from: 0, to: 1)
    #expect(tiny.ticks.map(tiny.name) == ["10⁻⁶", "2·10⁻⁶"])
    let linear = PlotScale(.init("", range: -1...2.1), data: [], from: 0, to: 1)
    #expect(linear.ticks.map(linear.name) == ["−1", "0", "1", "2"])
    let small = PlotScale(.init("", range: 0...0.011), data: [], from: 0, to: 1)
    #expect(small.ticks.map(small.name) == ["0", "0.002", "0.004", "0.006", "0.008", "0.01"])
    let empty = PlotScale(.init("", isLogarithmic: true), data: [.nan, -1], from: 0, to: 1)
    #expect(!empty.ticks.isEmpty)
  }

  /// Narrow ranges have at least two ticks, whose names differ; names stand in place of numbers where there are some.
  @Test func ticksOfOddRanges() {
    let narrow = PlotScale(.init("", isLogarithmic: true, range: 1.1...1.9), data: [], from: 0, to: 1)
    #expect(narrow.ticks.count >= 2)
    let offset = PlotScale(.init("", range: 1.0...1.012), data: [], from: 0, to: 1)
    #expect(Set(offset.ticks.map(offset.name)).count == offset.ticks.count)
    var axis = SVGPlot.Axis("")
    axis.names = ["a", "b"]
    let named = PlotScale(axis, data: [7], from: 0, to: 1)
    #expect(named.ticks.map(named.name) == ["a", "b"])
    axis = SVGPlot.Axis("", range: 0...2)
    axis.isWhole = true
    #expect(PlotScale(axis, data: [], from: 0, to: 1).ticks == [0, 1, 2])
    let crowded = PlotScale(.init("", range: 0...9e5), data: [], from: 0, to: 120)
    #expect(crowded.roomyTicks(size: 12).count < crowded.ticks.count)
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567")])
  func groups(_ value: Int, _ text: String) { #expect(NumberText.grouped(value) == text) }
}

/// The texts and the names of the elements of a document.
private final class XMLReader {
  private(set) var texts: [String] = []
  private(set) var elements: [String] = []
  private(set) var isWellFormed = true

  /// A small reader of its own: elements without mixed content, which must be closed in their order.
  init(_ document: String) {
    var open: [String] = []
    var rest = document[...]
    while let start = rest.firstIndex(of: "<") {
      let text = rest[..<start].trimmingCharacters(in: .whitespacesAndNewlines)
      if !text.isEmpty { texts.append(Self.unescaped(text)) }
      guard let end = rest[start...].firstIndex(of: ">") else {
        isWellFormed = false
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      if tag.count(where: { $0 == "\"" }) % 2 != 0 { isWellFormed = false }
      let name = tag.prefix { $0 != " " && $0 != "/" }
      if tag.hasPrefix("/") {
        if open.popLast() != String(tag.dropFirst()) { isWellFormed = false }
      } else {
        elements.append(String(name))
        if !tag.hasSuffix("/") { open.append(String(name)) }
      }
      rest = rest[rest.index(after: end)...]
    }
    if !open.isEmpty { isWellFormed = false }
  }

  private static func unescaped(_ text: String) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")].reduce(text) {
      $0.replacingOccurrences(of: $1.0, with: $1.1)
    }
  }
}
