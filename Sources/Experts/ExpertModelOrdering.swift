import LogDensities
import Priors

/// How experts are told apart (5.2). Sampling is unordered whatever this says: draws are moved to the ordering afterwards.
public enum Ordering: String, Sendable, Codable, CaseIterable {
  /// Not at all.
  case none
  /// a_1 ≤ … ≤ a_M.
  case intercepts
  /// σ_1 ≤ … ≤ σ_M.
  case standardErrors = "standard-errors"
}

extension ExpertArchitecture {
  /// The coordinates that an ordering sorts.
  public func ordered(by ordering: Ordering) -> Range<Int> {
    switch ordering {
    case .none: 0..<0
    case .intercepts: intercepts
    case .standardErrors: logSigmas
    }
  }

  /// The permutation that sorts: place k gets expert `result[k]`. Ties keep their order.
  public func sorting(_ position: Span<Double>, by ordering: Ordering) -> [Int] {
    let keys = ordered(by: ordering).map { position[$0] }
    guard !keys.isEmpty else { return Array(0..<experts) }
    return (0..<experts).sorted { (keys[$0], $0) < (keys[$1], $1) }
  }

  /// Puts expert `permutation[k]` in place k. The likelihood stays: gate columns move too and are then taken relative to
  /// the new last one, G_k ← G_k − G_r, a linear map of determinant ±1. The behaviour gate belongs to no expert.
  public func permute(_ position: inout MutableSpan<Double>, by permutation: [Int]) {
    let moved = Renumbering(self, permutation).applied(to: (0..<dimension).map { position[$0] })
    for index in 0..<dimension { position[index] = moved[index] }
  }

  /// The gate coefficient of an expert, 0 for the last.
  func logit(_ expert: Int, _ feature: Int, _ position: [Double]) -> Double {
    expert == experts - 1 ? 0 : position[gate.lowerBound + expert * gateFeatures + feature]
  }
}

/// Sums of a product prior over all ways to number the experts.
///
/// Independent priors make p(πθ | λ) a product over places once the reference expert is chosen, so the sum over the other
/// (M − 1)! permutations is a permanent; it is summed over subsets, M 2ᴹ positive terms for each reference.
struct PermutationSum {
  /// More experts than this are refused: the cost doubles with each.
  static let largest = 12

  let architecture: ExpertArchitecture
  let priors: [ScalarPrior]

  /// ln Σ_π p(πθ | λ) over all M! permutations, gate re-referenced. The behaviour gate's prior is a factor of every term.
  func logSum(at position: [Double]) -> Double {
    let m = architecture.experts
    let common = architecture.behaviour.reduce(0.0) { $0 + priors[$1].logDensity(at: position[$1]) }
    let own = (0..<m).map { place in (0..<m).map { expertPrior(of: $0, in: place, position) } }
    let terms = (0..<m).map { reference in
      let others = (0..<m).filter { $0 != reference }
      let matrix = (0..<m - 1).map { place in
        others.map { own[place][$0] + gatePrior(of: $0, in: place, reference: reference, position) }
      }
      return own[m - 1][reference] + logPermanent(matrix)
    }
    return common + Gating.logSumExp(terms.span)
  }

  private func expertPrior(of expert: Int, in place: Int, _ position: [Double]) -> Double {
    let a = architecture.intercepts.lowerBound
    let s = architecture.logSigmas.lowerBound
    var sum = priors[a + place].logDensity(at: position[a + expert])
    sum += priors[s + place].logDensity(at: position[s + expert])
    for (to, from) in zip(architecture.slopes(of: place), architecture.slopes(of: expert)) {
      sum += priors[to].logDensity(at: position[from])
    }
    return sum
  }

  private func gatePrior(of expert: Int, in place: Int, reference: Int, _ position: [Double]) -> Double {
    let start = architecture.gate(column: place).lowerBound
    return (0..<architecture.gateFeatures).reduce(0.0) { sum, feature in
      let value = architecture.logit(expert, feature, position) - architecture.logit(reference, feature, position)
      return sum + priors[start + feature].logDensity(at: value)
    }
  }

  /// ln Σ_σ Π_k exp(matrix[k][σ(k)]): entry S of the table sums over all ways to fill the first |S| places with S.
  private func logPermanent(_ matrix: [[Double]]) -> Double {
    let n = matrix.count
    var table = [Double](repeating: 0, count: 1 << n)
    var terms: [Double] = []
    for subset in 1..<max(1, 1 << n) {
      let place = subset.nonzeroBitCount - 1
      terms.removeAll(keepingCapacity: true)
      for i in 0..<n where subset & (1 << i) != 0 { terms.append(table[subset ^ (1 << i)] + matrix[place][i]) }
      table[subset] = Gating.logSumExp(terms.span)
    }
    return table[(1 << n) - 1]
  }
}
