#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Sampling

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
  /// n_k of every density.
  public let counts: [Double]
  let logDensities: [[Double]]
  let logWeights: [Double]?

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
    precondition(counts.count == logDensities.count, "one count a density")
    let equations = RatioEquations(logDensities: logDensities, counts: counts, logWeights: logWeights)
    var point = equations.point(at: start ?? [Double](repeating: 0, count: counts.count))
    var change = Double.infinity
    for _ in 0..<(counts.count > 1 ? iterations : 0) {
      let next = equations.advanced(from: point)
      change = zip(next.constants, point.constants).map { abs($0 - $1) }.max() ?? 0
      point = next
      if !(change > tolerance) { break }
    }
    logConstants = point.constants
    logMixture = point.mixture
    converged = counts.count <= 1 || change <= tolerance
    self.counts = counts
    self.logDensities = logDensities
    self.logWeights = logWeights
  }

  /// ln Z − ln Z_last of another density, known by its logarithm at the draws, with the normalised weights of the draws for it.
  public func extended(
    to logDensity: [Double], logWeights: [Double]? = nil
  ) -> (logConstant: Double, weights: ImportanceWeights) {
    let terms = logDensity.indices.map { logDensity[$0] - logMixture[$0] + (logWeights?[$0] ?? 0) }
    return (RatioEquations.logSumExp(terms), ImportanceWeights(logWeights: terms))
  }

  /// The probability that draw s came from density k, n_k q_k(θ_s) / Z_k over the mixture: one a draw.
  func responsibility(of state: Int) -> [Double] {
    let offset = log(counts[state]) - logConstants[state]
    return zip(logDensities[state], logMixture).map { density, mixture in
      density > -.infinity ? exp(offset + density - mixture) : 0
    }
  }

  /// Σ_s w_s P_k(s) P_l(s) for all pairs of densities, by rows.
  func products(_ responsibilities: [[Double]]) -> [Double] {
    let states = counts.count
    var result = [Double](repeating: 0, count: states * states)
    for row in 0..<states {
      let weighted = responsibilities[row].indices.map { draw in
        responsibilities[row][draw] * (logWeights.map { exp($0[draw]) } ?? 1)
      }
      for column in 0...row {
        let sum = zip(weighted, responsibilities[column]).reduce(0) { $0 + $1.0 * $1.1 }
        result[row * states + column] = sum
        result[column * states + row] = sum
      }
    }
    return result
  }
}

/// The equations Σ_s w_s P_k(s) = n_k, whose solution makes a convex function minimal.
struct RatioEquations {
  /// Constants with what they imply.
  struct Point {
    /// ln Z_k − ln Z_last.
    var constants: [Double]
    /// Of every draw.
    var mixture: [Double]
    /// Σ_s w_s P_k(s) of every density.
    var totals: [Double]
    /// Σ_k (Σ_s w_s P_k(s) − n_k)² / n_k.
    var residual: Double
  }

  let logDensities: [[Double]]
  let counts: [Double]
  let logWeights: [Double]?

  func point(at constants: [Double]) -> Point {
    let draws = logDensities.first?.count ?? 0
    let reference = constants.last ?? 0
    let constants = constants.map { $0 - reference }
    let offsets = zip(counts, constants).map { log($0) - $1 }
    var mixture = [Double](repeating: 0, count: draws)
    var totals = [Double](repeating: 0, count: counts.count)
    var terms = totals
    for draw in 0..<draws {
      var top = -Double.infinity
      for state in terms.indices {
        terms[state] = offsets[state] + logDensities[state][draw]
        top = max(top, terms[state])
      }
      guard top.isFinite else {
        mixture[draw] = top
        continue
      }
      var sum = 0.0
      for state in terms.indices {
        terms[state] = exp(terms[state] - top)
        sum += terms[state]
      }
      mixture[draw] = top + log(sum)
      let weight = (logWeights.map { exp($0[draw]) } ?? 1) / sum
      for state in terms.indices { totals[state] += weight * terms[state] }
    }
    let residual = zip(totals, counts).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
    return Point(constants: constants, mixture: mixture, totals: totals, residual: residual)
  }

  /// One step: Newton's where it comes closer to the solution than the fixed-point iteration, which always comes closer.
  func advanced(from point: Point) -> Point {
    let fixed = self.point(at: counts.indices.map { fixedPoint(of: $0, from: point) })
    guard let newton = newton(from: point), newton.residual < fixed.residual else { return fixed }
    return newton
  }

  /// ln Z_k as the mixture implies it. Far from the solution a density's share of every draw may underflow: then by logarithms.
  private func fixedPoint(of state: Int, from point: Point) -> Double {
    if point.totals[state] > 1e-100 { return point.constants[state] + log(point.totals[state] / counts[state]) }
    let terms = point.mixture.indices.map { draw in
      logDensities[state][draw] - point.mixture[draw] + (logWeights?[draw] ?? 0)
    }
    let value = Self.logSumExp(terms.filter { !$0.isNaN })
    return value.isFinite ? value : point.constants[state]
  }

  private func newton(from point: Point) -> Point? {
    let free = counts.count - 1
    let offsets = zip(counts, point.constants).map { log($0) - $1 }
    var hessian = [Double](repeating: 0, count: free * free)
    var shares = [Double](repeating: 0, count: free)
    for draw in point.mixture.indices where point.mixture[draw].isFinite {
      for state in 0..<free { shares[state] = exp(offsets[state] + logDensities[state][draw] - point.mixture[draw]) }
      let weight = logWeights.map { exp($0[draw]) } ?? 1
      for row in 0..<free where shares[row] > 1e-12 {
        let factor = weight * shares[row]
        for column in 0...row { hessian[row * free + column] -= factor * shares[column] }
      }
    }
    for row in 0..<free {
      hessian[row * free + row] += point.totals[row]
      for column in 0..<row { hessian[column * free + row] = hessian[row * free + column] }
    }
    let right = (0..<free).map { point.totals[$0] - counts[$0] }
    guard let step = SymmetricMatrix(dimension: free, elements: hessian).solution(of: right) else { return nil }
    let next = self.point(at: point.constants.indices.map { point.constants[$0] + ($0 < free ? step[$0] : 0) })
    return next.residual.isFinite ? next : nil
  }

  static func logSumExp(_ values: [Double]) -> Double {
    let top = values.max() ?? -.infinity
    guard top.isFinite else { return top }
    return top + log(values.reduce(0) { $0 + exp($1 - top) })
  }
}
