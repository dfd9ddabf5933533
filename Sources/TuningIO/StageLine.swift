import Sampling

/// The line that shows what is under way: the objective so far, how far the chains are, and how long it will take.
public enum StageLine {
  /// The line.
  ///
  /// - Parameters:
  ///   - stage: What is under way, such as `final draws`.
  ///   - objective: Its value at every iteration so far.
  ///   - reading: How far the chains are.
  ///   - divergences: Those of the run so far, the reading's among them.
  ///   - secondsLeft: What the stage will take still; nil where nobody knows.
  public static func line(
    _ stage: String, objective: [Double], reading: ChainMeter.Reading, divergences: Int, secondsLeft: Double?,
    style: TerminalStyle = TerminalStyle()
  ) -> FittedLine {
    typealias Part = FittedLine.Part
    var parts = [Part(stage, short: stage, expendability: 0)]
    if objective.count > 1 {
      func curve(_ width: Int) -> String { Sparkline.text(objective, width: width, unicode: style.hasUnicode) }
      parts.append(Part(curve(30), short: curve(16), expendability: 3))
    }
    if let share = reading.share {
      let percent = "\(Int(100 * share)) %"
      func bar(_ width: Int) -> String { Sparkline.bar(share, width: width, unicode: style.hasUnicode) }
      parts.append(Part(bar(20), short: bar(10), expendability: 4, tone: .faint))
      parts.append(Part(percent, short: percent.filter { $0 != " " }, expendability: 1))
      parts.append(Part("chains \(chains(reading))", short: "ch \(chains(reading))", expendability: 5, tone: .faint))
    }
    parts.append(
      Part(
        "\(divergences) divergent", short: "div \(divergences)", expendability: divergences > 0 ? 1 : 4,
        tone: divergences > 0 ? .warning : nil))
    if let secondsLeft {
      let time = NumberText.duration(secondsLeft)
      parts.append(Part("\(time) left", short: time.filter { $0 != " " }, expendability: 2))
    }
    return FittedLine(parts: parts)
  }

  /// The shares of every chain, or of the slowest and the fastest of many.
  private static func chains(_ reading: ChainMeter.Reading) -> String {
    let percents = reading.made.map { min(100, 100 * $0 / max(1, reading.planned)) }
    guard percents.count > 6, let slowest = percents.min(), let fastest = percents.max() else {
      return percents.map { "\($0)" }.joined(separator: "/")
    }
    return "\(slowest) to \(fastest)"
  }
}
