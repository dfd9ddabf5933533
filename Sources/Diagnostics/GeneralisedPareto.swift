#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A generalised Pareto distribution of excesses over a threshold.
struct GeneralisedPareto {
  /// The shape k; moments of order 1/k and above are infinite.
  let shape: Double
  /// The scale σ, positive.
  let scale: Double

  /// The fit to sorted excesses by Zhang and Stephens (2009), "A new and efficient estimation method for the generalized
  /// Pareto distribution", with the weakly informative prior of Vehtari et al. (2024) that pulls k towards 1/2 with the
  /// weight of ten observations; nil where the excesses have no fit (a quarter or more of them 0).
  init?(excesses: [Double]) {
    let n = Double(excesses.count)
    guard let largest = excesses.last else { return nil }
    let quartile = excesses[max(Int(n / 4 + 0.5) - 1, 0)]
    guard quartile > 0, largest.isFinite else { return nil }

    let points = 30 + Int(n.squareRoot())
    let grid = (1...points).map { point in
      1 / largest + (1 - (Double(points) / (Double(point) - 0.5)).squareRoot()) / (3 * quartile)
    }
    let profile = grid.map { b in
      let k = Self.shape(excesses, b)
      return n * (log(-b / k) - k - 1)
    }
    let weights = ImportanceWeights(logWeights: profile).values.map { $0 >= 10 * Double.ulpOfOne ? $0 : 0 }
    let total = weights.reduce(0, +)
    let b = zip(grid, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let k = Self.shape(excesses, b)
    scale = -k / b
    shape = (n * k + 5) / (n + 10)
    guard shape.isFinite, scale.isFinite, scale > 0 else { return nil }
  }

  /// The excess that a share `probability` of the distribution stays below.
  func quantile(_ probability: Double) -> Double {
    if shape == 0 { return -scale * log1p(-probability) }
    return scale * expm1(-shape * log1p(-probability)) / shape
  }

  /// The shape that maximises the likelihood at b = −k/σ.
  private static func shape(_ excesses: [Double], _ b: Double) -> Double {
    excesses.reduce(0) { $0 + log1p(-b * $1) } / Double(excesses.count)
  }
}
