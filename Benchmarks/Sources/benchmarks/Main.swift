/// `benchmarks [--quick] [name …]`: without names, all of them. `benchmarks peer-…` and `benchmarks mixing-…` are for scripts.
@main
struct Main {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    if let command = PeerCommand.all.first(where: { $0.name == arguments.first }) {
      return try await command.run(Array(arguments.dropFirst()))
    }
    let quick = arguments.contains("--quick")
    let names = arguments.filter { !$0.hasPrefix("--") }
    let unknown = names.filter { name in !allBenchmarks.contains { $0.name == name } }
    guard unknown.isEmpty else {
      print("Unknown benchmark \(unknown.joined(separator: ", ")). There are:")
      for benchmark in allBenchmarks { print("  \(benchmark.name): \(benchmark.summary)") }
      return
    }
    for benchmark in allBenchmarks where names.isEmpty || names.contains(benchmark.name) {
      try await benchmark.run(quick)
    }
  }
}
