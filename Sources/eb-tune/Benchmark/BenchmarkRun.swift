import EmpiricalBayes

/// A run to be made, and the key of one that was.
struct BenchmarkJob: Sendable, Codable, Hashable {
  let problem: String
  let schedule: ScheduleName
  /// The factor of the schedule's own step size; 1 for schedules without one.
  let step: Double
  let seed: Int
}

/// What one run of a schedule on a problem came to: a line of `runs.jsonl`.
struct BenchmarkRun: Sendable, Codable, Equatable {
  /// Where a schedule with a stopping rule of its own would have stopped.
  struct Stop: Sendable, Codable, Equatable {
    let tolerance: Double
    let cost: Int
    let regret: Double
  }

  let job: BenchmarkJob
  /// Gradient evaluations after every reported proposal, warmup included; see `BenchmarkRecorder`.
  var costs: [Int] = []
  /// What every reported proposal lacked of the maximum, in nats; infinite where that is not known, far off.
  var regrets: [Double] = []
  /// The last proposal, on the tuning scale.
  var proposal: [Double] = []
  var iterations = 0
  var gradientEvaluations = 0
  /// Wall time of tuning alone.
  var seconds = 0.0
  /// One for every tolerance at which the schedule was satisfied within the budget.
  var stops: [Stop] = []
  /// Whether the schedule ended the run, not the budget.
  var endedItself = false
  /// The mean log predictive density of held-out rows at the last proposal; nil where there are none.
  var heldOutDensity: Double?
  /// Why the run broke off; nil where it did not.
  var failure: String?

  /// How many proposals in a row must be good.
  static let streak = 8

  /// Gradient evaluations at the start of the first streak of 8 reported proposals that lack less than `tolerance`, or of one that
  /// lasts until the end: at least 3, or any where the schedule ended the run itself. nil where there is none.
  func cost(within tolerance: Double) -> Int? {
    var start: Int?
    for (index, regret) in regrets.enumerated() {
      guard regret < tolerance else {
        start = nil
        continue
      }
      let first = start ?? index
      start = first
      if index - first + 1 >= Self.streak { return costs[first] }
    }
    guard failure == nil, let start, endedItself || regrets.count - start >= 3 else { return nil }
    return costs[start]
  }

  /// The regret of the last proposal reported at that cost; nil before the first one.
  func regret(at cost: Double) -> Double? {
    let reported = costs.prefix { Double($0) <= cost }.count
    return reported > 0 ? regrets[reported - 1] : nil
  }
}

/// Which proposals of a run are reported: the first, and then one whenever the cost has grown by half a percent, so that schedules
/// with thousands of small steps and those with a few large ones are judged by equal shares of their cost.
struct BenchmarkRecorder: Sendable {
  private(set) var costs: [Int] = []
  private(set) var proposals: [[Double]] = []
  private var last: (cost: Int, proposal: [Double])?

  /// Notes a proposal.
  mutating func note(_ proposal: [Double], cost: Int) {
    last = (cost, proposal)
    if let before = costs.last, Double(cost) < 1.005 * Double(before) { return }
    costs.append(cost)
    proposals.append(proposal)
  }

  /// Reports the last proposal, whatever it cost.
  mutating func finish() {
    guard let last, last.cost != costs.last else { return }
    costs.append(last.cost)
    proposals.append(last.proposal)
  }
}
