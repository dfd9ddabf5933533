import Diagnostics
import Experts
import Foundation
import Sampling
import Testing

/// Draws of some variants as draws of all of them together.
///
/// With experts numbered alike everywhere and p_r the gate's prior with expert r as the reference, run v is of a density
/// proportional to L p_v, and L cancels: Z_r ∝ Σ p_r / Σ_v n_v p_v / Z_v over all draws (multistate Bennett acceptance
/// ratio, Shirts and Chodera 2008), and a draw counts Σ_r p_r / Σ_v n_v p_v / Z_v in the whole.
struct GateReferenceVariants {
  /// Of the variants whose reference has the largest, the middle and the smallest intercept: W, P and Q.
  let shares: [Double]
  /// The variant of each run, 0 to 2.
  let ofRuns: [Int]
  /// One normalised weight a draw, run by run.
  let weights: [Double]
  /// Pareto's k̂ of the weights.
  let khat: Double
  /// The share of draws whose numbering is a close call.
  let ambiguity: Double

  init(_ runs: [PosteriorSample], of model: ExpertModel) throws {
    let shape = model.architecture
    let relabelled = try model.relabelled(runs.flatMap(\.positions))
    ambiguity = relabelled.ambiguity
    let count = relabelled.permutations.count
    let places = (0..<shape.experts).sorted { a, b in
      let (first, second) = (Self.sum(relabelled.positions, shape, a), Self.sum(relabelled.positions, shape, b))
      return first > second
    }
    let order = [places[0], places[1], places[2]]
    let logs = (0..<count).map { draw in
      order.map { Self.logGatePrior(relabelled.positions, draw * shape.dimension, shape, reference: $0) }
    }
    // Before renumbering the reference was the last expert; every run keeps to one variant, and no two share one.
    let perRun = runs[0].count
    let variants = runs.indices.map { run in
      let owners = (run * perRun..<(run + 1) * perRun).map { draw in
        order.firstIndex { relabelled.permutations[draw][$0] == shape.experts - 1 } ?? 0
      }
      let variant = owners[0]
      #expect(owners.count { $0 == variant } > perRun * 95 / 100, "run \(run) moves between variants")
      return variant
    }
    try #require(Set(variants).count == runs.count)
    ofRuns = variants

    var logZ = [0.0, 0, 0]
    var denominators = [Double](repeating: 0, count: count)
    for _ in 0..<300 {
      // All runs have as many draws.
      for draw in 0..<count { denominators[draw] = Self.logSum(variants.map { logs[draw][$0] - logZ[$0] }) }
      let next = (0..<3).map { r in Self.logSum((0..<count).map { logs[$0][r] - denominators[$0] }) }
      logZ = next.map { $0 - next[0] }
    }
    let total = Self.logSum(logZ)
    shares = logZ.map { exp($0 - total) }
    let logWeights = (0..<count).map { Self.logSum(logs[$0]) - denominators[$0] }
    khat = ParetoSmoothing(logWeights: logWeights).khat
    weights = ImportanceWeights(logWeights: logWeights).values
  }

  private static func sum(_ positions: [Double], _ shape: ExpertArchitecture, _ expert: Int) -> Double {
    stride(from: expert, to: positions.count, by: shape.dimension).reduce(0) { $0 + positions[$1] }
  }

  /// ln Π Laplace(0, 1) of the gate's columns relative to `reference`.
  private static func logGatePrior(
    _ positions: [Double], _ start: Int, _ shape: ExpertArchitecture, reference: Int
  ) -> Double {
    func logit(_ expert: Int, _ feature: Int) -> Double {
      expert == shape.experts - 1 ? 0 : positions[start + shape.gate(column: expert).lowerBound + feature]
    }
    var sum = 0.0
    for expert in 0..<shape.experts where expert != reference {
      for feature in 0..<shape.gateFeatures { sum -= abs(logit(expert, feature) - logit(reference, feature)) }
    }
    return sum
  }

  private static func logSum(_ values: [Double]) -> Double {
    let top = values.max() ?? 0
    return top + log(values.reduce(0) { $0 + exp($1 - top) })
  }
}
