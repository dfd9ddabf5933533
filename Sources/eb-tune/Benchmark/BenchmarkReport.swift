import EmpiricalBayes
import Foundation
import TuningIO

/// What a benchmark found: for every problem a table of schedules, each with its best step size, and the winner.
struct BenchmarkReport: Sendable, Encodable {
  /// One problem.
  struct Problem: Sendable, Encodable {
    let name: String
    let summary: String
    let tolerances: [Double]
    /// Each schedule with the best of its step sizes, in the order asked for.
    let best: [BenchmarkSummary]
    /// Every schedule with every step size that was tried.
    let all: [BenchmarkSummary]
    /// Schedules that do not exist for the objective, with the reason.
    let undefined: [String]
    /// nil where no schedule reached the largest tolerance.
    let winner: ScheduleName?
    /// The runs behind `best`, for curves; not part of the JSON.
    let runs: [[BenchmarkRun]]

    private enum CodingKeys: String, CodingKey { case name, summary, tolerances, best, all, undefined, winner }

    init(_ name: String, _ summary: String, _ tolerances: [Double], _ runs: [BenchmarkRun], undefined: [String]) {
      (self.name, self.summary, self.tolerances, self.undefined) = (name, summary, tolerances, undefined)
      let sorted = runs.sorted { ($0.job.step, $0.job.seed) < ($1.job.step, $1.job.seed) }
      var schedules: [ScheduleName] = []
      for run in runs where !schedules.contains(run.job.schedule) { schedules.append(run.job.schedule) }
      var (best, all, kept): ([BenchmarkSummary], [BenchmarkSummary], [[BenchmarkRun]]) = ([], [], [])
      for schedule in ScheduleName.allCases where schedules.contains(schedule) {
        let steps = Set(sorted.filter { $0.job.schedule == schedule }.map(\.job.step)).sorted()
        var top: (summary: BenchmarkSummary, runs: [BenchmarkRun])?
        for step in steps {
          let own = sorted.filter { $0.job.schedule == schedule && $0.job.step == step }
          let summary = BenchmarkSummary(own, tolerances: tolerances)
          all.append(summary)
          if top.map({ summary.isBetter(than: $0.summary) }) ?? true { top = (summary, own) }
        }
        if let top {
          best.append(top.summary)
          kept.append(top.runs)
        }
      }
      (self.best, self.all, self.runs) = (best, all, kept)
      let reached = best.filter { $0.costs.first.map { $0.median < .infinity } ?? false }
      winner =
        reached.dropFirst().reduce(reached.first) { top, next in
          top.map { next.isBetter(than: $0) ? next : $0 }
        }?.schedule
    }
  }

  let problems: [Problem]
  let seeds: Int
  let gamma: Double
  var files: [String] = []

  /// The whole report for people.
  func text(width: Int = .max) -> String {
    var paragraphs = [
      TextWidth.folded(
        "Cost is the number of gradient evaluations, warmup included, until proposals lack less than the tolerance of the"
          + " maximum, 8 in a row or to the end. Medians and worst of \(seeds) seed\(seeds == 1 ? "" : "s"); a run that does not get"
          + " there counts as a failure of infinite cost (–). Regret is that of the last proposal. Self-stopped are runs that would have"
          + " ended themselves at the largest tolerance; false counts stops, at any tolerance, with more regret than that.",
        to: min(width, 120)
      ).joined(separator: "\n") + "\n"
    ]
    paragraphs += problems.map { $0.text(width: width) }
    var winners = TextTable([("problem", .left), ("winner", .left), ("cost", .right), ("against paper", .right)])
    for problem in problems { winners.append(problem.winnerCells) }
    paragraphs.append(winners.text(width: width))
    return paragraphs.joined(separator: "\n")
  }
}

extension BenchmarkReport.Problem {
  /// Name, summary, table and remarks.
  fileprivate func text(width: Int) -> String {
    let holdsOut = best.contains { $0.heldOutDensity != nil }
    var columns: [(header: String, alignment: TextTable.Alignment)] = [("schedule", .left)]
    for tolerance in tolerances {
      let name = "\(tolerance)"
      columns += [("to \(name)", .right), ("worst", .right), ("failed", .right)]
    }
    columns += [("regret", .right), ("self-stopped", .right), ("false", .right), ("seconds", .right)]
    if holdsOut { columns.append(("LPPD/row", .right)) }
    var table = TextTable(columns)
    for summary in best {
      var cells = [title(summary)]
      for cost in summary.costs {
        cells += [Self.count(cost.median), Self.count(cost.worst), "\(cost.failures)"]
      }
      cells += [
        NumberText.significant(summary.finalRegret, digits: 2),
        "\(NumberText.fixed(100 * summary.selfStopped, digits: 0)) %",
        "\(summary.costs.map(\.falseStops).reduce(0, +))", NumberText.significant(summary.seconds, digits: 2),
      ]
      if holdsOut { cells.append(summary.heldOutDensity.map { NumberText.fixed($0, digits: 3) } ?? "–") }
      table.append(cells)
    }
    var lines = ["\(name): \(summary)"].flatMap { TextWidth.folded($0, to: min(width, 120)) }
    lines += table.lines(width: width)
    lines += undefined
    lines += best.flatMap { summary in summary.errors.map { "\(summary.schedule.rawValue) broke off: \($0)" } }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The schedule, with what was tried of its step size.
  fileprivate func title(_ summary: BenchmarkSummary) -> String {
    let tried = all.count { $0.schedule == summary.schedule }
    if tried > 1 {
      return "\(summary.schedule.rawValue) (best of \(tried) steps: ×\(NumberText.significant(summary.step)))"
    }
    return summary.schedule.rawValue + (summary.step == 1 ? "" : " (step ×\(NumberText.significant(summary.step)))")
  }

  /// A row of the table of winners.
  fileprivate var winnerCells: [String] {
    guard let winner, let cost = best.first(where: { $0.schedule == winner })?.costs.first else {
      return [name, "none within \(tolerances.first.map { "\($0)" } ?? "") nats", "–", "–"]
    }
    var against = "–"
    if winner != .paper, let paper = best.first(where: { $0.schedule == .paper })?.costs.first?.median,
      paper < .infinity
    {
      against = "\(NumberText.significant(paper / cost.median, digits: 2)) times fewer"
    }
    return [name, winner.rawValue, Self.count(cost.median), against]
  }

  private static func count(_ cost: Double) -> String {
    cost < .infinity ? NumberText.grouped(Int(cost.rounded())) : "–"
  }
}
