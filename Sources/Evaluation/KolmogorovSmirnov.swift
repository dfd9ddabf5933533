#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The Kolmogorov–Smirnov test of uniformity on [0, 1].
public struct KolmogorovSmirnov: Sendable, Codable, Equatable {
  /// D, the largest distance of the empirical distribution function from that of the uniform distribution.
  public let statistic: Double
  /// The probability of a larger D where the values are independent and uniform.
  public let pValue: Double

  /// Of at least one value in [0, 1].
  public init(uniform values: [Double]) {
    precondition(!values.isEmpty && values.allSatisfy { $0 >= 0 && $0 <= 1 }, "values lie in [0, 1]")
    let count = Double(values.count)
    statistic = values.sorted().enumerated().reduce(0) { largest, entry in
      let rank = Double(entry.offset)
      return max(largest, entry.element - rank / count, (rank + 1) / count - entry.element)
    }
    pValue = Self.pValue(statistic: statistic, count: values.count)
  }

  /// P(D > `statistic`) of `count` independent uniform values: exact by Marsaglia, Tsang and Wang (2003) up to 2000 values,
  /// beyond by Kolmogorov's limit with Vrbik's (2018) correction to order 1 / N.
  public static func pValue(statistic: Double, count: Int) -> Double {
    let n = Double(count)
    if statistic <= 0.5 / n { return 1 }
    if statistic >= 1 { return 0 }
    // Far in the tail one minus the matrix's probability cancels; both one-sided events together are rare there.
    if n * statistic * statistic > 4 { return min(1, 2 * oneSided(statistic, count)) }
    if count <= 2000 { return min(max(1 - withinMatrix(statistic, count), 0), 1) }
    let x = n.squareRoot() * statistic
    return limit(x + 1 / (6 * n.squareRoot()) + (x - 1) / (4 * n))
  }

  /// P(D⁺ > d) of Smirnov, exactly (Birnbaum and Tingey 1951).
  private static func oneSided(_ d: Double, _ count: Int) -> Double {
    let n = Double(count)
    var sum = 0.0
    for index in 0...Int(n * (1 - d)) {
      let j = Double(index)
      let (low, high) = (d + j / n, 1 - d - j / n)
      guard high > 0 else { continue }
      let choose = lgamma(n + 1) - lgamma(j + 1) - lgamma(n - j + 1)
      sum += exp(choose + (n - j) * log(high) + (j - 1) * log(low))
    }
    return d * sum
  }

  /// 2 Σ (−1)^{k−1} exp(−2 k² x²).
  private static func limit(_ x: Double) -> Double {
    var sum = 0.0
    for k in 1...100 {
      let term = exp(-2 * Double(k * k) * x * x)
      sum += k % 2 == 1 ? term : -term
    }
    return min(max(2 * sum, 0), 1)
  }

  /// P(D < d) as n!/nⁿ times an entry of the n-th power of Durbin's matrix, its size kept in an exponent.
  private static func withinMatrix(_ d: Double, _ count: Int) -> Double {
    let n = Double(count)
    let k = Int(n * d) + 1
    let size = 2 * k - 1
    var power = ScaledMatrix(entries: durbin(size, Double(k) - n * d), size: size)
    var product: ScaledMatrix?
    var exponent = count
    while exponent > 0 {
      if exponent & 1 == 1 { product = product.map { $0.times(power) } ?? power }
      exponent >>= 1
      if exponent > 0 { power = power.times(power) }
    }
    guard let product else { return 0 }
    let entry = product.entries[(k - 1) * size + k - 1]
    return entry > 0 ? exp(log(entry) + product.logScale + lgamma(n + 1) - n * log(n)) : 0
  }

  /// Durbin's (1973) matrix for a fractional part h.
  private static func durbin(_ size: Int, _ h: Double) -> [Double] {
    let inverseFactorial = (0...size).map { exp(-lgamma(Double($0) + 1)) }
    let powers = (0...size).map { pow(h, Double($0)) }
    var entries = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0...min(row + 1, size - 1) {
        var value = 1.0
        if column == 0 { value -= powers[row + 1] }
        if row == size - 1 { value -= powers[size - column] }
        if column == 0 && row == size - 1 && 2 * h > 1 { value += pow(2 * h - 1, Double(size)) }
        entries[row * size + column] = value * inverseFactorial[row - column + 1]
      }
    }
    return entries
  }
}

/// A square matrix times exp(`logScale`).
private struct ScaledMatrix {
  var entries: [Double]
  let size: Int
  var logScale = 0.0

  func times(_ other: ScaledMatrix) -> ScaledMatrix {
    var result = ScaledMatrix(entries: [Double](repeating: 0, count: size * size), size: size)
    for row in 0..<size {
      for inner in 0..<size {
        let factor = entries[row * size + inner]
        guard factor != 0 else { continue }
        for column in 0..<size {
          result.entries[row * size + column] += factor * other.entries[inner * size + column]
        }
      }
    }
    let peak = result.entries.max() ?? 1
    result.logScale = logScale + other.logScale + log(peak)
    for index in result.entries.indices { result.entries[index] /= peak }
    return result
  }
}
