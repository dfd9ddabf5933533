import Foundation
import Testing

/// One seed, one result: not a byte depends on the number of threads.
@Suite struct ReproducibilityTests {
  @Test func threadsChangeNothing() throws {
    let program = try Program()
    defer { program.remove() }
    func run(threads: String, seed: String, in folder: String) throws -> Program.Outcome {
      try program.makeFolder(folder)
      let outcome = try program.run(
        ["--problem", "switch", "--gamma", "0.1", "--threads", threads, "--seed", seed, "--out", "run", "--json"]
          + short,
        in: folder)
      try #require(outcome.status == 0, "\(outcome.error)")
      return outcome
    }
    let one = try run(threads: "1", seed: "7", in: "one")
    let two = try run(threads: "2", seed: "7", in: "two")
    #expect(one.output == two.output)
    for file in ["trace.jsonl", "priors.json", "draws.csv", "report.json", "posterior.csv"] {
      #expect(try program.read("one/run/\(file)") == program.read("two/run/\(file)"), "\(file)")
    }
    #expect(try RunFiles.trace(program.read("one/run/trace.jsonl")).count == 2)
    func lines(_ folder: String) throws -> [Substring] {
      try program.read("\(folder)/run/config.json").split(separator: "\n").filter {
        !$0.contains("\"threads\"") && !$0.contains("\"workingDirectory\"")
      }
    }
    let differences = try zip(lines("one"), lines("two")).filter { $0 != $1 }
    #expect(differences.count == 1 && differences.allSatisfy { $0.0 == "    \"1\"," && $0.1 == "    \"2\"," })

    _ = try run(threads: "2", seed: "8", in: "other")
    #expect(try program.read("one/run/draws.csv") != program.read("other/run/draws.csv"))
    #expect(try program.read("one/run/priors.json") != program.read("other/run/priors.json"))
  }
}
