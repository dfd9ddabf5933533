/// Where the parts of a plot lie, in pixels, and the scales between its axes.
struct SVGFrame {
  let size: (width: Double, height: Double)
  let left, right, top, bottom: Double
  let titleLeft, titleBase, titleSize, legendTop: Double
  let horizontal, vertical: PlotScale

  init(_ plot: SVGPlot) {
    let across = plot.series.flatMap(\.horizontalValues)
    let upright = plot.series.flatMap(\.verticalValues)
    switch plot.layout {
    case .alone:
      size = (860, 520)
      (left, right, top, bottom) = (78, 640, 44, 458)
      (titleLeft, titleBase, titleSize, legendTop) = (78, 26, 16, 0)
    case .panel(let height):
      let legendHeight = SVGLegend(plot.keys).height(width: 370)
      size = (440, height + legendHeight)
      (titleLeft, titleBase, titleSize, legendTop) = (10, 19, 14, 30)
      (top, bottom) = (30 + legendHeight, height + legendHeight - 46)
      // The numbers beside the vertical axis decide how much room they need.
      let scale = PlotScale(plot.y, data: upright, from: bottom, to: top)
      let widest = scale.ticks.map { SVGText.width(scale.name(of: $0), size: 12) }.max() ?? 0
      (left, right) = (max(min(max(38 + widest, 52), 200), plot.leftMargin), 430)
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
  /// Ticks with their labels, faint lines through the plot, marks, and the names of the axes.
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
    elements += marks.filter { vertical.contains($0.value) }.flatMap { horizontalMark($0, frame) }
    elements += uprights.filter { horizontal.contains($0.value) }.flatMap { verticalMark($0, frame) }
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

  private static let markStyle = "class=\"mk\" stroke=\"#888888\" stroke-dasharray=\"2 3\""

  private func horizontalMark(_ mark: Mark, _ frame: SVGFrame) -> [String] {
    let place = frame.vertical.place(mark.value)
    let line = SVGText.line(frame.left, place, frame.right, place, Self.markStyle)
    guard !mark.label.isEmpty else { return [line] }
    // Below the mark where there is no room above it.
    let base = place - 15 < frame.top ? place + 13 : place - 4
    return [line, SVGText.label(mark.label, frame.right - 5, base, size: 11, anchor: "end")]
  }

  private func verticalMark(_ mark: Mark, _ frame: SVGFrame) -> [String] {
    let place = frame.horizontal.place(mark.value)
    let line = SVGText.line(place, frame.top, place, frame.bottom, Self.markStyle)
    guard !mark.label.isEmpty else { return [line] }
    let fits = place + 6 + SVGText.width(mark.label, size: 11) < frame.right
    return [
      line, SVGText.label(mark.label, place + (fits ? 5 : -5), frame.bottom - 7, size: 11, anchor: fits ? "start" : "end"),
    ]
  }
}
