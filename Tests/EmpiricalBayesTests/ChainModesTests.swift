import Foundation
import LogDensities
import Sampling
import Testing

@testable import EmpiricalBayes

@Suite struct ChainModesTests {
  private let unequal = TwoModes(logWeights: [log(0.3), log(0.7)])

  /// 20 samples. Errors have a floor for high dimension, so z-scores are small; 4 of them is a false alarm in at most 1 of
  /// 800 seeds, and seeds are fixed.
  @Test(arguments: [100, 1000]) func `modes of real mass are weighted by it`(draws: Int) throws {
    let expected = log(0.3 / 0.7)
    for seed in UInt64(1)...20 {
      let sample = unequal.sample(chainsIn: [0, 0, 1, 0], draws: draws, seed: seed)
      let modes = try ChainModes(sample, of: unequal, at: unequal.hyperparameters, seed: seed)
      #expect(modes.modes.map(\.chains) == [[2], [0, 1, 3]])
      #expect(modes.negligibleChains.isEmpty && modes.gradientEvaluations > 0)
      let mass = try #require(modes.modes[1].logMass)
      #expect(abs(mass.value - expected) < 4 * mass.standardError)
      #expect(abs(mass.value - expected) < 0.5 && mass.standardError < 0.5, "\(mass) for \(expected)")
      let weights = try #require(modes.logWeights(drawsPerChain: draws))
      let shares = (0..<4).map { chain in weights[chain * draws..<(chain + 1) * draws].reduce(0) { $0 + exp($1) } }
      #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
      #expect(abs(shares[2] - 0.7) < 0.12 && abs(shares[0] - shares[3]) < 1e-12)
      #expect(modes.remarks.count == 1 && modes.remarks[0].contains("2 modes"), "\(modes.remarks)")
      let states = (0..<4).map { ChainState(position: [Double($0)]) }
      #expect(modes.repaired(states).chains == states)
    }
  }

  @Test(arguments: [12, 1000]) func `chains in a negligible mode restart from others`(draws: Int) throws {
    let model = TwoModes(logWeights: [-60, 0])
    let sample = model.sample(chainsIn: [1, 0, 1, 0], draws: draws, seed: 3)
    let modes = try ChainModes(sample, of: model, at: model.hyperparameters)
    #expect(modes.negligibleChains == [1, 3] && modes.lowChains == [1, 3])
    #expect(modes.modes.map(\.share) == [1, 0])
    let states = (0..<4).map { ChainState(position: [Double($0)], stepSize: Double($0 + 1)) }
    let (repaired, remarks) = modes.repaired(states)
    #expect(repaired == [states[0], states[0], states[2], states[2]])
    #expect(remarks.count == 2)
    #expect(
      remarks[0].hasPrefix("Chain 2 sat ") && remarks[0].hasSuffix("and was restarted from chain 1."), "\(remarks)")
    #expect(remarks[0].contains("nats of log-likelihood below the others"))
    let weights = try #require(modes.logWeights(drawsPerChain: draws))
    #expect(weights[draws] == -.infinity && weights[0] > -.infinity)
    #expect(modes.remarks.count == 1, "\(modes.remarks)")
  }

  @Test func `chains that agree are one mode, and cost nothing`() throws {
    for draws in [2, 25, 400] {
      let sample = unequal.sample(chainsIn: [1, 1, 1, 1], draws: draws, seed: 4)
      let modes = try ChainModes(sample, of: unequal, at: unequal.hyperparameters)
      #expect(modes.isSingle && modes.gradientEvaluations == 0 && modes.remarks.isEmpty)
      #expect(modes.logWeights(drawsPerChain: draws) == nil)
    }
  }

  /// The sheared normal is no Student-t: the bridge must still give its mass, that is 0. Calibrated errors apart from their
  /// floor: 30 samples, |mean| within 4 errors of it.
  @Test func `the mass of a mode that no normal fits`() throws {
    let model = TwoModes(logWeights: [0, -700], apart: 8, curve: 0.3)
    var values: [Double] = []
    for seed in UInt64(1)...30 {
      let sample = model.sample(chainsIn: [0, 0], draws: 500, seed: seed)
      let chains = (0..<2).map { chain in
        (0..<500).map { Array(sample.positions[(chain * 500 + $0) * 3..<(chain * 500 + $0 + 1) * 3]) }
      }
      let mass = try #require(ModeMass(chains, of: model, stream: RandomStream(seed: seed, purpose: .test)))
      #expect(abs(mass.logMass.value) < 4 * mass.logMass.standardError)
      values.append(mass.logMass.value)
    }
    let mean = values.reduce(0, +) / 30
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 29).squareRoot()
    #expect(abs(mean) < 4 * spread / 30.0.squareRoot() && spread < 0.1, "\(mean) ± \(spread)")
  }

  @Test func `slow chains are not taken for modes`() {
    var stream = RandomStream(seed: 6, purpose: .test)
    var alarms = 0
    for _ in 0..<200 {
      let chains = (0..<2).map { _ -> [Double] in
        var x = stream.normal()
        return (0..<100).map { _ in
          x = 0.95 * x + (1 - 0.95 * 0.95).squareRoot() * stream.normal()
          return x
        }
      }
      if ChainSeparation.isComplete(chains[0], chains[1]) { alarms += 1 }
    }
    #expect(alarms == 0)
    #expect(ChainModes.groups(of: 5) { ($0 + $1) % 2 == 1 } == [[0, 2, 4], [1, 3]])
    #expect(ChainModes.groups(of: 4) { abs($0 - $1) > 1 } == [[0, 1, 2, 3]], "a chain between two links them")
  }
}
