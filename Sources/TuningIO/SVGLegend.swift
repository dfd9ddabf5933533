/// What the series of a plot are called, with a sample of each.
struct SVGLegend: Sendable {
  /// One entry.
  struct Key: Sendable, Equatable {
    let name: String
    let shape: SVGSeries.Shape
    let isDashed: Bool
    let colour: Int
  }

  let keys: [Key]
  private static let size = 12.0
  private static let lineHeight = 19.0

  init(_ keys: [Key]) { self.keys = keys }

  /// The height of `rows`.
  func height(width: Double) -> Double {
    keys.isEmpty ? 0 : Self.lineHeight * Double((placed(width).map(\.row).max() ?? 0) + 1) + 2
  }

  /// One entry below the other.
  func column(left: Double, top: Double) -> [String] {
    keys.enumerated().flatMap { entry($1, left, top + 20 * Double($0), room: 170) }
  }

  /// Entries side by side, in as many rows as they need.
  func rows(left: Double, top: Double, width: Double) -> [String] {
    placed(width).flatMap { place in
      entry(place.key, left + place.x, top + 8 + Self.lineHeight * Double(place.row), room: width - 28)
    }
  }

  private func placed(_ width: Double) -> [(key: Key, x: Double, row: Int)] {
    var (x, row) = (0.0, 0)
    return keys.map { key in
      let own = min(28 + SVGText.width(key.name, size: Self.size), width)
      if x > 0, x + own > width { (x, row) = (0, row + 1) }
      defer { x += own + 14 }
      return (key, x, row)
    }
  }

  private func entry(_ key: Key, _ x: Double, _ y: Double, room: Double) -> [String] {
    let colour = SVGColour(key.colour)
    let sample: String
    switch key.shape {
    case .line, .steps:
      let dash = key.isDashed || colour.isDashed ? " stroke-dasharray=\"6 4\"" : ""
      sample = SVGText.line(x, y, x + 22, y, colour.stroke(width: 3) + dash)
    case .area, .bars, .blocks, .cells:
      sample =
        "<rect x=\"\(PlotScale.text(x))\" y=\"\(PlotScale.text(y - 6))\" width=\"22\" height=\"12\""
        + " \(colour.fill(0.5))/>"
    case .points(let sign, let radius):
      sample = sign.element(at: [(x + 11, y)], radius: min(max(radius, 3), 5.5), colour, 1)
    }
    return [
      sample,
      SVGText.label(
        SVGText.shortened(key.name, to: room, size: Self.size), x + 28, y + 4.5, size: Self.size, anchor: "start"),
    ]
  }
}
