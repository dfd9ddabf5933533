/// A few lines at the bottom of a terminal that are drawn over and over. The cursor waits at the end of the last of them.
public struct LiveBlock: Sendable {
  /// The widths of the lines on the screen; empty where there are none.
  private var widths: [Int] = []

  /// Nothing is on the screen yet.
  public init() {}

  /// Whether lines are on the screen.
  public var isShown: Bool { !widths.isEmpty }

  /// What puts `lines` in place of those on the screen, over which they are written, so that nothing flickers.
  public mutating func redraw(_ lines: [LiveLine], columns: Int) -> String {
    guard !lines.isEmpty else { return erase(columns: columns) }
    let top = toTop(columns: columns)
    // Rows of the old block below the new one: after a line became shorter, or the window narrower.
    let hasMoreRows = rows(columns: columns) > lines.count
    widths = lines.map(\.width)
    return top + lines.map { $0.text + "\u{1B}[K" }.joined(separator: "\n") + (hasMoreRows ? "\u{1B}[J" : "")
  }

  /// What removes the lines, so that other text can take their place.
  public mutating func erase(columns: Int) -> String {
    guard isShown else { return "" }
    defer { widths = [] }
    return toTop(columns: columns) + "\u{1B}[J"
  }

  /// What leaves the lines as they stand, the cursor below them.
  public mutating func leave() -> String {
    guard isShown else { return "" }
    widths = []
    return "\n"
  }

  /// The rows that the block takes. Where the window was made narrower, the terminal has folded its lines.
  private func rows(columns: Int) -> Int {
    widths.reduce(0) { $0 + max(1, ($1 + max(1, columns) - 1) / max(1, columns)) }
  }

  private func toTop(columns: Int) -> String {
    let above = rows(columns: columns) - 1
    return above > 0 ? "\r\u{1B}[\(above)A" : "\r"
  }
}
