import EmpiricalBayes

/// The line that a run shows for each outer iteration.
public enum ProgressLine {
  /// The line for one iteration.
  ///
  /// - Parameters:
  ///   - total: the number of outer iterations to come in all; iteration 0 is the estimate at the start. nil where the
  ///     schedule stops by itself, and nobody knows when.
  ///   - elapsed: seconds since the run began.
  public static func line(_ info: TuningInfo, total: Int?, elapsed: Double) -> FittedLine {
    FittedLine(parts: parts(info, total: total, elapsed: elapsed))
  }

  /// Seconds that the remaining iterations will take at the pace so far; nil before there is a pace.
  public static func secondsLeft(iteration: Int, total: Int, elapsed: Double) -> Double? {
    guard iteration >= 0, iteration < total, elapsed > 0 else { return nil }
    return elapsed / Double(iteration + 1) * Double(total - iteration)
  }

  private static func parts(_ info: TuningInfo, total: Int?, elapsed: Double) -> [FittedLine.Part] {
    func tight(_ text: String) -> String { text.split(separator: " ").joined() }
    let surrogate = NumberText.withError(info.surrogate.value, info.surrogate.standardError)
    let likelihood = NumberText.fixed(info.expectedLogLikelihood.value, digits: 1)
    let gradient = NumberText.withError(info.gradientNorm, info.gradientNormError)
    let rHat = NumberText.fixed(info.worstRHat, digits: 2)
    let left = total.flatMap { secondsLeft(iteration: info.iteration, total: $0, elapsed: elapsed) }
    let count = "\(info.iteration)" + (total.map { "/\($0)" } ?? "")
    let time = NumberText.duration(left ?? elapsed) + (left == nil ? "" : " left")
    typealias Part = FittedLine.Part
    var parts = [
      Part(
        "iteration \(count)", short: count, expendability: 0),
      Part(
        "surrogate \(surrogate)\(info.isBest ? " best" : "")",
        short: "surr \(tight(surrogate))\(info.isBest ? "*" : "")",
        expendability: 0, tone: info.isBest ? .good : nil),
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
      Part(
        "R-hat \(rHat)", short: "Rhat \(rHat)", expendability: 2, tone: info.worstRHat > 1.05 ? .warning : nil),
      Part(
        "div \(info.divergences)", short: "div \(info.divergences)", expendability: info.divergences > 0 ? 1 : 4,
        tone: info.divergences > 0 ? .warning : nil),
      Part(time, short: tight(NumberText.duration(left ?? elapsed)), expendability: 2),
    ]
  }
}
