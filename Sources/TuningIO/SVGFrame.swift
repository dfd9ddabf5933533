/// Where the parts of a plot lie, in pixels, and the scales between its axes.
struct SVGFrame {
  let size: (width: Double, height: Double)
  let left, right, top, bottom: Double
  let titleLeft, titleBase, titleSize, legendTop: Double
  let horizontal, vertical: PlotScale
  /// The colours of values; nil where the plot has none.
  let shading: SVGShading?

  init(_ plot: SVGPlot) {
    let across = plot.series.flatMap(\.horizontalValues)
    shading = plot.shading
    let upright = plot.series.flatMap(\.verticalValues)
    switch plot.layout {
    case .alone:
      size = (860, 520)
      (left, right, top, bottom) = (78, 640, 44, 458)
      (titleLeft, titleBase, titleSize, legendTop) = (78, 26, 16, 0)
    case .panel(let width, let height):
      let bar = shading == nil ? 0 : SVGShading.barHeight
      (titleLeft, titleBase, titleSize, legendTop) = (10, 19, 14, 30)
      right = width - 10
      // The numbers beside the vertical axis decide how much room they need, and that how wide the legend may be.
      let scale = PlotScale(plot.y, data: upright, from: height - 46, to: 30)
      let widest = scale.ticks.map { SVGText.width(scale.name(of: $0), size: 12) }.max() ?? 0
      left = max(min(max(38 + widest, 52), 200), plot.leftMargin)
      let legendHeight = SVGLegend(plot.keys).height(width: right - left) + bar
      size = (width, height + legendHeight)
      (top, bottom) = (30 + legendHeight, height + legendHeight - 46)
    }
    horizontal = PlotScale(plot.x, data: across, from: left, to: right)
    vertical = PlotScale(plot.y, data: upright, from: bottom, to: top)
  }

  /// The rectangle between the axes.
  var attributes: String {
    "x=\"\(PlotScale.text(left))\" y=\"\(PlotScale.text(top))\" width=\"\(PlotScale.text(right - left))\""
      + " height=\"\(PlotScale.text(bottom - top))\""
  }
}

extension SVGPlot {
  /// Ticks with their labels, faint lines through the plot, and the names of the axes.
  func grid(_ frame: SVGFrame) -> [String] {
    let (horizontal, vertical) = (frame.horizontal, frame.vertical)
    var elements: [String] = []
    for tick in horizontal.roomyTicks(size: 12) {
      let place = horizontal.place(tick)
      elements.append(
        SVGText.line(place, frame.top, place, frame.bottom, "class=\"gr\" stroke=\"#DDDDDD\""))
      elements.append(SVGText.label(horizontal.name(of: tick), place, frame.bottom + 17, size: 12, anchor: "middle"))
    }
    for tick in vertical.ticks {
      let place = vertical.place(tick)
      elements.append(SVGText.line(frame.left, place, frame.right, place, "class=\"gr\" stroke=\"#DDDDDD\""))
      let room = frame.left - (y.label.isEmpty ? 10 : 32)
      elements.append(
        SVGText.label(
          SVGText.shortened(vertical.name(of: tick), to: room, size: 12), frame.left - 8, place + 4.5, size: 12,
          anchor: "end"))
    }
    let (centre, middle) = (0.5 * (frame.left + frame.right), 0.5 * (frame.top + frame.bottom))
    elements.append(
      SVGText.label(
        SVGText.shortened(x.label, to: frame.right - frame.left + 40, size: 13), centre, frame.bottom + 37,
        anchor: "middle"))
    elements.append(
      SVGText.label(
        SVGText.shortened(y.label, to: frame.bottom - frame.top + 40, size: 13), 18, middle, anchor: "middle",
        more: " transform=\"rotate(-90 18 \(PlotScale.text(middle)))\""))
    return elements
  }

  /// The lines of the marks.
  func rules(_ frame: SVGFrame) -> [String] {
    let style = "class=\"mk\" stroke=\"#888888\" stroke-dasharray=\"2 3\""
    let levels = marks.filter { frame.vertical.contains($0.value) }.map { mark in
      let place = frame.vertical.place(mark.value)
      return SVGText.line(frame.left, place, frame.right, place, style)
    }
    return levels
      + uprights.filter { frame.horizontal.contains($0.value) }.map { mark in
        let place = frame.horizontal.place(mark.value)
        return SVGText.line(place, frame.top, place, frame.bottom, style)
      }
  }

  /// Keeps words legible where they stand on lines and signs.
  private static let halo =
    " paint-order=\"stroke\" stroke=\"white\" stroke-width=\"3\" stroke-linejoin=\"round\" style=\"stroke:var(--bg,white)\""

  /// What is written beside the marks.
  func labels(_ frame: SVGFrame) -> [String] {
    let levels = marks.filter { !$0.label.isEmpty && frame.vertical.contains($0.value) }.map { mark in
      let place = frame.vertical.place(mark.value)
      // Below the mark where there is no room above it.
      let base = place - 15 < frame.top ? place + 13 : place - 4
      return SVGText.label(mark.label, frame.right - 5, base, size: 11, anchor: "end", more: Self.halo)
    }
    return levels
      + uprights.filter { !$0.label.isEmpty && frame.horizontal.contains($0.value) }.map { mark in
        let place = frame.horizontal.place(mark.value)
        let fits = place + 6 + SVGText.width(mark.label, size: 11) < frame.right
        return SVGText.label(
          mark.label, place + (fits ? 5 : -5), frame.bottom - 7, size: 11, anchor: fits ? "start" : "end",
          more: Self.halo)
      }
  }
}
