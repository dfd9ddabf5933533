import Diagnostics

/// Finite draws in ascending order, with weights that sum to 1.
struct WeightedSample {
  /// In ascending order; draws of weight 0 are left out.
  private let values: [Double]
  /// One a value; nil where all are equal.
  private let weights: [Double]?

  /// Of draws in any order, at least one of positive weight; weights need not be normalised.
  init(_ draws: [Double], weights: [Double]?) {
    guard let weights else {
      (values, self.weights) = (draws.sorted(), nil)
      return
    }
    let order = draws.indices.filter { weights[$0] > 0 }.sorted { draws[$0] < draws[$1] }
    let sum = order.reduce(0) { $0 + weights[$1] }
    values = order.map { draws[$0] }
    self.weights = order.map { weights[$0] / sum }
  }

  /// Σ w f(x).
  func mean(_ function: (Double) -> Double) -> Double {
    guard let weights else { return values.reduce(0) { $0 + function($1) } / Double(values.count) }
    return zip(weights, values).reduce(0) { $0 + $1.0 * function($1.1) }
  }

  /// The mean absolute difference of two independent draws, unbiased: ΣΣ w w′ |x − x′| / (1 − Σ w²); 0 of one draw.
  ///
  /// In ascending order the sum is 2 Σ (x₍ᵢ₊₁₎ − x₍ᵢ₎) C_i (1 − C_i) with C the cumulative weight.
  var meanDifference: Double {
    let uniform = 1 / Double(values.count)
    let distinct = 1 - (weights.map { $0.reduce(0) { $0 + $1 * $1 } } ?? uniform)
    guard values.count > 1, distinct > 0 else { return 0 }
    var (sum, below) = (0.0, 0.0)
    for index in 1..<values.count {
      below = weights.map { below + $0[index - 1] } ?? Double(index) * uniform
      sum += (values[index] - values[index - 1]) * below * max(1 - below, 0)
    }
    return 2 * sum / distinct
  }

  /// The quantile of type 7, or with weights its generalisation by Akinshin (2023, "Weighted quantile estimators",
  /// arXiv 2304.07265): the mean of the weighted quantile function over the n*-th part of [0, 1] that type 7 looks at,
  /// n* Kish's effective size.
  func quantile(_ probability: Double) -> Double {
    guard let weights else { return sampleQuantile(ofSorted: values, probability) }
    let size = ImportanceWeights(normalised: weights).effectiveSampleSize
    let start = probability * max(size - 1, 0) / size
    var (result, before, cumulative) = (0.0, 0.0, 0.0)
    for (value, weight) in zip(values, weights) {
      cumulative += weight
      let share = min(max(size * (cumulative - start), 0), 1)
      result += (share - before) * value
      before = share
    }
    // What rounding has left of the last share.
    return result + (1 - before) * (values.last ?? 0)
  }
}
