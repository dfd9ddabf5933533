/// A curve in one line of text: one character a value, higher for larger.
public enum Sparkline {
  private static let blocks = Array("▁▂▃▄▅▆▇█")
  private static let plainLevels = Array("_.:-=+*#")

  /// The curve of `values` in at most `width` columns, scaled from the smallest to the largest; where there are more values
  /// than columns, neighbours are averaged. What is not finite shows as "·", or "?" without Unicode; equal values stand in
  /// the middle.
  public static func text(_ values: [Double], width: Int, unicode: Bool = true) -> String {
    guard width > 0, !values.isEmpty else { return "" }
    let points = averaged(values, to: width)
    let known = points.filter(\.isFinite)
    // Halves, as the range of all doubles is no double.
    let (low, high) = ((known.min() ?? 0) / 2, (known.max() ?? 0) / 2)
    let levels = unicode ? blocks : plainLevels
    return String(
      points.map { value in
        guard value.isFinite else { return unicode ? "·" : "?" }
        guard high > low else { return levels[levels.count / 2 - 1] }
        let share = (value / 2 - low) / (high - low)
        return levels[min(levels.count - 1, Int(share * Double(levels.count)))]
      })
  }

  /// Means of the finite values in `width` groups of neighbours; NaN for a group without any.
  private static func averaged(_ values: [Double], to width: Int) -> [Double] {
    guard values.count > width else { return values }
    return (0..<width).map { column in
      let group = values[column * values.count / width..<(column + 1) * values.count / width].filter(\.isFinite)
      return group.reduce(0) { $0 + $1 / Double(group.count) } / (group.isEmpty ? 0 : 1)
    }
  }

  /// How much of something is done, as a bar of `width` columns.
  public static func bar(_ share: Double, width: Int, unicode: Bool = true) -> String {
    guard width > 0 else { return "" }
    let filled = share.isFinite ? min(width, max(0, Int((share * Double(width)).rounded(.down)))) : 0
    return String(repeating: unicode ? "━" : "#", count: filled)
      + String(repeating: unicode ? "╌" : ".", count: width - filled)
  }
}
