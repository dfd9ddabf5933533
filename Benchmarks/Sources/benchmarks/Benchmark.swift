/// One table of measurements; every benchmark is a file of its own and is listed in `allBenchmarks`.
struct Benchmark: Sendable {
  let name: String
  let summary: String
  /// Prints a Markdown table. `quick` asks for fewer repeats and smaller sizes.
  let run: @Sendable (_ quick: Bool) async throws -> Void
}

let allBenchmarks = [
  memoryBenchmark, gradientBenchmark, linearityBenchmark, leapfrogBenchmark, nutsBenchmark, tuningBenchmark,
  fingerprintBenchmark,
]

/// What can go wrong in a benchmark itself.
enum BenchmarkError: Error {
  case cannotWrite(String)
  /// Arguments that make no sense.
  case usage(String)
  /// A program that was run.
  case failed(String)
}

func inSeconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return inSeconds(start.duration(to: .now))
}

/// Seconds a call: the minimum over repeats, which other work on the machine can only raise.
func minimumSeconds(quick: Bool, _ body: () -> Void) -> Double {
  let once = max(seconds(body), 1e-7)
  let calls = max(1, Int((quick ? 2e-3 : 1e-2) / once))
  let repeats = (0..<(quick ? 5 : 25)).map { _ in seconds { for _ in 0..<calls { body() } } / Double(calls) }
  return repeats.min() ?? .nan
}

/// A row of a Markdown table.
func printRow(_ cells: [String]) { print("| " + cells.joined(separator: " | ") + " |") }

/// A Markdown table's head; the first column holds names, the others numbers.
func printHead(_ cells: [String]) {
  printRow(cells)
  printRow(cells.enumerated().map { $0.offset == 0 ? "---" : "---:" })
}

/// A number with a fixed count of decimals, without Foundation.
func format(_ value: Double, decimals: Int = 1) -> String {
  guard value.isFinite else { return "-" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = (value.magnitude * scale).rounded()
  let whole = Int(scaled / scale)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard decimals > 0 else { return sign + String(whole) }
  let fraction = String(Int(scaled - Double(whole) * scale))
  return sign + String(whole) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
