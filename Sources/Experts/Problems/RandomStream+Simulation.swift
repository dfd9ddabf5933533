#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

extension RandomStream {
  /// `count` different elements of `items`, in random order (the beginning of a Fisher–Yates shuffle).
  mutating func sample<Item>(_ count: Int, of items: [Item]) -> [Item] {
    precondition(count <= items.count, "a sample without replacement is no larger than what it is drawn from")
    var items = items
    for position in 0..<count { items.swapAt(position, position + integer(below: items.count - position)) }
    return Array(items.prefix(count))
  }

  /// An index drawn with these probabilities, which sum to 1.
  mutating func categorical(_ probabilities: [Double]) -> Int {
    var remaining = uniform()
    for (index, probability) in probabilities.enumerated() {
      remaining -= probability
      if remaining < 0 { return index }
    }
    return max(0, probabilities.count - 1)
  }

  /// Beta(a, b) for a, b > 0, from two gamma variables kept as logarithms: a small shape underflows otherwise.
  mutating func beta(_ a: Double, _ b: Double) -> Double {
    1 / (1 + exp(logGamma(shape: b) - logGamma(shape: a)))
  }

  /// ln of a Gamma(shape, 1) variable (Marsaglia & Tsang 2000; shapes below 1 by ln G(a) = ln G(a + 1) + ln U / a).
  mutating func logGamma(shape: Double) -> Double {
    if shape < 1 {
      let boosted = logGamma(shape: shape + 1)
      return boosted + log(openUniform()) / shape
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(openUniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d) + log(v) }
    }
  }
}
