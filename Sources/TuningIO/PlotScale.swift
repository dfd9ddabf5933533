#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// From values to places along an axis of a plot.
struct PlotScale: Sendable {
  /// Values that have a tick.
  let ticks: [Double]
  private let isLogarithmic: Bool
  private let names: [String]
  /// The decimals that tell the ticks of a linear axis apart.
  private let decimals: Int
  private let low: Double
  private let high: Double
  private let start: Double
  private let end: Double

  /// The scale of an axis whose values lie in `data`; its ends are at `start` and `end`. Values that have no place on the
  /// axis (not finite, or not above 0 on a logarithmic one) are left out.
  init(_ axis: SVGPlot.Axis, data: [Double], from start: Double, to end: Double) {
    isLogarithmic = axis.isLogarithmic
    names = axis.names
    self.start = start
    self.end = end
    let values = data.filter { abs($0) <= Self.largest && (!axis.isLogarithmic || $0 > 0) }
    let places = axis.names.isEmpty ? nil : -0.6...Double(axis.names.count) - 0.4
    var (low, high) =
      (axis.range ?? places).map { (Self.bounded($0.lowerBound), Self.bounded($0.upperBound)) }
      ?? (values.min() ?? 1, values.max() ?? 10)
    if axis.isLogarithmic {
      low = max(low, 1e-300)
      high = max(high, low)
      if high < low * 1.01 { (low, high) = (low / 2, high * 2) }
    } else if !(high - low > 1e-12 * max(abs(low), abs(high), 1e-300)) {
      let margin = max(1, 1e-6 * max(abs(low), abs(high)))
      (low, high) = (low - margin, high + margin)
    }
    if axis.range == nil, axis.names.isEmpty, axis.padding > 0 {
      let share = axis.isLogarithmic ? log(high / low) * axis.padding : (high - low) * axis.padding
      (low, high) = axis.isLogarithmic ? (low / exp(share), high * exp(share)) : (low - share, high + share)
    }
    (self.low, self.high) = (low, high)
    guard axis.names.isEmpty else {
      (ticks, decimals) = (axis.names.indices.map(Double.init).filter { $0 >= low && $0 <= high }, 0)
      return
    }
    let ticks = axis.isLogarithmic ? Self.powers(low, high) : Self.rounds(low, high)
    self.ticks = axis.isWhole ? ticks.filter { $0 == $0.rounded() } : ticks
    let step = ticks.count > 1 && !axis.isLogarithmic ? abs(ticks[1] - ticks[0]) : 0
    decimals = step > 0 ? max(0, -Int((log10(step) + 1e-9).rounded(.down))) : 0
  }

  /// Ticks whose names, in a font of that size, stand apart along a horizontal axis.
  func roomyTicks(size: Double) -> [Double] {
    for stride in 1...max(1, ticks.count) {
      let chosen = Swift.stride(from: 0, to: ticks.count, by: stride).map { ticks[$0] }
      let edges = chosen.map { (place($0), 0.5 * SVGText.width(name(of: $0), size: size)) }
      if zip(edges, edges.dropFirst()).allSatisfy({ $1.0 - $0.0 > $0.1 + $1.1 + 6 }) { return chosen }
    }
    return Array(ticks.prefix(1))
  }

  /// The place of a value; values beyond an end are placed there.
  func place(_ value: Double) -> Double {
    let bounded = value.isNaN ? low : min(max(value, low), high)
    let share =
      isLogarithmic ? (log(bounded) - log(low)) / (log(high) - log(low)) : (bounded - low) / (high - low)
    return start + share * (end - start)
  }

  /// Where a straight line from one value to another passes an end of the scale, in order: its share of the way and the end.
  func crossings(from first: Double, to last: Double) -> [(share: Double, edge: Double)] {
    func position(_ value: Double) -> Double { isLogarithmic ? log(value) : value }
    let way = position(last) - position(first)
    guard way.isFinite, way != 0 else { return [] }
    return [low, high].filter { min(first, last) < $0 && $0 < max(first, last) }
      .map { (share: (position($0) - position(first)) / way, edge: $0) }.sorted { $0.share < $1.share }
  }

  /// Whether the value lies between the ends.
  func contains(_ value: Double) -> Bool { value >= low && value <= high }

  /// A tick as people read it: 0.01, 100, 20,000, 10⁶.
  func name(of tick: Double) -> String {
    if !names.isEmpty { return names[min(max(Int(tick), 0), names.count - 1)] }
    guard isLogarithmic, tick >= 1e6 || tick < 0.9e-4 else {
      if abs(tick) >= 1000, abs(tick) < 1e6, decimals == 0 { return NumberText.grouped(Int(tick.rounded())) }
      let isPlain = !isLogarithmic && abs(tick) < 1e6 && decimals <= 6
      let text = isPlain ? NumberText.fixed(tick, digits: decimals) : NumberText.significant(tick)
      guard text.contains(".") else { return text }
      let trimmed = text.reversed().drop { $0 == "0" }
      return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
    }
    let exponent = Int(log10(tick).rounded())
    let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let raised = String(String(abs(exponent)).compactMap { $0.wholeNumberValue.map { superscripts[$0] } })
    let power = "10" + (exponent < 0 ? "⁻" : "") + raised
    let factor = Int((tick / pow(10, Double(exponent))).rounded())
    return factor == 1 ? power : "\(factor)·\(power)"
  }

  /// Powers of ten within the ends, with 2 and 5 times them where there are fewer than three.
  private static func powers(_ low: Double, _ high: Double) -> [Double] {
    let exponents = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    func within(_ factors: [Double]) -> [Double] {
      var values: [Double] = []
      for exponent in exponents { values += factors.map { $0 * pow(10, Double(exponent)) } }
      return values.filter { $0 >= low * (1 - 1e-9) && $0 <= high * (1 + 1e-9) }
    }
    let tens = within([1])
    if tens.count > 9 { return tens.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) }
    if tens.count >= 3 { return tens }
    let more = within([1, 2, 5])
    return more.count >= 2 ? more : rounds(low, high)
  }

  /// Four to nine multiples of 1, 2 or 5 times a power of ten within the ends.
  private static func rounds(_ low: Double, _ high: Double) -> [Double] {
    let rough = (high - low) / 6
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
    let first = (low / step).rounded(.up)
    let count = Int(((high / step).rounded(.down) - first).rounded())
    return count < 0 ? [] : (0...count).map { (first + Double($0)) * step }
  }

  /// Beyond it differences of values, and powers of ten near them, would overflow.
  private static let largest = 1e290

  private static func bounded(_ value: Double) -> Double { value.isNaN ? 0 : min(max(value, -largest), largest) }

  /// A coordinate of the drawing, to a tenth of a pixel.
  static func text(_ value: Double) -> String {
    let tenths = Int(min(max((bounded(value) * 10).rounded(), -1e9), 1e9))
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}

extension NumberText {
  /// A whole number with a comma before every three digits, such as 12,345.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return value < 0 ? "−" + text : text
  }
}
