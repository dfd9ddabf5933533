#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities

/// What can be said about a tuned λ in words, from the iterate that was kept and the last one.
public struct TuningVerdict: Sendable, Codable, Equatable {
  /// Whether the gradient at the kept iterate is zero within its Monte Carlo error.
  public enum Progress: String, Sendable, Codable {
    /// It is: more iterations would move λ by noise only.
    case converged
    /// It is not: λ was still moving there.
    case stillMoving
    /// Nothing can be said, since errors are not finite, chains disagree or too few draws are effective.
    case undecided
  }

  /// The state of the ascent at the kept iterate.
  public let progress: Progress
  /// The findings, each with its status and a sentence.
  public let findings: [SampleChecks.Check]

  /// The sentences of findings that are warnings.
  public var warnings: [String] { findings.filter { $0.status == .warn }.map(\.sentence) }

  private init(progress: Progress, findings: [SampleChecks.Check]) {
    self.progress = progress
    self.findings = findings
  }

  /// The verdict with what more draws at the kept λ say in place of the few that it was chosen by.
  /// - Parameters:
  ///   - regret: From those draws; nil where they have no Hessian of a maximum, and the verdict stands.
  ///   - haveMixed: Whether their chains agree, which then needs no finding about the fewer draws.
  public func confirmed(by regret: LambdaUncertainty.Regret?, haveMixed: Bool) -> TuningVerdict {
    guard let regret, haveMixed else { return self }
    let gain = max(0, regret.distance - regret.noise)
    let (progress, check) = Self.remaining(gain, "the final draws", held: "")
    return TuningVerdict(
      progress: progress,
      findings: findings.filter { $0.name != "R-hat" }.map { $0.name == check.name ? check : $0 })
  }

  /// Judges a run of `iterations` that started at `initial`, `withheld` of which moved no λ.
  public init(initial: Hyperparameters, best: Iterate, last: Iterate, withheld: Int = 0, of iterations: Int = 0) {
    let (progress, gradient) = Self.gradient(best, last: last)
    self.progress = progress
    var findings: [SampleChecks.Check?] = [gradient, Self.departure(of: last, from: best)]
    findings += Self.bounds(best.lambda)
    findings += Self.shrinkage(from: initial, to: last)
    findings += [
      Self.weights(best.info, withheld: withheld, of: iterations), Self.allocation(best.info),
      Self.agreement(best.info),
    ]
    self.findings = findings.compactMap { $0 }
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

  /// Whether draws that were moved to an ordering, or come from another λ, still count.
  private static func weights(_ best: TuningInfo, withheld: Int, of iterations: Int) -> SampleChecks.Check? {
    guard let size = best.weightEffectiveSize else { return nil }
    let text = "\(decimalText(size, places: 1)) of \(best.draws) draws"
    let steps = withheld > 0 ? " \(withheld) of \(iterations) iterations were degenerate and moved nothing." : ""
    return SampleChecks.Check(
      name: "importance weights", value: size, status: best.weightsAreDegenerate || withheld > 0 ? .warn : .pass,
      sentence: best.weightsAreDegenerate
        ? "The importance weights of the kept iterate leave only \(text): its estimates are guesses; draw more, or do"
          + " without the ordering.\(steps)"
        : "The importance weights of the kept iterate leave \(text).\(steps)")
  }

  /// Two experts that share the rows 99 to 1 give Hent = 0.08, 95 to 5 give 0.29.
  private static func allocation(_ best: TuningInfo) -> SampleChecks.Check? {
    guard let entropy = best.entropy else { return nil }
    let share = exp(entropy.value)
    let collapsed = best.collapsedDraws ?? 0
    let text = "the entropy of their shares is \(decimalText(share)) of the largest possible"
    let advice = "; use fewer experts or a larger entropy weight."
    let sentence: String
    if share < 0.1 || collapsed > 0 {
      let count = collapsed > 0 ? ", and \(collapsed) of \(best.draws) draws use hardly more than one expert" : ""
      sentence = "The experts have collapsed: \(text)\(count)\(advice)"
    } else if share < 0.29 {
      sentence = "The experts have nearly collapsed: \(text), less than two give that share the rows 95 to 5\(advice)"
    } else {
      sentence = "The experts are in use: \(text)."
    }
    let passes = share >= 0.29 && collapsed == 0
    return SampleChecks.Check(
      name: "experts", value: share, status: passes ? .pass : .warn, sentence: sentence)
  }

  private static func agreement(_ best: TuningInfo) -> SampleChecks.Check {
    let passes = best.worstRHat <= largestRHat
    let text = decimalText(best.worstRHat, places: 3)
    return SampleChecks.Check(
      name: "R-hat", value: best.worstRHat, status: passes ? .pass : .warn,
      sentence: passes
        ? "The chains of the kept iterate agree: the largest R-hat is \(text)."
        : "The chains of the kept iterate disagree: the largest R-hat is \(text), so its estimates are doubtful.")
  }
}
