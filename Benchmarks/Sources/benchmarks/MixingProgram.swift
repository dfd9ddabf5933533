import Foundation

/// The program itself, run for its output in a directory that nothing is kept in.
struct MixingProgram {
  let path: String
  let directory: URL

  /// Standard output of `eb-tune mix arguments`.
  func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["mix"] + arguments + ["--out", "none", "--quiet"]
    process.currentDirectoryURL = directory
    let (output, error) = (Pipe(), FileHandle.standardError)
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchmarkError.failed(
        "eb-tune mix \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
    }
    return data
  }

  /// Seconds of whole runs, the problems in turn: minima over rounds.
  func printTimes(rounds: Int) throws {
    let problems = [
      ["--problem", "coleman"], ["--problem", "samba"], ["--problem", "samba", "--order", "3", "--weights", "softmax"],
      ["--problem", "samba", "--order", "3", "--method", "gp"],
      ["--problem", "samba", "--order", "3", "--method", "precision", "--error-model", "informative"],
    ]
    print(
      "\nSeconds from start to exit, tuning, final draws, predictions and the comparison on held-out rows; minima over")
    print("\(rounds) rounds in which the problems take turns.\n")
    printHead(["eb-tune mix", "seconds"])
    var least = [Double](repeating: .infinity, count: problems.count)
    for _ in 0..<rounds {
      for (place, problem) in problems.enumerated() {
        least[place] = min(least[place], try seconds { _ = try run(problem) })
      }
    }
    for (problem, time) in zip(problems, least) {
      printRow([problem.joined(separator: " "), format(time, decimals: 2)])
    }
  }
}
