import EmpiricalBayes

/// The line that a run shows for each outer iteration.
public enum ProgressLine {
  /// The text for one iteration.
  ///
  /// On a terminal it starts with a carriage return and ends with the code that clears the rest of the line, and never fills
  /// the last column, so that the next one replaces it. Elsewhere it holds no control codes. Where `width` is too small, the
  /// least important parts are left out, then the rest is cut.
  ///
  /// - Parameters:
  ///   - total: the number of outer iterations to come in all; iteration 0 is the estimate at the start.
  ///   - elapsed: seconds since the run began.
  ///   - width: columns of the terminal; what is not a terminal has no limit.
  public static func text(
    _ info: TuningInfo, total: Int, elapsed: Double, width: Int = 80, isTerminal: Bool
  ) -> String {
    let limit = isTerminal ? max(1, width - 1) : Int.max
    var parts = parts(info, total: total, elapsed: elapsed)
    func joined() -> String { parts.map(\.text).joined(separator: "  ") }
    while TextWidth.of(joined()) > limit, parts.count > 2,
      let least = parts.indices.max(by: { parts[$0].expendability < parts[$1].expendability }),
      parts[least].expendability > 0
    {
      parts.remove(at: least)
    }
    let line = TextWidth.fitted(joined(), to: limit)
    return isTerminal ? "\r\(line)\u{1B}[K" : line
  }

  /// Seconds that the remaining iterations will take at the pace so far; nil before there is a pace.
  public static func secondsLeft(iteration: Int, total: Int, elapsed: Double) -> Double? {
    guard iteration >= 0, iteration < total, elapsed > 0 else { return nil }
    return elapsed / Double(iteration + 1) * Double(total - iteration)
  }

  private static func parts(
    _ info: TuningInfo, total: Int, elapsed: Double
  ) -> [(text: String, expendability: Int)] {
    var parts: [(text: String, expendability: Int)] = [
      ("iteration \(info.iteration)/\(total)", 0),
      ("surrogate \(estimate(info.surrogate))\(info.isBest ? " best" : "")", 0),
      ("ELL \(NumberText.fixed(info.expectedLogLikelihood.value, digits: 1))", 5),
    ]
    if let entropy = info.entropy { parts.append(("entropy \(NumberText.fixed(entropy.value, digits: 3))", 6)) }
    parts.append(("|grad| \(NumberText.withError(info.gradientNorm, info.gradientNormError))", 3))
    parts.append(("R-hat \(NumberText.fixed(info.worstRHat, digits: 2))", 2))
    parts.append(("div \(info.divergences)", info.divergences > 0 ? 1 : 4))
    if let left = secondsLeft(iteration: info.iteration, total: total, elapsed: elapsed) {
      parts.append(("\(NumberText.duration(left)) left", 2))
    } else {
      parts.append((NumberText.duration(elapsed), 2))
    }
    return parts
  }

  private static func estimate(_ estimate: Estimate) -> String {
    NumberText.withError(estimate.value, estimate.standardError)
  }
}
