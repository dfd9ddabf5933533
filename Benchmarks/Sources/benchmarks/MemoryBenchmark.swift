import Experts
import LogDensities
import Sampling
import TuningIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Peak resident memory of a file of 100,000 rows, from reading it to tuned priors, against the size of its numbers.
///
/// The peak is the process's own, so this benchmark is the first in the list: memory that others have freed may still
/// count.
let memoryBenchmark = Benchmark(
  name: "memory", summary: "peak resident memory at 100,000 rows beyond data and draws"
) { quick in
  let rows = quick ? 20_000 : 100_000
  let path = "/tmp/eb-tune-benchmark-\(getpid()).csv"
  try writeRows(rows, to: path)
  defer { unlink(path) }
  let before = peakMegabytes()
  let chains = 4
  var parameters = 0
  var draws = 0
  var read = 0.0
  do {
    let model = try model(ofFile: path)
    read = peakMegabytes()
    parameters = model.dimension
    let settings = SamplerSettings(chains: chains, maximumTreeDepth: 2, threads: 1)
    let loop = try defaultLoop(model, iterations: 2, settings: settings)
    _ = try await loop.run(from: loop.initialState()) { _, info in draws = max(draws, info.draws) }
  }
  let peak = peakMegabytes()
  let numbers = Double(rows * 18 * MemoryLayout<Double>.stride) * 1e-6
  let drawn = Double(draws * parameters * MemoryLayout<Double>.stride) * 1e-6
  print("\nPeak resident memory in MB (10⁶ bytes): \(rows) rows of 9 + 8 features and a response from a CSV file.\n")
  printHead(["process before", "after reading", "after two iterations", "data", "draws", "peak beyond data and draws"])
  printRow(
    [before, read, peak].map { format($0) }
      + [format(numbers), format(drawn, decimals: 2), format(peak - numbers - drawn)])
}

/// A file of random numbers: x1 … x9 for the experts, g1 … g7 for the gate, y.
private func writeRows(_ rows: Int, to path: String) throws {
  guard let file = fopen(path, "w") else { throw BenchmarkError.cannotWrite(path) }
  defer { fclose(file) }
  var random = RandomStream(seed: 1, purpose: .simulation)
  let names = (1...9).map { "x\($0)" } + (1...7).map { "g\($0)" } + ["y"]
  fputs(names.joined(separator: ",") + "\n", file)
  for _ in 0..<rows {
    let features = (0..<16).map { _ in 2 * random.uniform() - 1 }
    let response = (features[9] > 0 ? 2 : -1) * features[0] + 0.5 * random.normal()
    fputs((features + [response]).map { format($0, decimals: 7) }.joined(separator: ",") + "\n", file)
  }
}

/// What the program does with `--data`.
private func model(ofFile path: String) throws -> ExpertModel {
  let table = try Table(path: path)
  let terms = (expert: (1...9).map { "x\($0)" }, gate: (1...7).map { "g\($0)" })
  let expert = try Design.fit(FeatureTerm.parse(terms.expert.joined(separator: ",")), to: table, bias: false)
  let gate = try Design.fit(FeatureTerm.parse(terms.gate.joined(separator: ",")), to: table, bias: true)
  let response = try table.column("y")
  let scaling = try ResponseScaling.standardizing(response, name: "y")
  return try ExpertModel(
    .cocoafuse, experts: 3, data: ExpertRows(expert.matrix, gate.matrix, response: scaling.apply(response)))
}

extension Table: @retroactive ColumnSource {}

/// The process's high-water mark in MB; NaN where the system does not tell.
private func peakMegabytes() -> Double {
  guard let file = fopen("/proc/self/status", "r") else { return .nan }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), file) != nil {
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard text.hasPrefix("VmHWM:") else { continue }
    let digits = text.filter(\.isNumber)
    return (Double(digits) ?? .nan) * 1024e-6
  }
  return .nan
}
