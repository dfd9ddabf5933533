/// A plot as an SVG document: two axes, each linear or logarithmic, with ticks and labels; lines, points, bars and areas with their
/// intervals; a legend. Text is real text, and nothing but the fonts comes from outside the file.
///
/// Colours stand on the elements themselves, so that a file alone is complete; classes beside them let a page change
/// them for a dark background, see `ReportPageStyle`.
public struct SVGPlot: Sendable, Equatable {
  /// One axis.
  public struct Axis: Sendable, Equatable {
    /// What is shown, with its unit.
    public var label: String
    /// Whether equal ratios have equal lengths.
    public var isLogarithmic: Bool
    /// The ends; nil for those of the data.
    public var range: ClosedRange<Double>?
    /// What is added at either end where the data give the range, as a share of its length.
    public var padding = 0.0
    /// What stands at 0, 1, 2, … in place of numbers; empty for numbers.
    public var names: [String] = []
    /// Whether ticks stand at whole numbers only, as for counts.
    public var isWhole = false

    /// An axis.
    public init(_ label: String, isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.isLogarithmic = isLogarithmic
      self.range = range
    }
  }

  /// A mark across the plot, such as a tolerance, with what is written beside it.
  public struct Mark: Sendable, Equatable {
    /// Where it lies on its axis.
    public var value: Double
    /// What is written beside it; may be empty.
    public var label: String

    /// A mark.
    public init(_ value: Double, _ label: String = "") {
      self.value = value
      self.label = label
    }
  }

  /// Where a plot stands: alone with its legend beside it, or as a panel that is legible on a phone.
  public enum Layout: Sendable, Equatable {
    /// 860 × 520, the legend on the right.
    case alone
    /// Of that size, the legend above.
    case panel(width: Double, height: Double)
  }

  /// Above the plot.
  public var title: String
  /// What it shows, for those who do not see it; empty for the title alone.
  public var summary = ""
  /// The horizontal axis.
  public var x: Axis
  /// The vertical axis.
  public var y: Axis
  /// Drawn in this order.
  public var series: [SVGSeries] = []
  /// Horizontal marks.
  public var marks: [Mark] = []
  /// Vertical marks.
  public var uprights: [Mark] = []
  /// The colours of values, for series that have some.
  public var shading: SVGShading?
  /// The room on the left of a panel, where that of its numbers is not enough; see `SVGFigure`.
  var leftMargin = 0.0
  /// How large it is and where its legend stands.
  public var layout = Layout.alone

  /// A plot without series.
  public init(title: String, x: Axis, y: Axis) {
    self.title = title
    self.x = x
    self.y = y
  }

  /// How wide a panel of a figure is unless it is said.
  public static let panelWidth = 440.0

  /// A panel of a figure, `height` pixels high below its legend, with a little room about the data.
  public static func panel(
    _ title: String, x: Axis, y: Axis, width: Double = panelWidth, height: Double = 290
  ) -> SVGPlot {
    var plot = SVGPlot(title: title, x: x, y: y)
    plot.layout = .panel(width: width, height: height)
    plot.x.padding = 0.03
    plot.y.padding = 0.06
    return plot
  }

  /// The document.
  public var text: String { element(id: "plot", isAlone: true) + "\n" }

  /// Width and height in pixels.
  var size: (width: Double, height: Double) { SVGFrame(self).size }

  /// The element; ids inside it begin with `id`, which must differ between the plots of a page.
  /// - Parameters:
  ///   - isAlone: Whether it is a file of its own, with a size and a white ground.
  ///   - origin: Its place in a larger drawing; nil for none.
  func element(id: String, isAlone: Bool, origin: (x: Double, y: Double)? = nil) -> String {
    let frame = SVGFrame(self)
    let (width, height) = (PlotScale.text(frame.size.width), PlotScale.text(frame.size.height))
    let place = origin.map { " x=\"\(PlotScale.text($0.x))\" y=\"\(PlotScale.text($0.y))\"" } ?? ""
    let extent = isAlone || origin != nil ? " width=\"\(width)\" height=\"\(height)\"" : ""
    var document = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\"\(place)\(extent) viewBox=\"0 0 \(width) \(height)\" role=\"img\""
        + " aria-labelledby=\"\(id)-t\(summary.isEmpty ? "" : " \(id)-d")\""
        + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\">",
      "<title id=\"\(id)-t\">\(SVGText.escaped(title))</title>",
    ]
    if !summary.isEmpty { document.append("<desc id=\"\(id)-d\">\(SVGText.escaped(summary))</desc>") }
    if isAlone { document.append("<rect width=\"\(width)\" height=\"\(height)\" fill=\"white\"/>") }
    document.append(
      SVGText.label(
        SVGText.shortened(title, to: frame.size.width - frame.titleLeft - 6, size: frame.titleSize), frame.titleLeft,
        frame.titleBase, size: frame.titleSize, anchor: "start"))
    document.append("<clipPath id=\"\(id)-c\"><rect \(frame.attributes)/></clipPath>")
    document += grid(frame)
    document.append("<g clip-path=\"url(#\(id)-c)\">")
    document += series.enumerated().flatMap { $1.areas(SVGColour($1.colour ?? $0), frame) }
    document += rules(frame)
    document += series.enumerated().flatMap { $1.strokes(SVGColour($1.colour ?? $0), frame) }
    document.append("</g>")
    document.append("<rect \(frame.attributes) class=\"fr\" fill=\"none\" stroke=\"#333333\"/>")
    document += labels(frame) + legend(frame)
    document.append("</svg>")
    return document.joined(separator: "\n")
  }

  /// The series that the legend names, each name once.
  var keys: [SVGLegend.Key] {
    series.enumerated().reduce(into: []) { keys, entry in
      let key = SVGLegend.Key(
        name: entry.element.name, shape: entry.element.shape, isDashed: entry.element.isDashed,
        colour: entry.element.colour ?? entry.offset)
      if !key.name.isEmpty, !keys.contains(where: { $0.name == key.name }) { keys.append(key) }
    }
  }

  private func legend(_ frame: SVGFrame) -> [String] {
    let legend = SVGLegend(keys)
    switch layout {
    case .alone:
      let (left, top) = (frame.right + 14, frame.top + 12)
      return legend.column(left: left, top: top)
        + (shading?.bar(left: left, top: top + 20 * Double(keys.count), width: frame.size.width - left) ?? [])
    case .panel:
      let (left, width) = (frame.left, frame.right - frame.left)
      return legend.rows(left: left, top: frame.legendTop, width: width)
        + (shading?.bar(left: left, top: frame.top - SVGShading.barHeight, width: width) ?? [])
    }
  }
}
