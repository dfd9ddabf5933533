/// Mean and variance of plain vectors.
enum Moments {
  /// The arithmetic mean; 0 of nothing. Summed as differences from the first value, so that equal values have exactly
  /// themselves as their mean, and the variance 0.
  static func mean(_ x: [Double]) -> Double {
    guard let first = x.first else { return 0 }
    return first + x.reduce(0) { $0 + ($1 - first) } / Double(x.count)
  }

  /// The unbiased variance, in two passes; 0 of fewer than two values.
  static func variance(_ x: [Double]) -> Double {
    guard x.count > 1 else { return 0 }
    let centre = mean(x)
    return x.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(x.count - 1)
  }
}
