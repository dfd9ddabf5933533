/// Moments of a standard normal on (α, β), about the point r of [α, β] where its density is largest.
///
/// Everything is a sum of positive terms in τ = (z − r) ρ with ρ = max(1, |r|), the distance in units in which the density falls
/// off. So nothing cancels or overflows however far out the interval lies: at α = 10⁸ the density is that of an exponential, and
/// ln Φ(β) − Φ(α) by itself would be known to an absolute 1 only.
struct TruncatedMoments: Sendable, Equatable {
  /// r.
  let reference: Double
  /// ln ∫ exp(−(z² − r²) / 2) dz.
  let logMass: Double
  /// E[z − r].
  let meanDistance: Double
  /// E[z² − r²].
  let meanSquareDifference: Double
  /// Var z.
  let variance: Double
  /// Cov(z, z²).
  let covariance: Double
  /// Var z².
  let squareVariance: Double

  /// Beyond where the density has fallen by this exponent nothing is left.
  private static let depth = 60.0
  private static let panels = 12

  /// The moments between α < β.
  /// - Parameter width: β − α, with the digits that the difference would not have far out.
  init(lower alpha: Double, upper beta: Double, width: Double) {
    let r = alpha > 0 ? alpha : (beta < 0 ? beta : 0)
    let rho = max(1, abs(r))
    // Where |r| d + d² / 2 is the depth.
    let reach = 2 * Self.depth / (abs(r) + hypotenuse(r, (2 * Self.depth).squareRoot())) * rho
    let low = max(-reach, r > 0 ? 0 : r < 0 ? -width * rho : alpha)
    let high = min(reach, r > 0 ? width * rho : r < 0 ? 0 : beta)
    let (slope, bend) = (r / rho, 0.5 / (rho * rho))
    let rule = GaussLegendre.standard
    let half = 0.5 * (high - low) / Double(Self.panels)
    var places: [Double] = []
    var masses: [Double] = []
    for panel in 0..<Self.panels {
      for i in 0..<GaussLegendre.order {
        let tau = low + half * (Double(2 * panel + 1) + rule.nodes[i])
        places.append(tau)
        masses.append(half * rule.weights[i] * exponential(-tau * (slope + bend * tau)))
      }
    }
    let total = masses.reduce(0, +)
    func mean(_ f: (Double) -> Double) -> Double {
      zip(places, masses).reduce(0) { $0 + $1.1 * f($1.0) } / total
    }
    let first = mean { $0 }
    // z² − r² = 2 (r / ρ) τ + τ² / ρ².
    func square(_ tau: Double) -> Double { 2 * tau * (slope + bend * tau) }
    let second = mean(square)
    reference = r
    logMass = logarithm(total) - logarithm(rho)
    meanDistance = first / rho
    meanSquareDifference = second
    variance = mean { ($0 - first) * ($0 - first) } / (rho * rho)
    covariance = mean { ($0 - first) * (square($0) - second) } / rho
    squareVariance = mean { (square($0) - second) * (square($0) - second) }
  }
}
