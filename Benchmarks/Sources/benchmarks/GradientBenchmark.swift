import Experts

/// Microseconds for one log-likelihood and gradient, by combination, size and instruction set.
let gradientBenchmark = Benchmark(
  name: "gradient", summary: "one log-likelihood and gradient: instruction sets, the plain Swift oracle, sizes"
) { quick in
  let sets = InstructionSet.available
  print("\nMicroseconds for one log-likelihood with gradient, 9 expert and 8 gate features, one thread, minimum.\n")
  printHead(
    ["combination, M, N"] + sets.map(\.rawValue) + ["value only", "oracle", "oracle / widest", "baseline / widest"])
  let shapes: [(Combination, Int, Int)] =
    [133, 500, 1000].flatMap { rows in Combination.allCases.map { ($0, 3, rows) } }
    + [1, 2, 4, 5, 6, 9].map { (.cocoafuse, $0, 1000) }
  for (combination, experts, rows) in shapes {
    let times = sets.map {
      GradientProblem(combination, rows: rows, experts: experts, instructions: $0).kernelSeconds(quick: quick)
    }
    let problem = GradientProblem(combination, rows: rows, experts: experts)
    let oracle = problem.oracleSeconds(quick: quick)
    guard let first = times.first, let widest = times.last else { continue }
    printRow(
      ["\(combination.rawValue), \(experts), \(rows)"] + times.map { format($0 * 1e6, decimals: 2) }
        + [
          format(problem.valueSeconds(quick: quick) * 1e6, decimals: 2), format(oracle * 1e6), format(oracle / widest),
          format(first / widest),
        ])
  }
}
