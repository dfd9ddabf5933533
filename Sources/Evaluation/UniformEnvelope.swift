#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Simultaneous confidence bands of the empirical distribution function of uniform values, as bayesplot and ArviZ draw
/// them around probability integral transforms (Säilynoja, Bürkner and Vehtari 2022, section 2.2).
///
/// Each point has the central interval of its binomial distribution, at one pointwise level for all points: the smallest
/// at which all points together are inside with at least the probability that was asked for. That probability is exact, by
/// the recursion over points of the paper's algorithm 2, at a cost of about points × N operations.
public struct UniformEnvelope: Sendable, Codable, Equatable {
  /// Where the distribution function is looked at, ascending in (0, 1).
  public let points: [Double]
  /// The lower ends, shares of the values.
  public let lower: [Double]
  /// The upper ends.
  public let upper: [Double]
  /// The probability that uniform values are inside at all points.
  public let probability: Double

  /// For `count` values at `points` equidistant points (at most `count` − 1, at least one).
  public init(count: Int, points: Int = 50, probability: Double = 0.95) {
    precondition(count > 0 && points > 0, "values and points are positive in number")
    precondition(probability > 0 && probability < 1, "a level lies between 0 and 1")
    let cells = max(2, min(points + 1, count))
    let places = (1..<cells).map { Double($0) / Double(cells) }
    let binomial = BinomialTable(count: count)
    let cumulative = places.map { binomial.cumulative($0) }
    let limits = { (tail: Double) in cumulative.map { Limits(tail: tail, cumulative: $0) } }
    // Bonferroni's tail is too small, the pointwise one too large.
    var (low, high) = (0.5 * (1 - probability) / Double(places.count), 0.5 * (1 - probability))
    var inside = binomial.probability(inside: limits(low), at: places)
    for _ in 0..<30 where high - low > 1e-4 * low {
      let middle = 0.5 * (low + high)
      let found = binomial.probability(inside: limits(middle), at: places)
      if found >= probability { (low, inside) = (middle, found) } else { high = middle }
    }
    let chosen = limits(low)
    self.points = places
    lower = chosen.map { Double($0.lower) / Double(count) }
    upper = chosen.map { Double($0.upper) / Double(count) }
    self.probability = inside
  }

  /// The points at which the empirical distribution function of values is outside, by their index.
  public func violations(of values: [Double]) -> [Int] {
    let sorted = values.sorted()
    var below = 0
    return points.indices.filter { index in
      while below < sorted.count && sorted[below] <= points[index] { below += 1 }
      let share = Double(below) / Double(max(sorted.count, 1))
      return share < lower[index] || share > upper[index]
    }
  }
}

/// Counts that a point allows.
private struct Limits {
  let lower, upper: Int

  /// The quantiles at `tail` and 1 − `tail` of a distribution with these cumulative probabilities.
  init(tail: Double, cumulative: [Double]) {
    lower = cumulative.firstIndex { $0 >= tail } ?? cumulative.count - 1
    upper = cumulative.firstIndex { $0 >= 1 - tail } ?? cumulative.count - 1
  }
}

/// Binomial probabilities of up to `count` trials, from a table of log factorials.
private struct BinomialTable {
  private let count: Int
  private let logFactorial: [Double]

  init(count: Int) {
    self.count = count
    logFactorial = (0...count).map { lgamma(Double($0) + 1) }
  }

  private func mass(_ successes: Int, of trials: Int, _ logOdds: Double, _ logFailure: Double) -> Double {
    exp(
      logFactorial[trials] - logFactorial[successes] - logFactorial[trials - successes]
        + Double(successes) * logOdds + Double(trials) * logFailure)
  }

  /// P(X ≤ k) of all trials for every k.
  func cumulative(_ p: Double) -> [Double] {
    let (odds, failure) = (log(p) - log1p(-p), log1p(-p))
    var sum = 0.0
    return (0...count).map { successes in
      sum += mass(successes, of: count, odds, failure)
      return sum
    }
  }

  /// The probability that counts of uniform values below each place are all within limits. Given the count at one place,
  /// the values that are left fall before the next one independently.
  func probability(inside limits: [Limits], at places: [Double]) -> Double {
    var (first, states, place) = (0, [1.0], 0.0)
    for (limit, next) in zip(limits, places) {
      let p = (next - place) / (1 - place)
      let (odds, failure) = (log(p) - log1p(-p), log1p(-p))
      var following = [Double](repeating: 0, count: limit.upper - limit.lower + 1)
      for (offset, weight) in states.enumerated() where weight > 0 {
        let below = first + offset
        guard max(below, limit.lower) <= limit.upper else { continue }
        for reached in max(below, limit.lower)...limit.upper {
          following[reached - limit.lower] += weight * mass(reached - below, of: count - below, odds, failure)
        }
      }
      (first, states, place) = (limit.lower, following, next)
    }
    return states.reduce(0, +)
  }
}
