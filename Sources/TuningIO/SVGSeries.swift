/// Values that one plot draws in one way.
public struct SVGSeries: Sendable, Equatable {
  /// How the values are drawn.
  public enum Shape: Sendable, Equatable {
    /// A line through the points, with the band about it where there is one.
    case line
    /// A line that stays level from each point to the next.
    case steps
    /// A line and what lies below it, down to 0.
    case area
    /// Signs of that radius in pixels, with error bars where there is a band.
    case points(SVGSign, radius: Double)
    /// Bars of that width, in units of the horizontal axis, from 0.
    case bars(width: Double)
    /// The bands alone, each as wide as that, in units of the horizontal axis.
    case blocks(width: Double)
    /// Rectangles about the points of that size, in units of both axes, coloured by their values.
    case cells(width: Double, height: Double)
  }

  /// What the legend calls it; empty for no entry.
  public var name: String
  /// How it is drawn.
  public var shape = Shape.line
  /// Points, for lines from left to right.
  public var points: [(x: Double, y: Double)]
  /// The lower and upper end of the interval at every point; nil for none.
  public var band: [ClosedRange<Double>]?
  /// The left and right end of the interval at every point, for signs; nil for none.
  public var across: [ClosedRange<Double>]?
  /// The number of its colour, see `SVGColour`; nil for its place among the series.
  public var colour: Int?
  /// A value of every point that decides its colour, by the shading of the plot; nil for none.
  public var values: [Double]?
  /// Whether lines are dashed.
  public var isDashed = false
  /// How much areas, signs and error bars cover, from 0 to 1; nil for the usual.
  public var opacity: Double?
  /// The width of lines in pixels.
  public var width = 2.0

  /// A series.
  public init(
    _ name: String, _ shape: Shape = .line, points: [(x: Double, y: Double)], band: [ClosedRange<Double>]? = nil,
    across: [ClosedRange<Double>]? = nil, colour: Int? = nil, values: [Double]? = nil
  ) {
    precondition(band.map { $0.count == points.count } ?? true, "a band has edges at every point")
    precondition(across.map { $0.count == points.count } ?? true, "an interval has ends at every point")
    precondition(values.map { $0.count == points.count } ?? true, "every point has a value")
    self.name = name
    self.shape = shape
    self.points = points
    self.band = band
    self.across = across
    self.colour = colour
    self.values = values
  }

  /// Whether both are drawn alike.
  public static func == (a: SVGSeries, b: SVGSeries) -> Bool {
    a.name == b.name && a.shape == b.shape && a.band == b.band && a.across == b.across && a.colour == b.colour
      && a.values == b.values && a.isDashed == b.isDashed && a.opacity == b.opacity && a.width == b.width
      && a.points.elementsEqual(b.points, by: ==)
  }

  /// The values along the horizontal axis, intervals and the widths of bars included.
  var horizontalValues: [Double] {
    let values = points.map(\.x) + (across ?? []).flatMap { [$0.lowerBound, $0.upperBound] }
    switch shape {
    case .bars(let width), .blocks(let width), .cells(let width, _):
      return points.flatMap { [$0.x - 0.5 * width, $0.x + 0.5 * width] }
    default: return values
    }
  }

  /// The values along the vertical axis, intervals and 0 where bars stand on it included.
  var verticalValues: [Double] {
    let ends = (band ?? []).flatMap { [$0.lowerBound, $0.upperBound] }
    switch shape {
    case .blocks: return ends
    case .bars, .area: return points.map(\.y) + ends + [0]
    case .cells(_, let height): return points.flatMap { [$0.y - 0.5 * height, $0.y + 0.5 * height] }
    default: return points.map(\.y) + ends
    }
  }
}

extension SVGSeries {
  /// What lies under all lines: bands, areas and bars.
  func areas(_ colour: SVGColour, _ frame: SVGFrame) -> [String] {
    let (h, v) = (frame.horizontal, frame.vertical)
    switch shape {
    case .line, .steps:
      guard let band, band.count > 1 else { return [] }
      let edges =
        zip(points, band).map { (h.place($0.x), v.place($1.lowerBound)) }
        + zip(points, band).reversed().map { (h.place($0.x), v.place($1.upperBound)) }
      return ["<polygon points=\"\(SVGText.path(edges))\" \(colour.fill(opacity ?? 0.15))/>"]
    case .area:
      guard let first = points.first, let last = points.last else { return [] }
      let edges =
        [(h.place(first.x), v.place(0))] + points.map { (h.place($0.x), v.place($0.y)) }
        + [(h.place(last.x), v.place(0))]
      return ["<polygon points=\"\(SVGText.path(edges))\" \(colour.fill(opacity ?? 0.25))/>"]
    case .bars(let width):
      let boxes = points.map { box($0.x, width, 0...max($0.y, 0), frame) }.joined()
      return ["<path d=\"\(boxes)\" \(colour.fill(opacity ?? 0.7))/>"]
    case .blocks(let width):
      let boxes = zip(points, band ?? []).map { box($0.x, width, $1, frame) }.joined()
      return ["<path d=\"\(boxes)\" \(colour.fill(opacity ?? 0.2)) shape-rendering=\"crispEdges\"/>"]
    case .cells(let width, let height):
      return (frame.shading?.groups(values ?? []) ?? []).map { group in
        let boxes = group.members.map { index in
          let y = points[index].y
          return box(points[index].x, width, y - 0.5 * height...y + 0.5 * height, frame)
        }
        return "<path d=\"\(boxes.joined())\" fill=\"\(group.colour)\" shape-rendering=\"crispEdges\"/>"
      }
    case .points: return []
    }
  }

  /// Lines, signs and error bars.
  func strokes(_ colour: SVGColour, _ frame: SVGFrame) -> [String] {
    let (h, v) = (frame.horizontal, frame.vertical)
    switch shape {
    case .line:
      return visibleParts(frame).map { curve($0, colour) }
    case .area:
      return [curve(points.map { (h.place($0.x), v.place($0.y)) }, colour)]
    case .steps:
      let corners = points.enumerated().flatMap { index, point -> [(Double, Double)] in
        let before = index > 0 ? [(h.place(point.x), v.place(points[index - 1].y))] : []
        return before + [(h.place(point.x), v.place(point.y))]
      }
      return [curve(corners, colour)]
    case .points(let sign, let radius):
      let places = points.map { (x: h.place($0.x), y: v.place($0.y)) }
      guard let values, let shading = frame.shading else {
        return errorBars(colour, frame) + [sign.element(at: places, radius: radius, colour, opacity ?? 1)]
      }
      return [SVGSign.disc.element(at: places, radius: radius + 1, colour, 1)]
        + shading.groups(values).map { group in
          SVGSign.discs(at: group.members.map { places[$0] }, radius: radius, group.colour)
        }
    case .bars: return errorBars(colour, frame)
    case .blocks, .cells: return []
    }
  }

  private func curve(_ places: [(Double, Double)], _ colour: SVGColour) -> String {
    "<polyline points=\"\(SVGText.path(places))\" fill=\"none\" \(colour.stroke(width: width))"
      + " stroke-linejoin=\"round\"\(isDashed || colour.isDashed ? " stroke-dasharray=\"6 4\"" : "")/>"
  }

  /// A rectangle as a piece of a path.
  private func box(_ x: Double, _ width: Double, _ y: ClosedRange<Double>, _ frame: SVGFrame) -> String {
    let (left, right) = (frame.horizontal.place(x - 0.5 * width), frame.horizontal.place(x + 0.5 * width))
    let (low, high) = (frame.vertical.place(y.lowerBound), frame.vertical.place(y.upperBound))
    return "M\(PlotScale.text(left)) \(PlotScale.text(low))H\(PlotScale.text(right))V\(PlotScale.text(high))"
      + "H\(PlotScale.text(left))Z"
  }

  private func errorBars(_ colour: SVGColour, _ frame: SVGFrame) -> [String] {
    let (h, v, cap) = (frame.horizontal, frame.vertical, 3.5)
    var path = ""
    for (point, range) in zip(points, band ?? []) {
      let (x, low, high) = (h.place(point.x), v.place(range.lowerBound), v.place(range.upperBound))
      path += "M\(PlotScale.text(x)) \(PlotScale.text(low))V\(PlotScale.text(high))"
      for end in [low, high] {
        path += "M\(PlotScale.text(x - cap)) \(PlotScale.text(end))H\(PlotScale.text(x + cap))"
      }
    }
    for (point, range) in zip(points, across ?? []) {
      let (y, low, high) = (v.place(point.y), h.place(range.lowerBound), h.place(range.upperBound))
      path += "M\(PlotScale.text(low)) \(PlotScale.text(y))H\(PlotScale.text(high))"
      for end in [low, high] {
        path += "M\(PlotScale.text(end)) \(PlotScale.text(y - cap))V\(PlotScale.text(y + cap))"
      }
    }
    let cover = opacity.map { " stroke-opacity=\"\(NumberText.fixed($0, digits: 2))\"" } ?? ""
    return path.isEmpty ? [] : ["<path d=\"\(path)\" fill=\"none\" \(colour.stroke(width: 1.5))\(cover)/>"]
  }
}
