import EmpiricalBayes
import Foundation

/// What all runs of one schedule with one step size on one problem amount to.
struct BenchmarkSummary: Sendable, Codable, Equatable {
  /// The cost to within a tolerance.
  struct Cost: Sendable, Codable, Equatable {
    let tolerance: Double
    /// Gradient evaluations; a failure counts as infinitely many.
    let median: Double
    let worst: Double
    /// Runs that did not get there.
    let failures: Int
    /// Runs that were satisfied with themselves at this tolerance and lacked more.
    let falseStops: Int
  }

  let schedule: ScheduleName
  let step: Double
  let runs: Int
  let costs: [Cost]
  let finalRegret: Double
  let seconds: Double
  /// The share of runs that would have ended themselves at the largest tolerance.
  let selfStopped: Double
  /// The median of the mean held-out log predictive density a row; nil where no rows are held out.
  let heldOutDensity: Double?
  /// Sentences of runs that broke off.
  let errors: [String]

  init(_ runs: [BenchmarkRun], tolerances: [Double]) {
    precondition(!runs.isEmpty, "a summary needs runs")
    let job = runs[0].job
    (schedule, step, self.runs) = (job.schedule, job.step, runs.count)
    costs = tolerances.map { tolerance in
      let costs = runs.map { $0.cost(within: tolerance).map(Double.init) ?? .infinity }
      return Cost(
        tolerance: tolerance, median: Self.median(costs), worst: costs.max() ?? .infinity,
        failures: costs.count { $0 == .infinity },
        falseStops: runs.count { $0.stops.contains { $0.tolerance == tolerance && $0.regret > tolerance } })
    }
    finalRegret = Self.median(runs.map { $0.regrets.last ?? .infinity })
    seconds = Self.median(runs.map(\.seconds))
    selfStopped = Double(runs.count { !$0.stops.isEmpty }) / Double(runs.count)
    let densities = runs.compactMap(\.heldOutDensity)
    heldOutDensity = densities.isEmpty ? nil : Self.median(densities)
    errors = Set(runs.compactMap(\.failure)).sorted()
  }

  /// The middle value, or the mean of the middle two; infinite where one of them is.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
  }

  /// Whether this one is better: fewer failures at the largest tolerance, then the smaller median, then the smaller worst cost; the
  /// same at the next tolerance where these are equal.
  func isBetter(than other: BenchmarkSummary) -> Bool {
    for (mine, theirs) in zip(costs, other.costs) {
      let (own, others) = ((mine.failures, mine.median, mine.worst), (theirs.failures, theirs.median, theirs.worst))
      if own != others { return own < others }
    }
    return finalRegret < other.finalRegret
  }
}
