#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities

/// What can be said about a tuned λ in words, from the last iterate and the one that was kept.
public struct TuningVerdict: Sendable, Codable, Equatable {
  /// Whether the last gradient is zero within its Monte Carlo error.
  public enum Progress: String, Sendable, Codable {
    /// It is: more iterations would move λ by noise only.
    case converged
    /// It is not: λ was still moving when the run ended.
    case stillMoving
  }

  /// The state of the ascent when it ended.
  public let progress: Progress
  /// The findings, each with its status and a sentence.
  public let findings: [SampleChecks.Check]

  /// The sentences of findings that are warnings.
  public var warnings: [String] { findings.filter { $0.status == .warn }.map(\.sentence) }

  /// Judges a run that started at `initial`.
  public init(initial: Hyperparameters, best: Iterate, last: Iterate) {
    let (progress, gradient) = Self.gradient(last)
    self.progress = progress
    findings =
      [gradient] + Self.bounds(best.lambda) + Self.shrinkage(from: initial, to: last)
      + [Self.collapse(best.info), Self.agreement(best.info)].compactMap { $0 }
  }

  /// The largest |gradient| in units of its error, against the normal quantile at a false-alarm rate of 1 % for all
  /// coordinates together (Bonferroni). A coordinate that its bound holds back does not count.
  private static func gradient(_ last: Iterate) -> (Progress, SampleChecks.Check) {
    let free = zip(last.lambda.coordinates, last.info.gradient).filter { coordinate, gradient in
      let held =
        coordinate.value <= coordinate.bounds.lowerBound && gradient.value < 0
        || coordinate.value >= coordinate.bounds.upperBound && gradient.value > 0
      return !held
    }
    let ratios = free.map { ($0.name, abs($1.value) / max($1.standardError, .leastNormalMagnitude), $1.value) }
    let limit = standardNormalQuantile(1 - 0.005 / Double(max(ratios.count, 1)))
    guard let worst = ratios.max(by: { $0.1 < $1.1 }), worst.1 > limit, worst.2 != 0 else {
      let sentence = "Converged: the last gradient is zero within its Monte Carlo error in every coordinate."
      return (
        .converged,
        SampleChecks.Check(name: "gradient", value: ratios.map(\.1).max() ?? 0, status: .pass, sentence: sentence)
      )
    }
    let sentence =
      "Still moving: the last gradient for \(worst.0) is \(decimalText(worst.1, places: 1)) standard errors"
      + " \(worst.2 > 0 ? "above" : "below") zero; run more iterations."
    return (.stillMoving, SampleChecks.Check(name: "gradient", value: worst.1, status: .warn, sentence: sentence))
  }

  private static func bounds(_ lambda: Hyperparameters) -> [SampleChecks.Check] {
    lambda.atBound.map { coordinate in
      let side = coordinate.value <= coordinate.bounds.lowerBound ? "lower" : "upper"
      return SampleChecks.Check(
        name: "bound", value: coordinate.value, status: .warn,
        sentence:
          "\(coordinate.name) is at its \(side) bound \(decimalText(coordinate.value)): the data ask for more, and"
          + " the number is the bound's.")
    }
  }

  /// Scales that fell by a factor of ten or more to where the data hardly inform them. There the evidence is flat and the
  /// gradient zero within its error, at any smaller scale too: type-II maximum likelihood may have no interior maximum.
  private static func shrinkage(from initial: Hyperparameters, to last: Iterate) -> [SampleChecks.Check] {
    let lambda = last.lambda
    guard let shares = last.info.informedShare, initial.coordinates.count == lambda.coordinates.count else { return [] }
    return lambda.coordinates.indices.compactMap { index in
      let member = lambda.membership.firstIndex(of: index)
      let coordinate = lambda.coordinates[index]
      let fall = initial.coordinates[index].value - coordinate.value
      guard let member, lambda.entries[member].kind == .logScale, fall >= log(10), shares[index] < 0.25,
        coordinate.value > coordinate.bounds.lowerBound
      else { return nil }
      return SampleChecks.Check(
        name: "scale", value: exp(coordinate.value), status: .warn,
        sentence: "\(coordinate.name) may be running to zero: it has fallen to \(decimalText(exp(coordinate.value)))"
          + " (\(decimalText(exp(-fall), places: 3)) of its start), where the data hardly inform it; tie it, fix its"
          + " location or give it a hyperprior.")
    }
  }

  /// exp(H) below 0.1 is less than what two experts give that share the rows 99 to 1.
  private static func collapse(_ best: TuningInfo) -> SampleChecks.Check? {
    guard let entropy = best.entropy else { return nil }
    let share = exp(entropy.value)
    let collapsed = best.collapsedDraws ?? 0
    let passes = share >= 0.1 && collapsed == 0
    return SampleChecks.Check(
      name: "experts", value: share, status: passes ? .pass : .warn,
      sentence: passes
        ? "The experts are in use: the entropy of their shares is \(decimalText(share)) of the largest possible."
        : "The experts have collapsed: the entropy of their shares is \(decimalText(share)) of the largest possible"
          + (collapsed > 0 ? ", and \(collapsed) draws use one expert only" : "")
          + "; use fewer experts or a larger entropy weight.")
  }

  /// Outer iterations are short, so the limit is wider than that of a final sample.
  private static func agreement(_ best: TuningInfo) -> SampleChecks.Check {
    let passes = best.worstRHat <= 1.1
    let text = decimalText(best.worstRHat, places: 3)
    return SampleChecks.Check(
      name: "R-hat", value: best.worstRHat, status: passes ? .pass : .warn,
      sentence: passes
        ? "The chains of the kept iterate agree: the largest R-hat is \(text)."
        : "The chains of the kept iterate disagree: the largest R-hat is \(text), so its estimates are doubtful.")
  }
}
