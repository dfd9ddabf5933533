import Foundation
import Testing

@testable import ModelMixing

@Suite struct MixingSimulationTests {
  @Test func aSeedIsADataSet() throws {
    for name in MixingProblemName.allCases {
      let problem = try name.problem()
      #expect(try problem.observations(seed: 5) == problem.observations(seed: 5))
      #expect(try problem.observations(seed: 5).response != problem.observations(seed: 6).response)
    }
  }

  @Test func heldOutRowsStandApart() throws {
    for problem in [MixingProblem.coleman, try .samba()] {
      let sets = try problem.simulatedSets(heldOut: 40)
      #expect(sets.map(\.seed) == Array(1...10))
      #expect(Set(sets.map { $0.training.response }).count == 10)
      for set in sets {
        #expect(try set.training == problem.observations(seed: set.seed))
        #expect(set.training.inputs == problem.design && set.heldOut.count == 40)
        #expect(try set.heldOutTruth == problem.trueValues(at: set.heldOut.inputs))
        #expect(set.heldOut.inputs[0].allSatisfy { problem.inputs[0].observed.contains($0) })
        #expect(Set(set.heldOut.inputs[0]).isDisjoint(with: Set(set.training.inputs[0])))
      }
      let longer = try problem.simulatedSet(seed: 3, heldOut: 90)
      #expect(longer.training == sets[2].training)
      #expect(Array(longer.heldOut.response.prefix(40)) == sets[2].heldOut.response)
      let restored = try JSONDecoder().decode(SimulatedMixingSet.self, from: JSONEncoder().encode(longer))
      #expect(restored == longer)
      #expect(throws: MixingError.noRows) { try problem.simulatedSet(seed: 1, heldOut: 0) }
    }
  }

  /// z = (y − truth) / error over n rows: |mean| < 4/√n and |Σz²/n − 1| < 4√(2/n), false alarms below 2e-4 in all; and no
  /// correlation of training with held-out noise beyond 4/√n.
  @Test func noiseIsWhatIsStated() throws {
    for problem in [MixingProblem.coleman, try .samba()] {
      let count = 4000
      let columns = problem.inputs.map { $0.grid(count) }
      let data = try problem.observations(at: columns, seed: 11)
      let truth = try problem.trueValues(at: columns)
      for row in 0..<count {
        #expect(data.responseErrors[row] == problem.noise.standardDeviation(at: truth[row]))
      }
      let z = (0..<count).map { (data.response[$0] - truth[$0]) / data.responseErrors[$0] }
      let n = Double(count)
      #expect(abs(z.reduce(0, +) / n) < 4 / n.squareRoot())
      #expect(abs(z.reduce(0) { $0 + $1 * $1 } / n - 1) < 4 * (2 / n).squareRoot())
      let set = try problem.simulatedSet(seed: 11, heldOut: count)
      let other = (0..<count).map { (set.heldOut.response[$0] - set.heldOutTruth[$0]) / set.heldOut.responseErrors[$0] }
      #expect(abs(zip(z, other).reduce(0) { $0 + $1.0 * $1.1 } / n) < 4 / n.squareRoot())
    }
    #expect(try MixingProblem.samba().noise.standardDeviation(at: -2) == 0.02)
    #expect(MixingProblem.coleman.noise.description == "normal, standard deviation 0.3")
  }
}
