#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Importance weights whose largest are replaced by quantiles of a fitted generalised Pareto distribution, with k̂, its
/// shape: the diagnostic that travels with the weights.
///
/// Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", by the formulas of
/// arviz-stats 0.8, whose tail length is rounded down as in the paper (ArviZ 0.23 and the R package loo round up).
public struct ParetoSmoothing: Sendable, Equatable {
  /// The smoothed log weights, normalised: their exponentials sum to 1.
  public let logWeights: [Double]
  /// The shape of the tail. Below 0.7 the weights can be trusted; ∞ where there are fewer than 25 weights, or no fit.
  /// Where the largest weights are all equal there is no tail: nothing is smoothed and k̂ is 0.
  public let khat: Double

  /// Whether estimates with these weights can be believed: k̂ < min(0.7, 1 − 1 / log₁₀ S).
  public var isReliable: Bool { khat < min(0.7, 1 - 1 / log10(Double(max(logWeights.count, 11)))) }

  /// Smooths log weights, which need not be normalised; −∞ is a weight of 0.
  /// - Parameter relativeEfficiency: effective draws over draws where the draws are autocorrelated; 1 for independent ones.
  public init(logWeights raw: [Double], relativeEfficiency: Double = 1) {
    precondition(relativeEfficiency > 0, "an efficiency is positive")
    let peak = raw.max() ?? 0
    guard peak.isFinite, !raw.contains(where: \.isNaN) else {
      logWeights = raw
      khat = .infinity
      return
    }
    var shifted = raw.map { $0 - peak }
    khat = Self.smoothTail(of: &shifted, length: Self.tailLength(raw.count, relativeEfficiency))
    let normaliser = log(shifted.reduce(0) { $0 + exp($1) })
    logWeights = shifted.map { $0 - normaliser }
  }

  /// ⌊min(S / 5, 3 √(S / r))⌋.
  static func tailLength(_ count: Int, _ relativeEfficiency: Double) -> Int {
    let total = Double(count)
    return Int(min(total / 5, 3 * (total / relativeEfficiency).squareRoot()))
  }

  /// Smooths the `length` largest of log weights whose maximum is 0; returns k̂.
  private static func smoothTail(of shifted: inout [Double], length: Int) -> Double {
    guard length >= 5 else { return .infinity }
    let (tail, below) = largest(length, of: shifted)
    guard let first = tail.first, shifted[first] < 0 else { return 0 }
    let cutoff = exp(below)
    let fit = GeneralisedPareto(excesses: tail.map { exp(shifted[$0]) - cutoff })
    guard let fit else { return .infinity }
    for (rank, index) in tail.enumerated() {
      let probability = (Double(rank) + 0.5) / Double(length)
      shifted[index] = min(log(cutoff + fit.quantile(probability)), 0)
    }
    return fit.shape
  }

  /// The places of the `count` largest values in ascending order (of equal values the last ones), and the largest value
  /// below them. Tails are short: selecting them costs a tenth of sorting everything.
  private static func largest(_ count: Int, of values: [Double]) -> (places: [Int], below: Double) {
    var copy = values
    let below = selected(rank: values.count - count - 1, of: &copy)
    var places: [Int] = []
    var equal: [Int] = []
    for place in values.indices {
      if values[place] > below { places.append(place) } else if values[place] == below { equal.append(place) }
    }
    places = equal.suffix(count - places.count) + places
    places.sort { values[$0] == values[$1] ? $0 < $1 : values[$0] < values[$1] }
    return (places, below)
  }

  /// The value of that rank, counted from 0 in ascending order: Hoare's (1961) selection, pivots by the median of three.
  private static func selected(rank: Int, of values: inout [Double]) -> Double {
    var (low, high) = (0, values.count - 1)
    while low < high {
      let (a, b, c) = (values[low], values[(low + high) / 2], values[high])
      let pivot = max(min(a, b), min(max(a, b), c))
      var (left, right) = (low, high)
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right { high = right } else if rank >= left { low = left } else { return values[rank] }
    }
    return values[rank]
  }
}
