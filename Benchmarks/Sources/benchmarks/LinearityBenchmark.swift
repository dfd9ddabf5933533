import Experts

/// Nanoseconds a row as N grows past the caches: the cost must stay proportional to N.
let linearityBenchmark = Benchmark(
  name: "linearity", summary: "nanoseconds a row from N = 133 to a million"
) { quick in
  let sizes = [133, 500, 1000, 10_000, 100_000] + (quick ? [] : [1_000_000])
  print("\nNanoseconds a row of one CoCoAFusE log-likelihood with gradient, M = 3, 9 + 8 features, one thread.\n")
  let sets = InstructionSet.available
  printHead(["N"] + sets.map(\.rawValue) + sets.map { "\($0.rawValue), relative to N = 1000" })
  var reference: [Double] = []
  var rows: [(Int, [Double])] = []
  for size in sizes {
    let times = sets.map {
      GradientProblem(.cocoafuse, rows: size, instructions: $0).kernelSeconds(quick: quick) * 1e9 / Double(size)
    }
    if size == 1000 { reference = times }
    rows.append((size, times))
  }
  for (size, times) in rows {
    printRow(
      ["\(size)"] + times.map { format($0, decimals: 2) }
        + zip(times, reference).map { format($0 / $1, decimals: 2) })
  }
}
