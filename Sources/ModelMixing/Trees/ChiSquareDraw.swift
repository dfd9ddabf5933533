#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

extension RandomStream {
  /// A draw from χ² with `degrees` > 0 degrees of freedom: twice a gamma draw of half that shape, by Marsaglia and Tsang (2000).
  mutating func chiSquare(_ degrees: Double) -> Double {
    let shape = degrees / 2
    // A gamma draw of shape a < 1 is one of shape a + 1 times U^(1/a).
    let boost = shape < 1 ? pow(openUniform(), 1 / shape) : 1
    let d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if log(openUniform()) < 0.5 * x * x + d * (1 - v + log(v)) { return 2 * d * v * boost }
    }
  }
}
