#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ratios of normalising constants of several unnormalised densities, from draws of all of them together: the multistate
/// Bennett acceptance ratio (Shirts and Chodera 2008), which for two densities is bridge sampling with the optimal bridge
/// (Meng and Wong 1996). Each density is seen from both sides, so that no ratio rests on one-sided weights.
public struct MultistateRatio: Sendable {
  /// ln Z_k − ln Z_last of every density.
  public let logConstants: [Double]
  /// ln Σ_k n_k q_k(θ_s) / Z_k of every draw: the density of the draws all together, times their number.
  public let logMixture: [Double]
  /// Whether the iteration converged.
  public let converged: Bool

  /// - Parameters:
  ///   - logDensities: ln q_k(θ_s), densities × draws, up to a term of the draw alone.
  ///   - counts: How many of the draws are of each density, in effective or plain numbers.
  ///   - logWeights: ln of the weight of each draw, normalised so that the weights of the draws of density k sum to counts_k; nil
  ///     where all are 1.
  ///   - start: A guess at `logConstants`.
  ///   - tolerance: The largest change of a constant that counts as none.
  public init(
    logDensities: [[Double]], counts: [Double], logWeights: [Double]? = nil, start: [Double]? = nil,
    iterations: Int = 1000, tolerance: Double = 1e-9
  ) {
    let states = logDensities.count
    let draws = logDensities.first?.count ?? 0
    precondition(counts.count == states, "one count a density")
    var constants = start ?? [Double](repeating: 0, count: states)
    var mixture = Self.mixture(logDensities, counts, constants, draws)
    var change = Double.infinity
    for _ in 0..<(states > 1 ? iterations : 0) {
      let raw = (0..<states).map { state in
        Self.logSumExp((0..<draws).map { logDensities[state][$0] - mixture[$0] + (logWeights?[$0] ?? 0) })
      }
      let next = raw.map { $0 - raw[states - 1] }
      change = zip(next, constants).map { abs($0 - ($1 - constants[states - 1])) }.max() ?? 0
      constants = next
      mixture = Self.mixture(logDensities, counts, constants, draws)
      if !(change > tolerance) { break }
    }
    logConstants = constants
    logMixture = mixture
    converged = states <= 1 || change <= tolerance
  }

  /// ln Z − ln Z_last of another density, known by its logarithm at the draws, with the normalised weights of the draws for it.
  public func extended(
    to logDensity: [Double], logWeights: [Double]? = nil
  ) -> (logConstant: Double, weights: ImportanceWeights) {
    let terms = logDensity.indices.map { logDensity[$0] - logMixture[$0] + (logWeights?[$0] ?? 0) }
    return (Self.logSumExp(terms), ImportanceWeights(logWeights: terms))
  }

  private static func mixture(
    _ logDensities: [[Double]], _ counts: [Double], _ constants: [Double], _ draws: Int
  ) -> [Double] {
    let offsets = zip(counts, constants).map { log($0) - $1 }
    return (0..<draws).map { draw in logSumExp(offsets.indices.map { offsets[$0] + logDensities[$0][draw] }) }
  }

  private static func logSumExp(_ values: [Double]) -> Double {
    let top = values.max() ?? -.infinity
    guard top.isFinite else { return top }
    return top + log(values.reduce(0) { $0 + exp($1 - top) })
  }
}
