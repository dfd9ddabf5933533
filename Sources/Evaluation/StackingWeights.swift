#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Weights of models whose mixture predicts left-out rows best: the maximiser of Σ_n ln Σ_k w_k p(y_n | rest, model k) over
/// the simplex (Yao, Vehtari, Simpson and Gelman 2018, eq. 7).
public struct StackingWeights: Sendable, Codable, Equatable {
  /// One a model; they sum to 1.
  public let values: [Double]
  /// How much larger the objective could be at most, a row, by its concavity.
  public let gap: Double

  /// From ln p(y_n | rest) of models × rows, finite and as many rows in each.
  ///
  /// The objective is concave. Each step moves weight from the model of the smallest derivative to the one of the largest
  /// as far as that helps, so that every iterate is feasible, weights reach 0 exactly and the objective never falls.
  public init(_ elpd: [[Double]]) {
    precondition(
      !elpd.isEmpty && elpd.allSatisfy { $0.count == elpd[0].count && !$0.isEmpty }, "models of the same rows")
    let rows = elpd[0].count
    let peaks = (0..<rows).map { row in elpd.reduce(-Double.infinity) { max($0, $1[row]) } }
    let density = elpd.map { model in zip(model, peaks).map { exp($0 - $1) } }
    var weights = [Double](repeating: 1 / Double(elpd.count), count: elpd.count)
    var gap = Double.infinity
    for _ in 0..<10_000 {
      let mixture = (0..<rows).map { row in elpd.indices.reduce(0) { $0 + weights[$1] * density[$1][row] } }
      let slope = density.map { zip($0, mixture).reduce(0) { $0 + $1.0 / $1.1 } / Double(rows) }
      let giving = elpd.indices.filter { weights[$0] > 0 }.min { slope[$0] < slope[$1] } ?? 0
      let taking = elpd.indices.max { slope[$0] < slope[$1] } ?? 0
      // Σ w slope = 1: by concavity no weights have more than this above these.
      gap = max(slope[taking] - 1, 0)
      guard gap > 1e-12, giving != taking else { break }
      let step = Self.step(
        mixture, zip(density[taking], density[giving]).map { $0 - $1 }, upTo: weights[giving])
      guard step > 0 else { break }
      weights[giving] = step == weights[giving] ? 0 : weights[giving] - step
      weights[taking] += step
    }
    let sum = weights.reduce(0, +)
    values = weights.map { $0 / sum }
    self.gap = gap
  }

  /// The t in [0, `limit`] at which Σ ln(m + t d) is largest, by bisection of its derivative, which falls.
  private static func step(_ mixture: [Double], _ direction: [Double], upTo limit: Double) -> Double {
    let rises = { (t: Double) in zip(mixture, direction).reduce(0) { $0 + $1.1 / ($1.0 + t * $1.1) } > 0 }
    if rises(limit) { return limit }
    var (low, high) = (0.0, limit)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if rises(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
