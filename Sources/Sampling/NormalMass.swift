#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// ln ∫ f over a mode of f from draws in it, were they as many independent normals: E[ln f] + Σ ½ (1 + ln 2π s_i²), the
/// entropy of normals of the draws' spreads s_i. The difference between two modes is good to some nats.
package enum NormalMass {
  /// nil where a coordinate stands still, and of fewer than three draws.
  package static func logMass(of draws: [ArraySlice<Double>], meanLogDensity: Double) -> Double? {
    guard draws.count > 2, let d = draws.first?.count else { return nil }
    let n = Double(draws.count)
    var mass = meanLogDensity
    for coordinate in 0..<d {
      let mean = draws.reduce(0.0) { $0 + $1[$1.startIndex + coordinate] } / n
      let squares = draws.reduce(0.0) { sum, draw in
        let difference = draw[draw.startIndex + coordinate] - mean
        return sum + difference * difference
      }
      mass += 0.5 * (1 + log(2 * .pi * squares / (n - 1)))
    }
    return mass.isFinite ? mass : nil
  }
}
