/// Quantiles of weighted values by selection, in time proportional to their number. Its arrays are working memory that
/// repeated use does not allocate anew.
struct WeightedSelection {
  private var values: [Double] = []
  private var weights: [Double] = []

  /// The smallest value with at least `probability` of the weight at or below it; NaN of no values.
  ///
  /// `weights` sum to 1. Sums of equal weights that fall short of the probability by rounding alone count as reaching it.
  mutating func quantile(_ probability: Double, of values: [Double], weights: [Double]) -> Double {
    precondition(values.count == weights.count, "one weight a value")
    self.values = values
    self.weights = weights
    return values.isEmpty ? .nan : select(probability - 1e-12)
  }

  private mutating func select(_ target: Double) -> Double {
    var missing = target
    var range = 0..<values.count
    while range.count > 1 {
      let pivot = median(
        values[range.lowerBound], values[range.lowerBound + range.count / 2], values[range.upperBound - 1])
      let (smaller, equal) = partition(range, around: pivot)
      let below = weights[range.lowerBound..<smaller].reduce(0, +)
      let within = weights[smaller..<equal].reduce(0, +)
      if below >= missing && smaller > range.lowerBound {
        range = range.lowerBound..<smaller
      } else if below + within >= missing || equal == range.upperBound {
        return pivot
      } else {
        missing -= below + within
        range = equal..<range.upperBound
      }
    }
    return values[range.lowerBound]
  }

  /// Puts values below the pivot first, then those equal to it; returns where either ends.
  private mutating func partition(_ range: Range<Int>, around pivot: Double) -> (smaller: Int, equal: Int) {
    var smaller = range.lowerBound
    var next = range.lowerBound
    var larger = range.upperBound
    while next < larger {
      if values[next] < pivot {
        exchange(smaller, next)
        smaller += 1
        next += 1
      } else if values[next] > pivot {
        larger -= 1
        exchange(next, larger)
      } else {
        next += 1
      }
    }
    return (smaller, larger)
  }

  private mutating func exchange(_ i: Int, _ j: Int) {
    values.swapAt(i, j)
    weights.swapAt(i, j)
  }

  private func median(_ a: Double, _ b: Double, _ c: Double) -> Double { max(min(a, b), min(max(a, b), c)) }
}

extension PosteriorPredictive.Interval {
  /// The mean and central 95 % interval of values with weights that sum to 1.
  init(of values: [Double], weights: [Double], by selection: inout WeightedSelection) {
    var mean = 0.0
    for (value, weight) in zip(values, weights) where weight > 0 { mean += weight * value }
    self.init(
      mean: mean, lower: selection.quantile(0.025, of: values, weights: weights),
      upper: selection.quantile(0.975, of: values, weights: weights))
  }
}
