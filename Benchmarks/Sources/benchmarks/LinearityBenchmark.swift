import Experts

/// Nanoseconds a row as N grows past the caches: the cost must stay proportional to N.
///
/// Sizes take turns, round after round, so that a busy moment of the machine falls on all of them; each keeps its minimum.
let linearityBenchmark = Benchmark(
  name: "linearity", summary: "nanoseconds a row from N = 133 to a million"
) { quick in
  let sizes = [133, 500, 1000, 10_000, 100_000] + (quick ? [] : [1_000_000])
  print(
    "\nNanoseconds a row of one CoCoAFusE log-likelihood with gradient, M = 3, 9 + 8 features, one thread; minima, with the"
      + " sizes taken in turn.\n")
  let sets = InstructionSet.available
  printHead(["N"] + sets.map(\.rawValue) + sets.map { "\($0.rawValue), relative to N = 1000" })
  var times = sizes.map { _ in sets.map { _ in Double.infinity } }
  for (column, set) in sets.enumerated() {
    let problems = sizes.map { GradientProblem(.cocoafuse, rows: $0, instructions: set) }
    for _ in 0..<(quick ? 10 : 40) {
      for (row, problem) in problems.enumerated() {
        let calls = max(1, 200_000 / sizes[row])
        let time = problem.kernelSeconds(calls: calls) / Double(calls)
        times[row][column] = min(times[row][column], time * 1e9 / Double(sizes[row]))
      }
    }
  }
  let reference = sizes.firstIndex(of: 1000).map { times[$0] } ?? []
  for (size, times) in zip(sizes, times) {
    printRow(
      ["\(size)"] + times.map { format($0, decimals: 2) } + zip(times, reference).map { format($0 / $1, decimals: 2) })
  }
}
