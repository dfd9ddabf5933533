import Foundation
import Testing

@testable import TuningIO

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a parser of XML finds in a document.
final class ParsedXML: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]
  private(set) var identifiers: [String] = []
  private(set) var references: [String] = []
  private(set) var addresses: [String] = []
  private(set) var text = ""
  let isWellFormed: Bool

  init(_ document: String) {
    let parser = XMLParser(data: Data(document.utf8))
    let collector = Collector()
    parser.delegate = collector
    isWellFormed = parser.parse()
    super.init()
    elements = collector.elements
    identifiers = collector.identifiers
    references = collector.references
    addresses = collector.addresses
    text = collector.text
  }

  private final class Collector: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var identifiers: [String] = []
    var references: [String] = []
    var addresses: [String] = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements[name, default: 0] += 1
      if let id = attributes["id"] { identifiers.append(id) }
      references += (attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
      addresses += [attributes["href"], attributes["src"]].compactMap { $0 }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }
}

@Suite struct SVGFigureTests {
  static func panel(_ title: String) -> SVGPlot {
    var plot = SVGPlot.panel(title, x: .init("x, seconds"), y: .init("y <units>"))
    plot.summary = "What \(title) shows & why"
    plot.series = [
      SVGSeries("bars", .bars(width: 0.5), points: [(1, 3), (2, 5)], band: [2...4, 4...6]),
      SVGSeries(
        "dots", .points(.disc, radius: 2), points: [(1, 3), (2, 5)], band: [2...4, 4...6], across: [0...2, 1...3]),
      SVGSeries("area", .area, points: [(0, 1), (3, 2)]),
      SVGSeries("steps", .steps, points: [(0, 1), (1, 4), (3, 4)]),
      SVGSeries("regions", .blocks(width: 1), points: [(1, 2), (2, 3)], band: [2...3, 3...4]),
      SVGSeries("line", points: [(0, 0), (3, 6)], band: [0...1, 5...7]),
      SVGSeries("diamonds", .points(.diamond, radius: 4), points: [(1, 1)]),
      SVGSeries("triangles", .points(.triangle, radius: 4), points: [(2, 1)]),
      SVGSeries("crosses", .points(.cross, radius: 4), points: [(3, 1)]),
    ]
    plot.marks = [.init(4, "a level")]
    plot.uprights = [.init(2.9, "an iterate")]
    return plot
  }

  static let figure = SVGFigure(
    name: "all", title: "Every shape <&>", caption: "To be read \"so\"",
    stacks: [[panel("first"), panel("second")], [panel("third")]])

  /// One document of all panels is XML, its ids differ, every reference leads to one of them, and every legend entry is there.
  @Test func composedDocument() {
    let parsed = ParsedXML(Self.figure.text(columns: 2))
    #expect(parsed.isWellFormed)
    #expect(parsed.elements["svg"] == 4 && parsed.elements["title"] == 4 && parsed.elements["desc"] == 4)
    #expect(Set(parsed.identifiers).count == parsed.identifiers.count)
    #expect(Set(parsed.references).isSubset(of: Set(parsed.identifiers)))
    for words in ["Every shape <&>", "second", "triangles", "a level", "an iterate", "What third shows & why"] {
      #expect(parsed.text.contains(words), "\(words)")
    }
  }

  /// Stacked panels have their horizontal axes in line, whatever their numbers look like.
  @Test func stacksAreInLine() {
    var wide = Self.panel("wide")
    wide.series = [SVGSeries("", points: [(0, 123_456), (3, 654_321)])]
    let stack = SVGFigure(name: "", title: "", caption: "", stacks: [[Self.panel("narrow"), wide]]).stacks[0]
    #expect(SVGFrame(stack[0]).left == SVGFrame(stack[1]).left)
    #expect(SVGFrame(Self.panel("narrow")).left < SVGFrame(wide).left)
  }

  /// A step keeps its level up to the next point.
  @Test func stepsKeepTheirLevel() throws {
    var plot = SVGPlot.panel("", x: .init("", range: 0...1), y: .init("", range: 0...1))
    plot.series = [SVGSeries("", .steps, points: [(0, 0), (0.5, 1), (1, 1)])]
    let frame = SVGFrame(plot)
    let (left, middle, right) = (frame.left, 0.5 * (frame.left + frame.right), frame.right)
    let places = [
      (left, frame.bottom), (middle, frame.bottom), (middle, frame.top), (right, frame.top), (right, frame.top),
    ]
    #expect(plot.text.contains("points=\"\(SVGText.path(places))\""))
  }

  /// Long names are cut where they would leave the drawing, and stay whole in the title for readers.
  @Test func longNamesAreCut() {
    let name = String(repeating: "very long name ", count: 20)
    var plot = Self.panel(name)
    plot.series[0].name = name
    let parsed = ParsedXML(plot.text)
    #expect(parsed.isWellFormed && parsed.text.contains(name) && parsed.text.contains("…"))
    for key in SVGLegend(plot.keys).rows(left: 60, top: 0, width: 370) {
      #expect(!key.contains(name))
    }
  }

  @Test func controlCharactersAreNoXML() {
    #expect(SVGText.escaped("a\u{1}b\u{0}<\u{FFFE}") == "a\u{FFFD}b\u{FFFD}&lt;\u{FFFD}")
  }
}
