/// A plot of lines as an SVG document: two axes, each linear or logarithmic, with ticks and labels; lines with optional bands; a
/// legend. Text is real text, and nothing but the fonts comes from outside the file.
public struct SVGPlot: Sendable, Equatable {
  /// One axis.
  public struct Axis: Sendable, Equatable {
    /// What is shown, with its unit.
    public var label: String
    /// Whether equal ratios have equal lengths.
    public var isLogarithmic: Bool
    /// The ends; nil for those of the data.
    public var range: ClosedRange<Double>?

    /// An axis.
    public init(_ label: String, isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.isLogarithmic = isLogarithmic
      self.range = range
    }
  }

  /// A line, with a band about it where it has one.
  public struct Line: Sendable, Equatable {
    /// What the legend calls it.
    public var name: String
    /// Points from left to right.
    public var points: [(x: Double, y: Double)]
    /// The lower and upper edge of the band at every point; nil for no band.
    public var band: [ClosedRange<Double>]?

    /// A line.
    public init(_ name: String, points: [(x: Double, y: Double)], band: [ClosedRange<Double>]? = nil) {
      precondition(band.map { $0.count == points.count } ?? true, "a band has edges at every point")
      self.name = name
      self.points = points
      self.band = band
    }

    /// Whether both are drawn alike.
    public static func == (a: Line, b: Line) -> Bool {
      a.name == b.name && a.band == b.band && a.points.elementsEqual(b.points, by: ==)
    }
  }

  /// Above the plot.
  public var title: String
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// Drawn in this order.
  public var lines: [Line] = []
  /// Horizontal marks, such as tolerances, with what is written beside them.
  public var marks: [(y: Double, label: String)] = []

  /// A plot without lines.
  public init(title: String, x: Axis, y: Axis) {
    self.title = title
    self.x = x
    self.y = y
  }

  /// Whether both are drawn alike.
  public static func == (a: SVGPlot, b: SVGPlot) -> Bool { a.text == b.text }

  private static let size = (width: 860.0, height: 520.0)
  private static let frame = (left: 78.0, right: 640.0, top: 44.0, bottom: 458.0)
  /// Ten colours that stay apart for colour-blind readers; beyond ten, lines are dashed.
  private static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#7A5195", "#E69F00", "#56B4E9", "#8C564B", "#555555", "#B8A400",
  ]

  /// The document.
  public var text: String {
    let horizontal = PlotScale(
      x, data: lines.flatMap { $0.points.map(\.x) }, from: Self.frame.left, to: Self.frame.right)
    let vertical = PlotScale(
      y, data: lines.flatMap { $0.points.map(\.y) + ($0.band ?? []).flatMap { [$0.lowerBound, $0.upperBound] } },
      from: Self.frame.bottom, to: Self.frame.top)
    let (width, height) = (PlotScale.text(Self.size.width), PlotScale.text(Self.size.height))
    var document = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
        + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"white\"/>",
      label(title, Self.frame.left, 26, size: 16, anchor: "start"),
      "<clipPath id=\"frame\"><rect \(frameAttributes)/></clipPath>",
    ]
    document += grid(horizontal, vertical)
    document.append("<g clip-path=\"url(#frame)\">")
    document += lines.enumerated().compactMap { band($1, colour($0), horizontal, vertical) }
    document += lines.enumerated().map { curve($1, $0, horizontal, vertical) }
    document.append("</g>")
    document.append("<rect \(frameAttributes) fill=\"none\" stroke=\"#333333\"/>")
    document += legend()
    document.append("</svg>")
    return document.joined(separator: "\n") + "\n"
  }

  private var frameAttributes: String {
    let frame = Self.frame
    return "x=\"\(PlotScale.text(frame.left))\" y=\"\(PlotScale.text(frame.top))\""
      + " width=\"\(PlotScale.text(frame.right - frame.left))\" height=\"\(PlotScale.text(frame.bottom - frame.top))\""
  }

  private func colour(_ index: Int) -> String { Self.colours[index % Self.colours.count] }

  private func dash(_ index: Int) -> String { index < Self.colours.count ? "" : " stroke-dasharray=\"6 4\"" }

  /// Ticks with their labels, faint lines through the plot, marks, and the names of the axes.
  private func grid(_ horizontal: PlotScale, _ vertical: PlotScale) -> [String] {
    let frame = Self.frame
    var elements: [String] = []
    for tick in horizontal.ticks {
      let place = horizontal.place(tick)
      elements.append(line(place, frame.top, place, frame.bottom, "stroke=\"#DDDDDD\""))
      elements.append(label(horizontal.name(of: tick), place, frame.bottom + 18, anchor: "middle"))
    }
    for tick in vertical.ticks {
      let place = vertical.place(tick)
      elements.append(line(frame.left, place, frame.right, place, "stroke=\"#DDDDDD\""))
      elements.append(label(vertical.name(of: tick), frame.left - 8, place + 4.5, anchor: "end"))
    }
    for mark in marks where vertical.contains(mark.y) {
      let place = vertical.place(mark.y)
      elements.append(line(frame.left, place, frame.right, place, "stroke=\"#888888\" stroke-dasharray=\"2 3\""))
      elements.append(label(mark.label, frame.right - 5, place - 4, size: 11, anchor: "end"))
    }
    let (centre, middle) = (0.5 * (frame.left + frame.right), 0.5 * (frame.top + frame.bottom))
    elements.append(label(x.label, centre, frame.bottom + 42, anchor: "middle"))
    elements.append(
      label(y.label, 20, middle, anchor: "middle", more: " transform=\"rotate(-90 20 \(PlotScale.text(middle)))\""))
    return elements
  }

  private func band(_ line: Line, _ colour: String, _ horizontal: PlotScale, _ vertical: PlotScale) -> String? {
    guard let band = line.band, band.count > 1 else { return nil }
    let edges =
      zip(line.points, band).map { (horizontal.place($0.x), vertical.place($1.lowerBound)) }
      + zip(line.points, band).reversed().map { (horizontal.place($0.x), vertical.place($1.upperBound)) }
    return "<polygon points=\"\(Self.path(edges))\" fill=\"\(colour)\" fill-opacity=\"0.12\"/>"
  }

  private func curve(_ line: Line, _ index: Int, _ horizontal: PlotScale, _ vertical: PlotScale) -> String {
    let places = line.points.map { (horizontal.place($0.x), vertical.place($0.y)) }
    return "<polyline points=\"\(Self.path(places))\" fill=\"none\" stroke=\"\(colour(index))\" stroke-width=\"2\""
      + " stroke-linejoin=\"round\"\(dash(index))/>"
  }

  private func legend() -> [String] {
    lines.enumerated().flatMap { index, entry in
      let (left, place) = (Self.frame.right + 14, Self.frame.top + 12 + 20 * Double(index))
      return [
        line(left, place, left + 22, place, "stroke=\"\(colour(index))\" stroke-width=\"3\"\(dash(index))"),
        label(entry.name, left + 29, place + 4.5, size: 12, anchor: "start"),
      ]
    }
  }

  private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ attributes: String) -> String {
    let (x1, y1, x2, y2) = (PlotScale.text(x1), PlotScale.text(y1), PlotScale.text(x2), PlotScale.text(y2))
    return "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" \(attributes)/>"
  }

  private func label(
    _ words: String, _ x: Double, _ y: Double, size: Int = 13, anchor: String, more: String = ""
  ) -> String {
    "<text x=\"\(PlotScale.text(x))\" y=\"\(PlotScale.text(y))\" font-size=\"\(size)\" text-anchor=\"\(anchor)\"\(more)>"
      + "\(Self.escaped(words))</text>"
  }

  private static func path(_ places: [(Double, Double)]) -> String {
    places.map { "\(PlotScale.text($0.0)),\(PlotScale.text($0.1))" }.joined(separator: " ")
  }

  /// Text as XML takes it.
  static func escaped(_ words: String) -> String {
    words.reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
  }
}
