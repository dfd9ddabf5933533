/// A colour of the drawing by its number. The first eight are those of Okabe and Ito (2008), which colour-blind readers
/// keep apart; -1 is grey, for what is context, and -2 the ink of the text.
struct SVGColour: Sendable, Equatable {
  /// Context.
  static let grey = -1
  /// The colour of text.
  static let ink = -2
  /// On a light ground.
  static let light = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5195", "#8C564B", "#555555", "#B8A400",
  ]
  /// The same ones on a dark ground.
  static let dark = [
    "#4FA8E8", "#FF8B4D", "#2CC79A", "#E79CC9", "#F2B134", "#8FD3FF", "#B493D3", "#C49A8C", "#B0B0B0", "#DDD04A",
  ]

  private let number: Int

  init(_ number: Int) { self.number = number }

  private var index: Int { number % Self.light.count }
  private var value: String {
    number >= 0 ? Self.light[index] : number == Self.grey ? "#777777" : "#222222"
  }
  private var suffix: String { number >= 0 ? "\(index)" : number == Self.grey ? "g" : "i" }

  /// Beyond the number of colours, lines are dashed.
  var isDashed: Bool { number >= Self.light.count }

  /// Attributes of a filled shape.
  func fill(_ opacity: Double) -> String {
    let cover = opacity < 1 ? " fill-opacity=\"\(NumberText.fixed(opacity, digits: 2))\"" : ""
    return "class=\"f\(suffix)\" fill=\"\(value)\"\(cover)"
  }

  /// Attributes of a stroke.
  func stroke(width: Double) -> String {
    "class=\"s\(suffix)\" stroke=\"\(value)\" stroke-width=\"\(PlotScale.text(width))\""
  }

  /// Style rules that put the dark colours, and dark ground and ink, in place of the light ones.
  static var darkRules: String {
    let numbered = dark.enumerated().map { ".f\($0){fill:\($1)}.s\($0){stroke:\($1)}" }.joined()
    return numbered + ".fg{fill:#A0A0A0}.sg{stroke:#A0A0A0}.fi{fill:#E6E6E6}.si{stroke:#E6E6E6}.tx{fill:#E6E6E6}"
      + ".gr{stroke:#3A3F47}.fr{stroke:#8A8F98}.mk{stroke:#9AA0A8}"
  }
}

/// The signs that points are drawn with.
public enum SVGSign: Sendable, Equatable {
  /// A disc.
  case disc
  /// An upright cross.
  case cross
  /// A square on its corner, not filled.
  case diamond
  /// A triangle.
  case triangle

  /// All points as one element.
  func element(
    at places: [(x: Double, y: Double)], radius: Double, _ colour: SVGColour, _ opacity: Double
  ) -> String {
    let path = places.map { piece($0.x, $0.y, radius) }.joined()
    switch self {
    case .disc:
      // A stroke of no length with round ends is a disc, and the shortest way to write thousands of them.
      let cover = opacity < 1 ? " stroke-opacity=\"\(NumberText.fixed(opacity, digits: 2))\"" : ""
      return
        "<path d=\"\(path)\" fill=\"none\" \(colour.stroke(width: 2 * radius)) stroke-linecap=\"round\"\(cover)/>"
    case .cross, .diamond: return "<path d=\"\(path)\" fill=\"none\" \(colour.stroke(width: 2))/>"
    case .triangle: return "<path d=\"\(path)\" \(colour.fill(opacity))/>"
    }
  }

  /// Discs as one element, in a colour that is no series' own.
  static func discs(at places: [(x: Double, y: Double)], radius: Double, _ colour: String) -> String {
    let path = places.map { SVGSign.disc.piece($0.x, $0.y, radius) }.joined()
    return
      "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(PlotScale.text(2 * radius))\""
      + " stroke-linecap=\"round\"/>"
  }

  private func piece(_ x: Double, _ y: Double, _ r: Double) -> String {
    func text(_ value: Double) -> String { PlotScale.text(value) }
    switch self {
    case .disc: return "M\(text(x)) \(text(y))h0"
    case .cross: return "M\(text(x - r)) \(text(y))h\(text(2 * r))M\(text(x)) \(text(y - r))v\(text(2 * r))"
    case .diamond:
      return "M\(text(x - r)) \(text(y))l\(text(r)) \(text(-r))l\(text(r)) \(text(r))l\(text(-r)) \(text(r))Z"
    case .triangle: return "M\(text(x)) \(text(y - r))l\(text(r)) \(text(1.7 * r))h\(text(-2 * r))Z"
    }
  }
}
