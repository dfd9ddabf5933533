import EmpiricalBayes

/// The line that a run shows for each outer iteration.
public enum ProgressLine {
  /// The text for one iteration.
  ///
  /// On a terminal it starts with a carriage return and ends with the code that clears the rest of the line, and never fills
  /// the last column, so that the next one replaces it. Elsewhere it holds no control codes. Where `width` is too small,
  /// labels are abbreviated, then the least important parts are left out, then the rest is cut.
  ///
  /// - Parameters:
  ///   - total: the number of outer iterations to come in all; iteration 0 is the estimate at the start. nil where the
  ///     schedule stops by itself, and nobody knows when.
  ///   - elapsed: seconds since the run began.
  ///   - width: columns of the terminal; what is not a terminal has no limit.
  public static func text(
    _ info: TuningInfo, total: Int?, elapsed: Double, width: Int = 80, isTerminal: Bool
  ) -> String {
    let parts = parts(info, total: total, elapsed: elapsed)
    let full = parts.map(\.text).joined(separator: "  ")
    guard isTerminal else { return full }
    let limit = max(1, width - 1)
    return "\r\(TextWidth.of(full) <= limit ? full : abbreviated(parts, to: limit))\u{1B}[K"
  }

  /// Seconds that the remaining iterations will take at the pace so far; nil before there is a pace.
  public static func secondsLeft(iteration: Int, total: Int, elapsed: Double) -> Double? {
    guard iteration >= 0, iteration < total, elapsed > 0 else { return nil }
    return elapsed / Double(iteration + 1) * Double(total - iteration)
  }

  /// A part of the line; parts of higher expendability go first, those of 0 stay.
  private struct Part {
    let text: String
    let short: String
    let expendability: Int

    init(_ text: String, short: String, expendability: Int) {
      self.text = text
      self.short = short
      self.expendability = expendability
    }
  }

  private static func abbreviated(_ parts: [Part], to limit: Int) -> String {
    var parts = parts
    func joined() -> String { parts.map(\.short).joined(separator: " ") }
    while TextWidth.of(joined()) > limit,
      let least = parts.indices.max(by: { parts[$0].expendability < parts[$1].expendability }),
      parts[least].expendability > 0
    {
      parts.remove(at: least)
    }
    return TextWidth.fitted(joined(), to: limit)
  }

  private static func parts(_ info: TuningInfo, total: Int?, elapsed: Double) -> [Part] {
    func tight(_ text: String) -> String { text.split(separator: " ").joined() }
    let surrogate = NumberText.withError(info.surrogate.value, info.surrogate.standardError)
    let likelihood = NumberText.fixed(info.expectedLogLikelihood.value, digits: 1)
    let gradient = NumberText.withError(info.gradientNorm, info.gradientNormError)
    let rHat = NumberText.fixed(info.worstRHat, digits: 2)
    let left = total.flatMap { secondsLeft(iteration: info.iteration, total: $0, elapsed: elapsed) }
    let count = "\(info.iteration)" + (total.map { "/\($0)" } ?? "")
    let time = NumberText.duration(left ?? elapsed) + (left == nil ? "" : " left")
    var parts = [
      Part(
        "iteration \(count)", short: count, expendability: 0),
      Part(
        "surrogate \(surrogate)\(info.isBest ? " best" : "")",
        short: "surr \(tight(surrogate))\(info.isBest ? "*" : "")",
        expendability: 0),
      Part("ELL \(likelihood)", short: "ELL \(likelihood)", expendability: 5),
    ]
    if let entropy = info.entropy {
      parts.append(
        Part(
          "entropy \(NumberText.fixed(entropy.value, digits: 3))",
          short: "ent \(NumberText.fixed(entropy.value, digits: 2))", expendability: 6))
    }
    if let regret = info.expectedRegret {
      let text = NumberText.fixed(regret, digits: 2)
      parts.append(Part("lacks \(text) nats", short: "lacks \(text)", expendability: 1))
    }
    return parts + [
      Part("|grad| \(gradient)", short: "|g| \(tight(gradient))", expendability: 3),
      Part("R-hat \(rHat)", short: "Rhat \(rHat)", expendability: 2),
      Part(
        "div \(info.divergences)", short: "div \(info.divergences)", expendability: info.divergences > 0 ? 1 : 4),
      Part(time, short: tight(NumberText.duration(left ?? elapsed)), expendability: 2),
    ]
  }
}
