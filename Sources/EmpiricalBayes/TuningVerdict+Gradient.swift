#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Diagnostics
import LogDensities

extension TuningVerdict {
  /// What the gradient at one iterate says: the coordinates that are free to move, and the least stationary of them.
  struct Stationarity {
    /// A coordinate's gradient in units of its standard error.
    struct Ratio {
      let name: String
      let value: Double
    }

    /// Coordinates that lie on a bound and would go on beyond it.
    private(set) var held: [String] = []
    /// The largest ratio of those that are free; nil where none is.
    private(set) var worst: Ratio?
    /// Why the gradient cannot be tested, as clauses; empty where it can.
    private(set) var doubts: [String] = []
    private var free = 0

    /// The largest |ratio| that noise explains: the normal quantile at a false-alarm rate of 1 % for all free coordinates
    /// together (Bonferroni).
    var limit: Double { standardNormalQuantile(1 - 0.005 / Double(max(free, 1))) }

    /// Whether the gradient is zero within its error; nil where it cannot be tested.
    var isStationary: Bool? { doubts.isEmpty ? abs(worst?.value ?? 0) <= limit : nil }

    init(_ iterate: Iterate) {
      for (coordinate, gradient) in zip(iterate.lambda.coordinates, iterate.info.gradient) {
        let isHeld =
          coordinate.value <= coordinate.bounds.lowerBound && gradient.value < 0
          || coordinate.value >= coordinate.bounds.upperBound && gradient.value > 0
        if isHeld {
          held.append(coordinate.name)
          continue
        }
        free += 1
        let error = gradient.standardError
        guard gradient.value.isFinite, error.isFinite, error > 0 || gradient.value == 0 else {
          doubts.append("the gradient for \(coordinate.name) has no finite standard error")
          continue
        }
        let ratio = gradient.value == 0 ? 0 : gradient.value / error
        if worst.map({ abs(ratio) > abs($0.value) }) ?? true { worst = Ratio(name: coordinate.name, value: ratio) }
      }
      doubts += Self.doubts(iterate.info)
    }

    private static func doubts(_ info: TuningInfo) -> [String] {
      var result: [String] = []
      if !(info.worstRHat <= largestRHat) {
        result.append("the chains disagree (R-hat \(decimalText(info.worstRHat, places: 3)))")
      }
      if !(info.minimumBulkESS >= leastESS) {
        result.append("there are only \(decimalText(info.minimumBulkESS, places: 1)) effective draws")
      }
      if info.weightsAreDegenerate { result.append("the importance weights are degenerate") }
      return result
    }
  }

  /// Outer iterations are short, so the limit is wider than that of a final sample.
  static let largestRHat = 1.1
  /// With fewer effective draws no standard error means anything.
  static let leastESS = 10.0

  /// Whether the kept iterate is stationary, in which coordinate least, and which are held by their bounds. Where the last
  /// iterate is stationary and the kept one is not, more iterations would not mend it: the choice between them is another.
  static func gradient(_ best: Iterate, last: Iterate) -> (Progress, SampleChecks.Check) {
    let found = Stationarity(best)
    func check(_ status: SampleChecks.Status, _ sentence: String) -> SampleChecks.Check {
      SampleChecks.Check(name: "gradient", value: abs(found.worst?.value ?? 0), status: status, sentence: sentence)
    }
    let held =
      found.held.isEmpty
      ? "" : "; \(found.held.joined(separator: ", ")) \(found.held.count == 1 ? "is" : "are") held at a bound"
    if let judged = remaining(best, held: held) { return judged }
    guard let isStationary = found.isStationary else {
      return (
        .undecided,
        check(
          .warn,
          "Not judged: whether the kept iterate is stationary cannot be told, since \(listed(found.doubts))\(held).")
      )
    }
    guard let worst = found.worst else {
      return (.converged, check(.pass, "No coordinate is free to move\(held)."))
    }
    let size = decimalText(abs(worst.value), places: 1)
    guard isStationary else {
      let side = worst.value > 0 ? "above" : "below"
      return (
        .stillMoving,
        check(
          .warn,
          "Still moving: at the kept iterate the gradient for \(worst.name) is \(size) standard errors \(side) zero\(held)"
            + (Stationarity(last).isStationary == true ? "; at the last iterate it is zero." : "; run more iterations.")
        )
      )
    }
    let extent = found.held.isEmpty ? "every coordinate" : "every coordinate that is free to move"
    return (
      .converged,
      check(
        .pass,
        "Converged: the gradient at the kept iterate is zero within its Monte Carlo error in \(extent) (at most \(size)"
          + " standard errors, for \(worst.name))\(held).")
    )
  }

  /// The verdict in nats, where fresh draws at the kept λ have a Hessian to judge by: what matters is not whether the gradient
  /// can be told from zero, but what is left to be gained.
  private static func remaining(_ best: Iterate, held: String) -> (Progress, SampleChecks.Check)? {
    guard let shortfall = best.info.shortfall, best.info.worstRHat <= largestRHat else { return nil }
    return remaining(max(0, shortfall.value - shortfall.standardError), "fresh draws", held: held)
  }

  /// The verdict on a gain that draws see.
  static func remaining(_ gain: Double, _ draws: String, held: String) -> (Progress, SampleChecks.Check) {
    let isReached = gain <= largestShortfall
    let sight = "\(draws) at the kept λ see \(decimalText(gain, places: 2)) nats still to be gained\(held)"
    return (
      isReached ? .converged : .stillMoving,
      SampleChecks.Check(
        name: "gradient", value: gain, status: isReached ? .pass : .warn,
        sentence: isReached
          ? "Converged: \(sight)." : "Still moving: \(sight); run more iterations, or lower --tolerance.")
    )
  }

  /// As much as this, in nats, no choice of priors hangs on.
  static let largestShortfall = 0.1

  /// Whether λ went on after the kept iterate, by a quarter of a prior's scale or by a quarter on a log scale.
  static func departure(of last: Iterate, from best: Iterate) -> SampleChecks.Check? {
    let units = best.info.unit ?? best.info.lambda.map { _ in 1 }
    let moves = zip(zip(last.lambda.coordinates, best.lambda.free), units).map { pair, unit in
      (coordinate: pair.0, kept: pair.1, size: abs(pair.0.value - pair.1) / unit)
    }
    guard let index = moves.indices.max(by: { moves[$0].size < moves[$1].size }), moves[index].size > 0.25 else {
      return nil
    }
    let (coordinate, kept, size) = moves[index]
    let isLocation =
      last.lambda.membership.firstIndex(of: index).map { last.lambda.entries[$0].kind == .location } ?? false
    let values = [kept, coordinate.value].map { decimalText(isLocation ? $0 : exp($0), places: 3) }
    let there =
      switch Stationarity(last).isStationary {
      case true?: "where the gradient is zero within its error"
      case false?: "where it was still moving"
      case nil: "where the gradient cannot be judged"
      }
    return SampleChecks.Check(
      name: "last iterate", value: size, status: .warn,
      sentence: "λ moved on after the kept iterate (\(best.info.iteration)): at the last (\(last.info.iteration))"
        + " \(coordinate.name) was \(values[1]), not \(values[0]), \(there).")
  }

  private static func listed(_ clauses: [String]) -> String {
    guard let last = clauses.last, clauses.count > 1 else { return clauses.first ?? "" }
    return clauses.dropLast().joined(separator: ", ") + " and " + last
  }
}
