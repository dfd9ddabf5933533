import Experts
import Foundation
import LogDensities
import Testing

/// What the paper proves about mixing, blending and fusing (section 2.3), as densities of one row with a bias-only gate.
@Suite struct OracleFactsTests {
  /// Base densities with weights, and the densities that a combination makes of them.
  private struct Bases {
    let means: [Double]
    let sigmas: [Double]
    let weights: [Double]

    func logDensities(_ combination: Combination, behaviourLogit: Double = 0, at y: [Double]) -> [Double] {
      let architecture = ExpertArchitecture(
        combination: combination, experts: means.count, expertFeatures: 0, gateFeatures: 1)
      let last = weights[weights.count - 1]
      let position =
        means + weights.dropLast().map { log($0 / last) } + (combination == .cocoafuse ? [behaviourLogit] : [])
        + sigmas.map { log($0) }
      return ExpertOracle(
        architecture: architecture, expertFeatures: [], gateFeatures: y.map { _ in 1 }, response: y
      ).pointwise(at: position)
    }
  }

  private let example = Bases(means: [-2, 3], sigmas: [0.4, 0.7], weights: [0.4, 0.6])
  private let grid = stride(from: -12.0, through: 12, by: 0.01).map { $0 }

  private func normal(_ y: Double, _ mean: Double, _ variance: Double) -> Double {
    exp(-0.5 * (y - mean) * (y - mean) / variance) / (2 * Double.pi * variance).squareRoot()
  }

  private func modes(_ values: [Double]) -> Int {
    (1..<values.count - 1).count { values[$0] > values[$0 - 1] && values[$0] >= values[$0 + 1] }
  }

  /// Example 1: the blend of N(-2, 0.4) and N(3, 0.7) with weights 0.4 and 0.6 has mean 1 and variance 179/500.
  @Test func exampleOneBlend() {
    for (y, found) in zip(grid, example.logDensities(.boe, at: grid)) {
      let expected = -0.5 * (y - 1) * (y - 1) / 0.358 - 0.5 * log(2 * Double.pi * 179 / 500)
      #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)))
    }
  }

  /// Example 1: the naive combination (9) of mixture and blend with weight 0.4 has three modes, the fusion at most two.
  @Test func exampleOneModes() {
    let mixture = example.logDensities(.moe, at: grid).map { exp($0) }
    let blend = example.logDensities(.boe, at: grid).map { exp($0) }
    #expect(modes(mixture) == 2)
    #expect(modes(blend) == 1)
    #expect(modes(zip(mixture, blend).map { 0.4 * $0 + 0.6 * $1 }) == 3)
    #expect(modes(example.logDensities(.cocoafuse, behaviourLogit: log(0.4 / 0.6), at: grid)) <= 2)
  }

  /// Lemma 3: a fusion is a mixture of blends with weights τ(i)_j = β δ_ij + (1−β) π_j.
  @Test func fusionIsAMixtureOfBlends() {
    let bases = Bases(means: [-1.5, 0.3, 2.2], sigmas: [0.5, 1.2, 0.3], weights: [0.2, 0.5, 0.3])
    for beta in [0.05, 0.4, 0.9] {
      let found = bases.logDensities(.cocoafuse, behaviourLogit: log(beta / (1 - beta)), at: grid)
      for (y, value) in zip(grid, found) where abs(y) < 5 {
        var density = 0.0
        for i in 0..<3 {
          let tau = (0..<3).map { (1 - beta) * bases.weights[$0] + ($0 == i ? beta : 0) }
          let mean = (0..<3).reduce(0) { $0 + tau[$1] * bases.means[$1] }
          let variance = (0..<3).reduce(0) { $0 + tau[$1] * bases.sigmas[$1] * bases.sigmas[$1] }
          density += bases.weights[i] * normal(y, mean, variance)
        }
        #expect(abs(value - log(density)) <= 1e-11 * max(1, abs(value)))
      }
    }
  }

  /// Proposition 1: the fusion of M Gaussians has at most M modes.
  @Test func atMostAsManyModesAsExperts() {
    var random = RandomStream(seed: 9, purpose: .test)
    var multimodal = 0
    for trial in 0..<60 {
      let experts = 2 + trial % 4
      let raw = (0..<experts).map { _ in random.openUniform() }
      let bases = Bases(
        means: raw.map { _ in 4 * random.normal() }, sigmas: raw.map { _ in 0.1 + random.uniform() },
        weights: raw.map { $0 / raw.reduce(0, +) })
      let found = modes(bases.logDensities(.cocoafuse, behaviourLogit: 3 * random.normal(), at: grid))
      #expect(found <= experts)
      if found > 1 { multimodal += 1 }
    }
    #expect(multimodal > 10)
  }

  /// β → 1 is the mixture and β → 0 the blend, in value and in the shared parameters' gradient, for oracle and kernels.
  @Test(arguments: [(Combination.moe, 800.0), (.boe, -800)])
  func limitsOfTheBehaviourGate(combination: Combination, logit: Double) {
    var plain = KernelProblem(combination, rows: 23, experts: 3, features: 2, gate: 2, seed: 21)
    let shared = plain.position()
    let architecture = ExpertArchitecture(
      combination: .cocoafuse, experts: 3, expertFeatures: 2, gateFeatures: 2)
    let position = Array(shared.dropLast(3)) + [logit, 0] + shared.suffix(3)
    for set in InstructionSet.available {
      let fused = ExpertLikelihood(
        architecture: architecture, expertFeatures: plain.expertFeatures, gateFeatures: plain.gateFeatures,
        response: plain.response, instructionSet: set)
      let expected = plain.likelihood(set).evaluate(at: shared)
      for found in [fused.evaluate(at: position), fused.oracle.evaluate(at: position)] {
        #expect(abs(found.value - expected.value) <= 1e-12 * abs(expected.value))
        let common = found.gradient.indices.filter { !architecture.behaviour.contains($0) }.map { found.gradient[$0] }
        #expect(relativeDifference(common, expected.gradient) <= 1e-12)
        #expect(architecture.behaviour.allSatisfy { abs(found.gradient[$0]) <= 1e-12 })
      }
    }
  }

  @Test(arguments: Combination.allCases, [1, 2, 4])
  func layoutCoversThePositionOnce(combination: Combination, experts: Int) {
    let architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: 3, gateFeatures: 2)
    let parts =
      Array(architecture.intercepts) + (0..<experts).flatMap { Array(architecture.slopes(of: $0)) }
      + (0..<experts - 1).flatMap { Array(architecture.gate(column: $0)) } + Array(architecture.behaviour)
      + Array(architecture.logSigmas)
    #expect(parts == Array(0..<architecture.dimension))
    #expect(Array(architecture.slopes) == (0..<experts).flatMap { Array(architecture.slopes(of: $0)) })
    #expect(Array(architecture.gate) == (0..<experts - 1).flatMap { Array(architecture.gate(column: $0)) })
    #expect(architecture.behaviour.isEmpty == (combination != .cocoafuse))
  }
}
