/// The line for each of many pieces as it ends.
public enum PieceLine {
  /// The line.
  ///
  /// - Parameters:
  ///   - noun: What a piece is called, such as `trial`.
  ///   - secondsLeft: What the others will take; nil where there are none.
  ///   - hasBar: Whether it shows how much is done as a bar, too.
  public static func line(
    _ noun: String, _ name: String, _ outcome: String, done: Int, total: Int, secondsLeft: Double?,
    hasBar: Bool = false, style: TerminalStyle = TerminalStyle()
  ) -> FittedLine {
    typealias Part = FittedLine.Part
    let isFailed = outcome.hasPrefix("failed")
    var parts = [Part("\(noun) \(done)/\(total)", short: "\(done)/\(total)", expendability: 0)]
    if hasBar {
      func bar(_ width: Int) -> String {
        Sparkline.bar(Double(done) / Double(max(1, total)), width: width, unicode: style.hasUnicode)
      }
      parts.append(Part(bar(16), short: bar(8), expendability: 3, tone: .faint))
    }
    parts.append(Part(name, short: name, expendability: 0))
    parts.append(Part(outcome, short: outcome, expendability: isFailed ? 0 : 1, tone: isFailed ? .warning : nil))
    if let secondsLeft {
      let time = NumberText.duration(secondsLeft)
      parts.append(Part("\(time) left", short: time.filter { $0 != " " }, expendability: 2))
    }
    return FittedLine(parts: parts)
  }
}
