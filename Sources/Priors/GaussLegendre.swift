/// Twelve-point Gauss–Legendre quadrature on panels, with cumulative integrals at the nodes.
///
/// Nodes and weights: Abramowitz & Stegun, table 25.4, computed by Newton's method.
struct GaussLegendre: Sendable {
  /// Points a panel.
  static let order = 12
  /// The nodes on [−1, 1], ascending.
  let nodes: [Double]
  /// The weights.
  let weights: [Double]
  /// Row by row: row i holds the weights of ∫ from −1 to node i of the interpolating polynomial.
  let cumulative: [Double]

  /// The rule, computed once.
  static let standard = GaussLegendre()

  private init() {
    let n = Self.order
    var nodes: [Double] = []
    var weights: [Double] = []
    for i in 0..<n {
      // The classical start for Newton's method; cos by its argument's complement keeps ascending order.
      var x = -cosine((Double(i) + 0.75) / (Double(n) + 0.5) * .pi)
      var slope = 1.0
      for _ in 0..<20 {
        let p = Self.legendre(x)
        slope = Double(n) * (x * p[n] - p[n - 1]) / (x * x - 1)
        x -= p[n] / slope
      }
      nodes.append(x)
      weights.append(2 / ((1 - x * x) * slope * slope))
    }
    self.nodes = nodes
    self.weights = weights
    // ∫₋₁ˣ of Σ_k c_k P_k with c_k = (2k+1)/2 Σ_j w_j P_k(x_j) f_j, and ∫₋₁ˣ P_k = (P_{k+1}(x) − P_{k−1}(x)) / (2k+1).
    let atNodes = nodes.map { Self.legendre($0) }
    cumulative = (0..<n).flatMap { i in
      let p = atNodes[i]
      return (0..<n).map { j in
        var sum = p[1] + p[0]
        for k in 1..<n { sum += atNodes[j][k] * (p[k + 1] - p[k - 1]) }
        return 0.5 * weights[j] * sum
      }
    }
  }

  /// P₀(x) … P₁₂(x).
  private static func legendre(_ x: Double) -> [Double] {
    var p = [1, x]
    for k in 1..<order { p.append((Double(2 * k + 1) * x * p[k] - Double(k) * p[k - 1]) / Double(k + 1)) }
    return p
  }
}
