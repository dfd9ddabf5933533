import Experts
import Foundation
import LogDensities
import Testing

@Suite struct KernelExtremesTests {
  /// Positions that a sampler throws out of bounds: each must give a finite value with a finite gradient, or −∞.
  @Test(arguments: Combination.allCases, [1, 2, 3, 7])
  func neverNaN(combination: Combination, experts: Int) {
    var problem = KernelProblem(combination, rows: 19, experts: experts, features: 2, gate: 2, seed: 11)
    let oracle = problem.oracle
    let likelihoods = InstructionSet.available.map { problem.likelihood($0) }
    for _ in 0..<400 {
      var position = problem.position()
      for index in position.indices {
        let isSigma = problem.architecture.logSigmas.contains(index)
        if problem.uniform() < 0.4 { position[index] *= isSigma ? 700 : pow(10, 8 * problem.uniform()) }
        if !isSigma && problem.uniform() < 0.02 { position[index] *= 1e300 }
      }
      let expected = oracle.evaluate(at: position)
      for likelihood in likelihoods {
        let found = likelihood.evaluate(at: position)
        #expect(found.value.isFinite || found.value == -.infinity)
        #expect(found.value == -.infinity || found.gradient.allSatisfy(\.isFinite))
        #expect(
          found.value == expected.value || abs(found.value - expected.value) <= 1e-9 * abs(expected.value))
        let pointwise = likelihood.pointwise(at: position)
        #expect(pointwise.allSatisfy { $0.isFinite || $0 == -.infinity })
      }
    }
  }

  /// One row, one expert at the mean: ln p = −ln σ − ln(2π)/2 for every σ from 1e-150 to 1e150 and beyond.
  @Test(arguments: Combination.allCases, [1, 2, 3])
  func everyScale(combination: Combination, experts: Int) {
    let architecture = ExpertArchitecture(
      combination: combination, experts: experts, expertFeatures: 0, gateFeatures: 1)
    for logSigma in [-690.0, -345, -100, -50.5, -50, -49, 0, 49, 50, 50.5, 100, 345, 700] {
      var position = [Double](repeating: 0, count: architecture.dimension)
      for index in architecture.logSigmas { position[index] = logSigma }
      for set in InstructionSet.available {
        let likelihood = ExpertLikelihood(
          architecture: architecture, expertFeatures: [], gateFeatures: [1], response: [0], instructionSet: set)
        let (value, gradient) = likelihood.evaluate(at: position)
        #expect(abs(value + logSigma + 0.5 * log(2 * Double.pi)) <= 1e-12 * max(1, abs(logSigma)))
        let bySigma = architecture.logSigmas.reduce(0) { $0 + gradient[$1] }
        #expect(abs(bySigma + 1) <= 1e-12)
      }
    }
  }

  /// A far outlier keeps the exact tail, that of the nearest expert: ln p = −z²/2 up to a constant.
  @Test func farOutliers() {
    let architecture = ExpertArchitecture(combination: .moe, experts: 2, expertFeatures: 0, gateFeatures: 1)
    for y in [1e3, 1e10, 1e19, 1e21, 1e100, 1e150] {
      let position = [0.0, y / 2, 0, 0, 0]
      let z = y / 2
      for set in InstructionSet.available {
        let likelihood = ExpertLikelihood(
          architecture: architecture, expertFeatures: [], gateFeatures: [1], response: [y], instructionSet: set)
        let (value, gradient) = likelihood.evaluate(at: position)
        #expect(abs(value + 0.5 * z * z + 0.5 * log(2 * Double.pi) + log(2.0)) <= 1e-14 * z * z)
        #expect(abs(gradient[0]) < 1e-200 && abs(gradient[3]) < 1e-200)
        #expect(abs(gradient[1] - z) <= 1e-14 * z)
        #expect(abs(gradient[4] - (z * z - 1)) <= 1e-14 * z * z)
        #expect(abs(gradient[2] + 0.5) <= 1e-14)
      }
    }
  }

  /// A residual of more than 1e154 standard deviations has no finite log density.
  @Test(arguments: Combination.allCases)
  func overflowIsMinusInfinity(combination: Combination) {
    let architecture = ExpertArchitecture(
      combination: combination, experts: 2, expertFeatures: 0, gateFeatures: 1)
    var position = [Double](repeating: 0, count: architecture.dimension)
    for index in architecture.logSigmas { position[index] = -400 }
    for set in InstructionSet.available {
      let likelihood = ExpertLikelihood(
        architecture: architecture, expertFeatures: [], gateFeatures: [1, 1], response: [0, 1], instructionSet: set)
      #expect(likelihood.evaluate(at: position).value == -.infinity)
      #expect(likelihood.logLikelihood(at: position.span) == -.infinity)
      let pointwise = likelihood.pointwise(at: position)
      #expect(pointwise[0].isFinite && pointwise[1] == -.infinity)
    }
  }

  @Test(arguments: Combination.allCases)
  func positionsThatAreNotFinite(combination: Combination) {
    var problem = KernelProblem(combination, rows: 9, experts: 3, features: 2, gate: 2, seed: 3)
    let position = problem.position()
    for set in InstructionSet.available {
      let likelihood = problem.likelihood(set)
      for index in position.indices {
        for value in [Double.nan, .infinity, -.infinity] {
          var broken = position
          broken[index] = value
          #expect(likelihood.evaluate(at: broken).value == -.infinity)
          #expect(likelihood.logLikelihood(at: broken.span) == -.infinity)
          #expect(likelihood.pointwise(at: broken).allSatisfy { $0 == -.infinity })
        }
      }
    }
  }

  /// On both sides of each limit of the kernels' range the value is that of the oracle.
  @Test(arguments: Combination.allCases)
  func rangeLimits(combination: Combination) {
    var problem = KernelProblem(combination, rows: 21, experts: 3, features: 1, gate: 1, seed: 6)
    let base = problem.position()
    let oracle = problem.oracle
    for set in InstructionSet.available {
      let likelihood = problem.likelihood(set)
      for (index, limit) in [
        (problem.architecture.logSigmas.lowerBound, 50.0), (problem.architecture.logSigmas.lowerBound, -50),
        (problem.architecture.gate.lowerBound, 150), (problem.architecture.gate.lowerBound, -150),
        (problem.architecture.gate.lowerBound, 1e12), (0, 1e20),
      ] {
        for factor in [0.999, 1, 1.001] {
          var position = base
          position[index] = limit * factor
          let expected = oracle.evaluate(at: position)
          let found = likelihood.evaluate(at: position)
          #expect(abs(found.value - expected.value) <= 1e-12 * abs(expected.value))
          #expect(relativeDifference(found.gradient, expected.gradient) <= 1e-12)
        }
      }
    }
  }
}
