import ArgumentParser

/// When the outer loop ends.
struct StoppingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Stop when no more than this is expected to be missing of the maximum, in nats (Newton schedules).")
  var tolerance = 0.1

  @Option(parsing: .unconditional, help: "Outer iterations at most (default: what the schedule usually needs).")
  var iterations: Int?

  func validate() throws {
    if let iterations { try OptionRange.check("--iterations", iterations, in: 1...1_000_000) }
    guard tolerance > 0 && tolerance.isFinite else {
      throw ValidationError("--tolerance is \(tolerance); allowed is above 0.")
    }
  }
}
