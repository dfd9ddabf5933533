import Diagnostics

/// Whether two chains keep apart in a scalar.
enum ChainSeparation {
  /// The R-hat above which two chains can be in different modes.
  private static let rHat = 1.1
  /// The share of pairs of draws, one of each chain, that must be in the same order.
  private static let order = 0.98
  /// How many standard deviations within chains their means must lie apart.
  private static let deviations = 4.0
  /// Chains shorter than this are never told apart.
  private static let leastDraws = 6

  /// Whether nearly every draw of one is above nearly every draw of the other, four standard deviations on average. R-hat
  /// alone would take slow chains for separate ones.
  static func isComplete(_ first: [Double], _ second: [Double]) -> Bool {
    guard min(first.count, second.count) >= leastDraws else { return false }
    guard (first + second).allSatisfy(\.isFinite) else { return false }
    let (a, b) = (moments(first), moments(second))
    guard abs(a.mean - b.mean) > deviations * (0.5 * (a.variance + b.variance)).squareRoot() else { return false }
    let share = shareAbove(first, second)
    return max(share, 1 - share) >= order && RHat.bulk([first, second]) > rHat
  }

  /// The share of pairs with the draw of `first` above that of `second`, by merging.
  private static func shareAbove(_ first: [Double], _ second: [Double]) -> Double {
    let (upper, lower) = (first.sorted(), second.sorted())
    var (below, sum) = (0, 0)
    for value in upper {
      while below < lower.count && lower[below] < value { below += 1 }
      sum += below
    }
    return Double(sum) / (Double(upper.count) * Double(lower.count))
  }

  private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1))
  }
}
