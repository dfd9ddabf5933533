/// Small multiples: plots that are read together, each a panel of its own on a page, or all in one SVG document.
public struct SVGFigure: Sendable, Equatable {
  /// What `eb-tune plot --figure` calls it.
  public var name: String
  /// Above the panels.
  public var title: String
  /// What is shown and how to read it: for all readers, and for those who do not see the plots.
  public var caption: String
  /// The plots; those of one stack stand below each other, with their horizontal axes in line.
  public let stacks: [[SVGPlot]]

  /// A figure of plots that stand by themselves.
  public init(name: String, title: String, caption: String, panels: [SVGPlot]) {
    self.init(name: name, title: title, caption: caption, stacks: panels.map { [$0] })
  }

  /// A figure of stacks of plots.
  public init(name: String, title: String, caption: String, stacks: [[SVGPlot]]) {
    self.name = name
    self.title = title
    self.caption = caption
    self.stacks = stacks.map { stack in
      let left = stack.map { SVGFrame($0).left }.max() ?? 0
      return stack.map { plot in
        var plot = plot
        plot.leftMargin = left
        return plot
      }
    }
  }

  /// All plots in order.
  public var panels: [SVGPlot] { stacks.flatMap { $0 } }

  /// All panels as one document, at most `columns` side by side.
  public func text(columns: Int = 2) -> String {
    let columns = max(1, min(columns, stacks.count))
    let (gap, margin, head) = (14.0, 12.0, 40.0)
    let cell = panels.map(\.size.width).max() ?? SVGPlot.panelWidth
    let width = 2 * margin + Double(columns) * cell + Double(columns - 1) * gap
    var (top, body, number) = (head, [String](), 0)
    for start in stride(from: 0, to: stacks.count, by: columns) {
      let row = stacks[start..<min(start + columns, stacks.count)]
      for (column, stack) in row.enumerated() {
        var place = (x: margin + Double(column) * (cell + gap), y: top)
        for panel in stack {
          body.append(panel.element(id: "p\(number)", isAlone: false, origin: place))
          place.y += panel.size.height
          number += 1
        }
      }
      top += (row.map { $0.reduce(0) { $0 + $1.size.height } }.max() ?? 0) + gap
    }
    let extent = "\(PlotScale.text(width)) \(PlotScale.text(top))"
    return
      ([
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(PlotScale.text(width))\" height=\"\(PlotScale.text(top))\""
          + " viewBox=\"0 0 \(extent)\" role=\"img\" aria-labelledby=\"t d\""
          + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\">",
        "<title id=\"t\">\(SVGText.escaped(title))</title>", "<desc id=\"d\">\(SVGText.escaped(caption))</desc>",
        "<rect width=\"\(PlotScale.text(width))\" height=\"\(PlotScale.text(top))\" fill=\"white\"/>",
        SVGText.label(
          SVGText.shortened(title, to: width - 2 * margin - 10, size: 17), margin + 10, 28, size: 17, anchor: "start"),
      ] + body + ["</svg>"]).joined(separator: "\n") + "\n"
  }
}
