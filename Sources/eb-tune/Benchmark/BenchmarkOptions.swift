import ArgumentParser
import EmpiricalBayes
import Foundation
import TuningIO

/// What is compared, and for how long.
struct BenchmarkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Problems, separated by commas: \(BenchmarkCatalogue.names.joined(separator: ", ")), or study for your own --data"
        + " (default: the analytic ones, study where there is --data).", valueName: "names"))
  var problems: String?

  @Option(
    help: ArgumentHelp(
      "Schedules, separated by commas (default: all): \(ScheduleName.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "names"))
  var schedules: String?

  @Option(parsing: .unconditional, help: "Runs of every schedule on every problem; seeds are 1, 2 and so on.")
  var seeds = 8

  @Option(
    parsing: .unconditional, help: "The weight of the entropy penalty, on problems with experts; at least 0.")
  var gamma = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Factors of the step size of gradient schedules, separated by commas; the best one is reported as such.",
      valueName: "factors"))
  var steps = "1"

  @Option(
    parsing: .unconditional,
    help: "The most gradient evaluations of a run (default: 500000 on analytic problems, 2000000 on others).")
  var budget: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Tolerances in nats, separated by commas; runs end once they expect a third of the smallest.", valueName: "nats"))
  var tolerance = "0.1,0.01"

  @Option(
    help: ArgumentHelp("Keep runs, report and curves in this directory; go on with what is there.", valueName: "dir"))
  var out: String?

  @Option(
    parsing: .unconditional,
    help: "Runs at once, of one thread each (default: the number of processors). Results do not depend on it.")
  var threads: Int?

  @OptionGroup var narration: ProgressOptions

  @Flag(help: "Print the result as JSON on standard output instead of text.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(seeds) else { throw ValidationError("--seeds is \(seeds); allowed is 1 to 10000.") }
    guard gamma >= 0 && gamma.isFinite else { throw ValidationError("--gamma is \(gamma); allowed is 0 or more.") }
    if let budget, !(100...1_000_000_000_000).contains(budget) {
      throw ValidationError("--budget is \(budget); allowed is 100 or more.")
    }
    if let threads, !(1...1000).contains(threads) {
      throw ValidationError("--threads is \(threads); allowed is 1 to 1000.")
    }
  }

  /// The factors of `--steps`, in the user's order.
  var stepFactors: [Double] { get throws { try OptionList.positive(steps, "--steps") } }

  /// The tolerances, the largest first.
  var tolerances: [Double] { get throws { try OptionList.positive(tolerance, "--tolerance").sorted(by: >) } }

  /// The schedules, in the user's order.
  var scheduleNames: [ScheduleName] {
    get throws {
      guard let schedules else { return ScheduleName.allCases }
      return try OptionList.names(schedules, "schedule", among: ScheduleName.allCases.map(\.rawValue)).compactMap {
        ScheduleName(rawValue: $0)
      }
    }
  }

  /// The problems, in the user's order.
  func problemNames(hasData: Bool) throws -> [String] {
    let own = BenchmarkCatalogue.study
    guard let problems else { return hasData ? [own] : BenchmarkCatalogue.analytic }
    let names = try OptionList.names(problems, "problem", among: BenchmarkCatalogue.names + [own])
    if names.contains(own) && !hasData { throw Failure("The problem study needs --data, your own rows.", .usage) }
    if !names.contains(own) && hasData {
      throw Failure("--data is given, but --problems does not name study, the problem that it is.", .usage)
    }
    return names
  }
}
