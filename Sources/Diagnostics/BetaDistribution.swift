#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Beta distribution, as far as the rank of an order statistic needs it.
struct BetaDistribution {
  /// The first shape, positive.
  let alpha: Double
  /// The second shape, positive.
  let beta: Double

  /// P(X ≤ x), the regularised incomplete beta function (Press et al., Numerical Recipes, section 6.4).
  func cumulative(_ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let normaliser = lgamma(alpha + beta) - lgamma(alpha) - lgamma(beta)
    let front = exp(normaliser + alpha * log(x) + beta * log1p(-x))
    // The continued fraction converges fast on one side of the mode; symmetry gives the other.
    if x < (alpha + 1) / (alpha + beta + 2) { return front * Self.fraction(alpha, beta, x) / alpha }
    return 1 - front * Self.fraction(beta, alpha, 1 - x) / beta
  }

  /// The x at which `cumulative` is p, by bisection to the last bit.
  func quantile(_ p: Double) -> Double {
    var low = 0.0
    var high = 1.0
    for _ in 0..<200 {
      let middle = 0.5 * (low + high)
      if middle <= low || middle >= high { break }
      if cumulative(middle) < p { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  /// The continued fraction, by Lentz's method.
  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    let kept = { (value: Double) in abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }
}
