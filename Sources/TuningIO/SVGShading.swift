/// Colours that stand for values, with the bar that says which: for maps, and for points that carry a third value.
public struct SVGShading: Sendable, Equatable {
  /// How colours run.
  public enum Scheme: Sendable, Equatable {
    /// From dark to bright, even to the eye.
    case sequential
    /// From one hue over near white to another, for differences from the middle of the range.
    case diverging

    /// Colours at equal distances, in sRGB. The first are those of the viridis map, the others ColorBrewer's RdBu.
    fileprivate var anchors: [(red: Double, green: Double, blue: Double)] {
      switch self {
      case .sequential:
        [
          (68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 145, 140), (40, 174, 128), (94, 201, 98),
          (173, 220, 48), (253, 231, 37),
        ]
      case .diverging:
        [
          (33, 102, 172), (103, 169, 207), (209, 229, 240), (247, 247, 247), (253, 219, 199), (239, 138, 98),
          (178, 24, 43),
        ]
      }
    }
  }

  /// How many colours there are.
  static let steps = 48
  /// The height of the bar with its numbers.
  static let barHeight = 36.0

  /// How colours run.
  public var scheme: Scheme
  /// The values of the first and the last colour; what lies beyond has the colour of the end.
  public var range: ClosedRange<Double>
  /// What is shown, with its unit.
  public var label: String

  /// A scale of colours.
  public init(_ label: String, _ range: ClosedRange<Double>, _ scheme: Scheme = .sequential) {
    self.label = label
    self.range = range
    self.scheme = scheme
  }

  /// The number of the colour of `value`; nil for what is not finite.
  func step(of value: Double) -> Int? {
    guard value.isFinite else { return nil }
    let width = range.upperBound - range.lowerBound
    guard width > 0, width.isFinite else { return Self.steps / 2 }
    let share = min(max((value - range.lowerBound) / width, 0), 1)
    return min(Int(share * Double(Self.steps)), Self.steps - 1)
  }

  /// A colour by its number.
  func colour(_ step: Int) -> String {
    let anchors = scheme.anchors
    let place = Double(step) / Double(Self.steps - 1) * Double(anchors.count - 1)
    let index = min(Int(place), anchors.count - 2)
    let (low, high, share) = (anchors[index], anchors[index + 1], place - Double(index))
    func part(_ a: Double, _ b: Double) -> String {
      let text = String(Int((a + share * (b - a)).rounded()), radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    return "#" + part(low.red, high.red) + part(low.green, high.green) + part(low.blue, high.blue)
  }

  /// Places by the colour of their values; places without one are left out.
  func groups(_ values: [Double]) -> [(colour: String, members: [Int])] {
    var members = [[Int]](repeating: [], count: Self.steps)
    for (index, value) in values.enumerated() {
      if let step = step(of: value) { members[step].append(index) }
    }
    return members.enumerated().filter { !$1.isEmpty }.map { (colour($0), $1) }
  }

  /// The bar with its name before it and numbers below.
  func bar(left: Double, top: Double, width: Double) -> [String] {
    let name = SVGText.shortened(label, to: 0.45 * width, size: 12)
    let start = left + (name.isEmpty ? 0 : SVGText.width(name, size: 12) + 8)
    let end = left + width - 14
    let each = (end - start) / Double(Self.steps)
    let boxes = (0..<Self.steps).map { step in
      "<rect x=\"\(PlotScale.text(start + Double(step) * each))\" y=\"\(PlotScale.text(top))\""
        + " width=\"\(PlotScale.text(each + 0.5))\" height=\"12\" fill=\"\(colour(step))\""
        + " shape-rendering=\"crispEdges\"/>"
    }
    let scale = PlotScale(.init("", range: range), data: [], from: start, to: end)
    let numbers = scale.roomyTicks(size: 11).map {
      SVGText.label(scale.name(of: $0), scale.place($0), top + 25, size: 11, anchor: "middle")
    }
    return [SVGText.label(name, left, top + 10.5, size: 12, anchor: "start")] + boxes + numbers
  }
}
