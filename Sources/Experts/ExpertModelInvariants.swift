#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import LogDensities

/// Where label-invariant quantities are taken: about twenty rows, evenly spaced over the data.
struct LabelInvariants: Sendable {
  static let most = 20
  let rows: ExpertRows
  let indices: [Int]
  let likelihood: ExpertLikelihood

  init(_ architecture: ExpertArchitecture, _ data: ExpertRows) {
    let count = min(Self.most, data.count)
    indices = (0..<count).map { count == 1 ? 0 : $0 * (data.count - 1) / (count - 1) }
    rows = data.selected(indices)
    likelihood = ExpertLikelihood(
      architecture: architecture, expertFeatures: rows.expertFeatures, gateFeatures: rows.gateFeatures,
      response: rows.response)
  }
}

extension ExpertModel {
  /// The names of `convergenceQuantities(at:)`: what convergence is judged on, since no numbering of experts enters.
  public var convergenceQuantityNames: [String] {
    var names = ["log-likelihood"]
    if architecture.combination == .cocoafuse { names.append("mean behaviour") }
    names += (1...architecture.experts).map { "sigma (\($0). smallest)" }
    return names + invariants.indices.map { "predictive mean at row \($0 + 1)" }
  }

  /// The total log-likelihood, the mean of β over the rows (CoCoAFusE only), the sorted σ, and the predictive mean
  /// Σ α_i μ_i at about twenty rows.
  public func convergenceQuantities(at position: Span<Double>) -> [Double] {
    var result = [logLikelihood(at: position)]
    if architecture.combination == .cocoafuse { result.append(meanBehaviour(at: position)) }
    result += architecture.logSigmas.map { exp(position[$0]) }.sorted()
    let (weights, means, _) = invariants.likelihood.components(at: position)
    let rows = invariants.likelihood.rows
    return result
      + (0..<rows).map { row in
        (0..<architecture.experts).reduce(0.0) { $0 + weights[$1 * rows + row] * means[$1 * rows + row] }
      }
  }

  /// The mean over the rows of β, the weight of competition.
  public func meanBehaviour(at position: Span<Double>) -> Double {
    likelihood.behaviour(at: position).reduce(0, +) / Double(rows)
  }

  /// ᾱ(θ), the mean use of each expert over the rows.
  public func meanAllocation(at position: Span<Double>) -> [Double] { likelihood.meanAllocation(at: position) }

  /// ln Hent(ᾱ(θ)) of (24); nil for one expert.
  ///
  /// The kernel's shares serve as long as two experts are in use: a share that underflows changes nothing then. Only as all
  /// but one go out of use are shares summed in log space, at ten times the price.
  public func logAllocationEntropy(at position: Span<Double>) -> Double? {
    guard architecture.experts > 1 else { return nil }
    let shares = meanAllocation(at: position)
    let isSpread = shares.sorted()[architecture.experts - 2] > 1e-12
    return Gating.logNormalisedEntropy(ofLogShares: isSpread ? shares.map { log($0) } : logShares(at: position))
  }

  /// ln ᾱ(θ) by log-softmax and log-mean-exp over the rows: shares far below the range of doubles keep their digits.
  func logShares(at position: Span<Double>) -> [Double] {
    let m = architecture.experts
    var logits = [Double](repeating: 0, count: m)
    // Running sums exp(top) · rest of every expert's share.
    var top = [Double](repeating: -.infinity, count: m)
    var rest = [Double](repeating: 0, count: m)
    for row in 0..<rows {
      for column in 0..<m - 1 {
        let start = architecture.gate(column: column).lowerBound
        logits[column] = (0..<architecture.gateFeatures).reduce(0.0) {
          $0 + gateColumns[$1 * rows + row] * position[start + $1]
        }
      }
      logits[m - 1] = 0
      var span = logits.mutableSpan
      Gating.logSoftmax(&span)
      for expert in 0..<m where logits[expert] > -.infinity {
        let larger = max(top[expert], logits[expert])
        rest[expert] = rest[expert] * exp(top[expert] - larger) + exp(logits[expert] - larger)
        top[expert] = larger
      }
    }
    return (0..<m).map { top[$0] + log(rest[$0]) - log(Double(rows)) }
  }

  /// Draws (positions, one after the other) with experts renumbered so that each means one thing; see `Relabelling`.
  /// With a labelling they are numbered as the draws were that it comes from.
  public func relabelled(_ draws: [Double], to labelling: Labelling? = nil) throws(ModelError) -> Relabelling {
    try Relabelling(
      draws, of: architecture, expertFeatures: (0..<invariants.rows.count).map { invariants.rows.expertRow($0) },
      to: labelling)
  }
}

extension ExpertLikelihood {
  /// α and μ (M columns of N) and β (N), as arrays.
  func components(at position: Span<Double>) -> (weights: [Double], means: [Double], behaviour: [Double]) {
    var weights = [Double](repeating: 0, count: architecture.experts * rows)
    var means = weights
    var behaviour = [Double](repeating: 0, count: rows)
    var weightSpan = weights.mutableSpan
    var meanSpan = means.mutableSpan
    var behaviourSpan = behaviour.mutableSpan
    components(at: position, weights: &weightSpan, means: &meanSpan, behaviour: &behaviourSpan)
    return (weights, means, behaviour)
  }
}
