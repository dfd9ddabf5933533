#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Sampling

extension MultistateRatio {
  /// The draws of one density: chains of equal length.
  public struct Batch: Sendable, Equatable {
    /// The number of chains.
    public let chains: Int
    /// The number of draws of each chain.
    public let drawsPerChain: Int

    /// A batch.
    public init(chains: Int, drawsPerChain: Int) {
      self.chains = chains
      self.drawsPerChain = drawsPerChain
    }

    /// The number of draws over all chains.
    public var count: Int { chains * drawsPerChain }
  }

  /// Standard errors of contrasts Σ_k c_k ln Z_k (with Σ c_k = 0), from draws that stand batch by batch, one batch a density
  /// in its order, chain by chain.
  ///
  /// The constants solve estimating equations, so that each draw has a linear influence on them, H⁻¹ w_s (P(s) − mean of P in its
  /// batch) with H = diag(n) − Pᵀ W P: the sandwich, which for independent draws is the asymptotic covariance of Kong,
  /// McCullagh, Meng, Nicolae and Tan (2003) and of Shirts and Chodera (2008, eq. 8). The variance of the summed influence comes
  /// from its own effective sample size, so that the autocorrelation of just what matters counts, not that of a stand-in.
  ///
  /// - Parameter chainsPersist: Whether chain c of a batch goes on from chain c of the batch before. Its influences are one series
  ///   then, whose autocorrelation does not end where the density changes, and which tells more about it than many short ones.
  ///   Otherwise batches are independent.
  ///
  /// ∞ where the densities do not overlap at all.
  public func standardErrors(
    of contrasts: [[Double]], in batches: [Batch], chainsPersist: Bool = false
  ) -> [Double] {
    precondition(batches.count == counts.count, "one batch a density")
    precondition(batches.reduce(0) { $0 + $1.count } == logMixture.count, "batches hold all draws")
    guard counts.count > 1 else { return contrasts.map { _ in 0 } }
    guard let influence = Influence(self) else { return contrasts.map { _ in .infinity } }
    return contrasts.map { contrast in
      guard let slopes = influence.slopes(of: contrast) else { return .infinity }
      var start = 0
      var series: [[[Double]]] = []
      for batch in batches {
        series.append(influence.series(slopes, start: start, batch))
        start += batch.count
      }
      if chainsPersist { series = [Self.joined(series)] }
      return series.reduce(0) { sum, chains in
        let error = Double(chains.count * chains[0].count) * MonteCarloError.mean(chains)
        return sum + error * error
      }.squareRoot()
    }
  }

  /// Chain after chain, each through all batches.
  private static func joined(_ series: [[[Double]]]) -> [[Double]] {
    precondition(series.allSatisfy { $0.count == series[0].count }, "chains that persist are as many in every batch")
    return series[0].indices.map { chain in series.flatMap { $0[chain] } }
  }

  /// Standard errors of `logConstants`, that of the last being 0.
  public func standardErrors(in batches: [Batch]) -> [Double] {
    let last = counts.count - 1
    let contrasts = counts.indices.map { state in
      counts.indices.map { state == last ? 0.0 : $0 == state ? 1 : $0 == last ? -1 : 0 }
    }
    return standardErrors(of: contrasts, in: batches)
  }

  /// The share of two densities' mass that they have in common, ∫ 2 p q / (p + q), from the draws of both: 1 where they are the
  /// same, 0 where they have nothing in common.
  public func overlap(_ first: Int, _ second: Int, in batches: [Batch]) -> Double {
    let starts = batches.indices.map { index in batches[..<index].reduce(0) { $0 + $1.count } }
    func mean(over state: Int, of other: Int) -> Double {
      var (sum, total) = (0.0, 0.0)
      for draw in starts[state]..<starts[state] + batches[state].count {
        let weight = logWeights.map { exp($0[draw]) } ?? 1
        let own = logDensities[state][draw] - logConstants[state]
        let others = logDensities[other][draw] - logConstants[other]
        total += weight
        if others > -.infinity { sum += weight * 2 / (1 + exp(own - others)) }
      }
      return total > 0 ? sum / total : 0
    }
    return min(1, 0.5 * (mean(over: first, of: second) + mean(over: second, of: first)))
  }

  /// Of every density, the effective number of draws of other densities that stand for it: Σ over them of its probability. A
  /// ratio rests on so many draws; below about ten it is a guess, whatever its standard error says.
  public func sharedDraws(in batches: [Batch]) -> [Double] {
    var start = 0
    return counts.indices.map { state in
      let share = responsibility(of: state)
      defer { start += batches[state].count }
      return share.indices.reduce(0.0) { sum, draw in
        let isOwn = draw >= start && draw < start + batches[state].count
        return isOwn ? sum : sum + share[draw] * (logWeights.map { exp($0[draw]) } ?? 1)
      }
    }
  }
}

/// How every draw moves the constants.
private struct Influence {
  let responsibilities: [[Double]]
  let weights: [Double]?
  let curvature: SymmetricMatrix
  let free: Int

  /// nil where the curvature is singular: some densities share no draw.
  init?(_ ratio: MultistateRatio) {
    let states = ratio.counts.count
    free = states - 1
    responsibilities = ratio.counts.indices.map { ratio.responsibility(of: $0) }
    weights = ratio.logWeights?.map { exp($0) }
    let products = ratio.products(responsibilities)
    var elements = [Double](repeating: 0, count: free * free)
    for row in 0..<free {
      for column in 0..<free {
        elements[row * free + column] = (row == column ? ratio.counts[row] : 0) - products[row * states + column]
      }
    }
    curvature = SymmetricMatrix(dimension: free, elements: elements)
    guard curvature.cholesky() != nil else { return nil }
  }

  /// H⁻¹ c, without the reference.
  func slopes(of contrast: [Double]) -> [Double]? { curvature.solution(of: Array(contrast.prefix(free))) }

  /// The influence of the draws of one batch, chains × draws.
  func series(_ slopes: [Double], start: Int, _ batch: MultistateRatio.Batch) -> [[Double]] {
    var values = [Double](repeating: 0, count: batch.count)
    for (state, slope) in slopes.enumerated() where slope != 0 {
      let shares = responsibilities[state]
      for index in values.indices { values[index] += slope * shares[start + index] }
    }
    var (sum, total) = (0.0, 0.0)
    for index in values.indices {
      let weight = weights?[start + index] ?? 1
      sum += weight * values[index]
      total += weight
    }
    let centre = total > 0 ? sum / total : 0
    return (0..<batch.chains).map { chain in
      (0..<batch.drawsPerChain).map { draw in
        let index = chain * batch.drawsPerChain + draw
        return (weights?[start + index] ?? 1) * (values[index] - centre)
      }
    }
  }
}
