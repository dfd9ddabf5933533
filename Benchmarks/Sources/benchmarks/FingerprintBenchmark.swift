import Experts

/// The exact bits of values and gradients. Two builds compute the same if these lines are the same: `compare-builds.sh`.
let fingerprintBenchmark = Benchmark(
  name: "fingerprint", summary: "bits of values and gradients, to compare builds"
) { _ in
  print("\nA hash of the bits of value and gradient; it depends on the instruction set, not on the build.\n")
  printHead(["combination"] + InstructionSet.available.map(\.rawValue) + ["oracle"])
  for combination in Combination.allCases {
    var cells = InstructionSet.available.map { set in
      let problem = GradientProblem(combination, rows: 777, instructions: set)
      var gradient = [Double](repeating: 0, count: problem.position.count)
      var span = gradient.mutableSpan
      let value = problem.likelihood.evaluate(at: problem.position.span, gradient: &span)
      return hash([value] + gradient)
    }
    let problem = GradientProblem(combination, rows: 777)
    var gradient = [Double](repeating: 0, count: problem.position.count)
    var span = gradient.mutableSpan
    let value = problem.oracle.evaluate(at: problem.position.span, gradient: &span)
    cells.append(hash([value] + gradient))
    printRow([combination.rawValue] + cells)
  }
}

/// FNV-1a over the bits.
private func hash(_ values: [Double]) -> String {
  var state: UInt64 = 0xcbf2_9ce4_8422_2325
  for value in values {
    for shift in stride(from: 0, to: 64, by: 8) {
      state = (state ^ (value.bitPattern >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
    }
  }
  return String(state, radix: 16)
}
