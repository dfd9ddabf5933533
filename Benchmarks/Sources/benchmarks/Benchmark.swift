/// One table of measurements; every benchmark is a file of its own and is listed in `allBenchmarks`.
struct Benchmark: Sendable {
  let name: String
  let summary: String
  /// Prints a Markdown table. `quick` asks for fewer repeats and smaller sizes.
  let run: @Sendable (_ quick: Bool) -> Void
}

let allBenchmarks = [gradientBenchmark, linearityBenchmark, fingerprintBenchmark]

/// Seconds a call: the minimum over repeats, which other work on the machine can only raise.
func minimumSeconds(quick: Bool, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  func seconds(_ calls: Int) -> Double {
    let elapsed = clock.measure { for _ in 0..<calls { body() } }
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }
  let once = max(seconds(1), 1e-7)
  let calls = max(1, Int((quick ? 2e-3 : 1e-2) / once))
  return (0..<(quick ? 5 : 25)).map { _ in seconds(calls) / Double(calls) }.min() ?? .nan
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
