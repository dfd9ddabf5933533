import Experts
import LogDensities
import Testing

@Suite struct KernelAgreementTests {
  /// Rounding of both sides: a few units in the last place of terms that sum to at most N times the largest entry.
  private let tolerance = 2e-12

  private func expectAgreement(_ problem: KernelProblem, at position: [Double], _ note: Comment) {
    let oracle = problem.oracle
    let expected = oracle.evaluate(at: position)
    let pointwise = oracle.pointwise(at: position)
    let allocation = oracle.meanAllocation(at: position.span)
    for set in InstructionSet.available {
      let likelihood = problem.likelihood(set)
      let found = likelihood.evaluate(at: position)
      #expect(abs(found.value - expected.value) <= tolerance * max(1, abs(expected.value)), note)
      #expect(relativeDifference(found.gradient, expected.gradient) <= tolerance, note)
      let value = likelihood.logLikelihood(at: position.span)
      #expect(abs(value - expected.value) <= tolerance * max(1, abs(expected.value)), note)
      #expect(relativeDifference(likelihood.pointwise(at: position), pointwise) <= tolerance, note)
      #expect(relativeDifference(likelihood.meanAllocation(at: position.span), allocation) <= tolerance, note)
    }
  }

  @Test(arguments: Combination.allCases)
  func everyRowCount(combination: Combination) {
    for rows in Array(1...40) + [133, 1000] {
      var problem = KernelProblem(combination, rows: rows, experts: 3, features: 2, gate: 3, seed: UInt64(rows))
      let position = problem.position()
      expectAgreement(problem, at: position, "rows \(rows)")
    }
  }

  @Test(arguments: Combination.allCases, [1, 2, 3, 4, 5, 6, 7, 9, 64, 65])
  func everyNumberOfExperts(combination: Combination, experts: Int) {
    for (rows, features, gate) in [(11, 0, 1), (37, 1, 2), (60, 3, 4), (8, 9, 8), (300, 5, 7)] {
      var problem = KernelProblem(
        combination, rows: rows, experts: experts, features: features, gate: gate, seed: UInt64(rows))
      for scale in [0.3, 1, 3] {
        let position = problem.position(scale: scale)
        expectAgreement(problem, at: position, "experts \(experts), rows \(rows), scale \(scale)")
      }
    }
  }

  /// Logits in the hundreds take the kernels' second path, with the maximum subtracted.
  @Test(arguments: Combination.allCases, [1, 2, 3, 4, 5, 6, 7])
  func sharpGates(combination: Combination, experts: Int) {
    var problem = KernelProblem(combination, rows: 45, experts: experts, features: 2, gate: 3, seed: 5)
    for scale in [50.0, 300, 5000] {
      var position = problem.position()
      for index in problem.architecture.gate { position[index] *= scale }
      for index in problem.architecture.behaviour { position[index] *= scale }
      expectAgreement(problem, at: position, "scale \(scale)")
    }
  }

  @Test func manyParametersDoWithoutVectorSums() {
    var problem = KernelProblem(.cocoafuse, rows: 70, experts: 4, features: 600, gate: 5, seed: 8)
    let position = problem.position(scale: 0.05)
    expectAgreement(problem, at: position, "2,429 parameters")
  }

  /// Padding would show in the sums if it counted: a tail's rows are those of the whole.
  @Test(arguments: Combination.allCases)
  func rowsAddUp(combination: Combination) {
    var whole = KernelProblem(combination, rows: 333, experts: 3, features: 1, gate: 2, seed: 4)
    let position = whole.position()
    for set in InstructionSet.available {
      let likelihood = whole.likelihood(set)
      let sum = likelihood.pointwise(at: position).reduce(0, +)
      #expect(abs(likelihood.logLikelihood(at: position.span) - sum) <= 1e-12 * abs(sum))
    }
  }

  @Test func sameBitsOnEveryThread() async {
    var problem = KernelProblem(.cocoafuse, rows: 777, experts: 3, features: 4, gate: 3, seed: 2)
    let position = problem.position()
    for set in InstructionSet.available {
      let likelihood = problem.likelihood(set)
      let expected = likelihood.evaluate(at: position)
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<16 {
          group.addTask {
            let found = likelihood.evaluate(at: position)
            return found.value == expected.value && found.gradient == expected.gradient
          }
        }
        for await same in group { #expect(same) }
      }
    }
  }

  @Test func automaticIsTheWidest() {
    #expect(InstructionSet.available.first == .baseline)
    #expect(InstructionSet.automatic.resolved == InstructionSet.available.last)
    for set in InstructionSet.allCases { #expect(InstructionSet.available.contains(set.resolved)) }
  }
}
