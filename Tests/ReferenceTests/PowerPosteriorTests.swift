import Diagnostics
import EmpiricalBayes
import Experts
import Foundation
import LogDensities
import Sampling
import Testing
import _TestSupport

/// The real power rows, 57 parameters, against an independent sampler by label-invariant quantities.
///
/// The zero reference column makes the gate's prior depend on which of the three experts is the reference, so the
/// posterior has three variants of unequal mass (W, P and Q of the reference file) between which chains do not move. As
/// the reference does, this runs four chains in each: the first four from the start search, the others from the ends
/// of those, renumbered. The variants' shares come from the draws alone, since the likelihood cancels.
///
/// 45 comparisons at 4.5 combined Monte Carlo errors each, were errors normal: a false alarm in 0.03 % of seeds, and the
/// seed is fixed.
@Suite(
  .enabled(
    if: SharedData.file("golden/reference_power_cocoafuse.json") != nil,
    "The reference posterior of the power rows is not beside the checkout."))
struct PowerPosteriorTests {
  @Test func realPowerRows() async throws {
    let rows = try referenceRows("power")
    let reference = try PowerReference()
    let model = try ExpertModel(.cocoafuse, experts: 3, data: rows)
    let settings = SamplerSettings(
      warmup: 500, draws: 1600, targetAcceptance: 0.9, metric: .lowRank, seed: 1, threads: 2)
    let first = try await SampledExperts(model, settings: settings)
    var runs = [first.raw]
    let sampler = try MultiChainSampler(settings)
    for (iteration, permutation) in [[1, 2, 0], [2, 0, 1]].enumerated() {
      let states = try sampler.start(at: renumberedEnds(of: first.raw, permutation, model.architecture))
      runs.append(
        try await sampler.sample(
          model.posterior(given: model.hyperparameters), from: states, warmup: .full(transitions: settings.warmup),
          draws: settings.draws, iteration: UInt32(iteration + 1)
        ).sample)
    }
    for run in runs {
      let checks = SampleChecks.quantities(of: model, run)
      let worst = checks.map { RHat.rankNormalised($0.draws) }.max() ?? .infinity
      let smallest = checks.map { EffectiveSampleSize.bulk($0.draws) }.min() ?? 0
      print("power: R-hat \(worst), bulk ESS \(smallest), gradients \(run.gradientEvaluations)")
      #expect(worst < 1.02)
      #expect(run.statistics.count { $0.isDivergent } <= 2)
      for chain in checks[0].draws { #expect(abs([chain].mean - reference.loglik.mean) < 4, "a chain in a wrong mode") }
    }

    let variants = try GateReferenceVariants(runs, of: model)
    print("power: shares of W, P, Q \(variants.shares), ambiguity \(variants.ambiguity)")
    // The reference's own shares are good to some 0.03 and ours to no better.
    for (found, expected) in zip(variants.shares, reference.shares) { #expect(abs(found - expected) < 0.1) }

    let comparisons = try PowerQuantities(runs, of: model, rows: rows).comparisons(variants, reference)
    #expect(comparisons.count == 45)
    let worst = comparisons.max { $0.z < $1.z }
    print("power: worst z \(worst?.z ?? .nan), \(worst?.name ?? "")")
    for comparison in comparisons { #expect(comparison.z < 4.5, "\(comparison.name): \(comparison.z)") }
  }

  private func renumberedEnds(
    of sample: PosteriorSample, _ permutation: [Int], _ architecture: ExpertArchitecture
  ) -> [[Double]] {
    (0..<sample.chains).map { chain in
      var position = sample.withPosition((chain + 1) * sample.drawsPerChain - 1) { span in
        (0..<span.count).map { span[$0] }
      }
      var span = position.mutableSpan
      architecture.permute(&span, by: permutation)
      return position
    }
  }
}

/// What the reference file says about the unordered posterior.
struct PowerReference {
  struct Quantity: Decodable {
    let mean: Double
    let mcse: Double
  }

  struct Row: Decodable {
    let mean: Double
    let predictive_sd: Double
    let mcse_mean: Double
  }

  private struct Unordered: Decodable {
    let variant_share: [String: Double]
    let quantities: [String: Quantity]
    let predictive_first20: [Row]
  }

  private struct File: Decodable { let unordered: Unordered }

  /// Of W, P and Q.
  let shares: [Double]
  let loglik: Quantity
  /// Log-likelihood, mean β, sorted σ.
  let quantities: [(name: String, value: Quantity)]
  let rows: [Row]

  init() throws {
    let url = try #require(SharedData.file("golden/reference_power_cocoafuse.json"))
    let unordered = try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).unordered
    shares = try ["W", "P", "Q"].map { try #require(unordered.variant_share[$0]) }
    quantities = try ["loglik", "mean_beta", "sigma_sorted_1", "sigma_sorted_2", "sigma_sorted_3"].map {
      ($0, try #require(unordered.quantities[$0]))
    }
    loglik = quantities[0].value
    rows = unordered.predictive_first20
  }
}

/// The draws of one run a variant as draws of all variants together.
///
/// With experts numbered alike everywhere and p_r the gate's prior with expert r as the reference, run v is of a density
/// proportional to L p_v, and L cancels: Z_r ∝ Σ p_r / Σ_v n_v p_v / Z_v over all draws (multistate Bennett acceptance
/// ratio, Shirts and Chodera 2008), and a draw counts Σ_r p_r / Σ_v n_v p_v / Z_v in the whole.
struct GateReferenceVariants {
  /// Of the variants whose reference has the largest, the middle and the smallest intercept: W, P and Q.
  let shares: [Double]
  /// One normalised weight a draw, run by run.
  let weights: [Double]
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
    // Before renumbering the reference was the last expert; every run keeps to one variant.
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

    var logZ = [0.0, 0, 0]
    var denominators = [Double](repeating: 0, count: count)
    for _ in 0..<300 {
      for draw in 0..<count { denominators[draw] = Self.logSum((0..<3).map { logs[draw][$0] - logZ[$0] }) }
      let next = (0..<3).map { r in Self.logSum((0..<count).map { logs[$0][r] - denominators[$0] }) }
      logZ = next.map { $0 - next[0] }
    }
    let total = Self.logSum(logZ)
    shares = logZ.map { exp($0 - total) }
    let raw = (0..<count).map { exp(Self.logSum(logs[$0]) - denominators[$0]) }
    let sum = raw.reduce(0, +)
    weights = raw.map { $0 / sum }
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

/// The label-invariant quantities of every draw: runs × (chains × draws).
struct PowerQuantities {
  private var scalars: [(name: String, runs: [[[Double]]])] = []
  private var means: [[[[Double]]]] = []
  private var secondMoments: [[[[Double]]]] = []

  init(_ runs: [PosteriorSample], of model: ExpertModel, rows: ExpertRows) throws {
    let first = rows.selected(Array(0..<20))
    let names = ["log-likelihood", "mean behaviour", "sigma 1", "sigma 2", "sigma 3"]
    let perRun = runs.map { run in
      (0..<run.count).map { draw in Array(run.withPosition(draw, model.convergenceQuantities)[..<5]) }
    }
    let predictive = try runs.map { run in
      try (0..<run.count).map { draw in
        let position = Array(run.positions[draw * run.dimension..<(draw + 1) * run.dimension])
        var moments: [(Double, Double)] = []
        try PosteriorPredictive(model.architecture, positions: position, rows: first).forEachMixture { _, mixture in
          let (mean, sd) = (mixture.mean, mixture.standardDeviation)
          moments.append((mean, mean * mean + sd * sd))
        }
        return moments
      }
    }
    func shaped(_ value: (Int, Int) -> Double) -> [[[Double]]] {
      runs.indices.map { run in
        (0..<runs[run].chains).map { chain in
          (0..<runs[run].drawsPerChain).map { value(run, chain * runs[run].drawsPerChain + $0) }
        }
      }
    }
    scalars = names.indices.map { index in (names[index], shaped { perRun[$0][$1][index] }) }
    means = (0..<20).map { row in shaped { predictive[$0][$1][row].0 } }
    secondMoments = (0..<20).map { row in shaped { predictive[$0][$1][row].1 } }
  }

  func comparisons(_ variants: GateReferenceVariants, _ reference: PowerReference) throws -> [Comparison] {
    var result: [Comparison] = []
    for ((name, runs), (_, expected)) in zip(scalars, reference.quantities) {
      let (found, error) = estimate(runs, variants.weights)
      result.append(Comparison(name, found, error, expected.mean, expected.mcse))
    }
    for (row, expected) in reference.rows.enumerated() {
      let (mean, error) = estimate(means[row], variants.weights)
      result.append(Comparison("predictive mean of row \(row + 1)", mean, error, expected.mean, expected.mcse_mean))
      let sd = (estimate(secondMoments[row], variants.weights).value - mean * mean).squareRoot()
      // The delta method: the influence of a draw on √(E[s] − E[m]²).
      let influence = zip(secondMoments[row], means[row]).map { runs in
        zip(runs.0, runs.1).map { chain in zip(chain.0, chain.1).map { ($0 - 2 * mean * $1) / (2 * sd) } }
      }
      let sdError = estimate(influence, variants.weights).error
      // The reference leaves this error out; it has about as many draws.
      result.append(
        Comparison("predictive sd of row \(row + 1)", sd, sdError, expected.predictive_sd, sdError))
    }
    return result
  }

  /// The weighted mean, with its error from the runs apart: their chains differ by right.
  private func estimate(_ runs: [[[Double]]], _ weights: [Double]) -> (value: Double, error: Double) {
    let value = ImportanceWeights(normalised: weights).mean(runs.flatMap { $0 })
    var index = 0
    var variance = 0.0
    for run in runs {
      let influence = run.map { chain in
        chain.map { draw in
          defer { index += 1 }
          return Double(weights.count) * weights[index] * (draw - value)
        }
      }
      variance += pow(MonteCarloError.mean(influence) / Double(runs.count), 2)
    }
    return (value, variance.squareRoot())
  }
}
