import Foundation
import TuningIO

extension BenchmarkReport.Problem {
  /// Regret against cost: one median a schedule, with a band from the best run to the worst.
  var plot: SVGPlot {
    let range = 1e-4...1e3
    var plot = SVGPlot(
      title: "\(name): regret against cost", x: .init("gradient evaluations, warmup included", isLogarithmic: true),
      y: .init("regret in nats (median; band from best to worst run)", isLogarithmic: true, range: range))
    plot.marks = tolerances.map { .init($0, "\($0) nats") }
    plot.series = zip(best, runs).compactMap { summary, runs in
      curve(runs, within: range).map { SVGSeries(label(summary), points: $0.points, band: $0.band) }
    }
    return plot
  }

  private func label(_ summary: BenchmarkSummary) -> String {
    let tried = all.count { $0.schedule == summary.schedule }
    return summary.schedule.rawValue + (tried > 1 ? " (×\(NumberText.significant(summary.step)))" : "")
  }

  /// From the cost at which all runs have a proposal to the largest of any, at 160 places. A run that has ended stays at its last
  /// proposal.
  private func curve(
    _ runs: [BenchmarkRun], within range: ClosedRange<Double>
  ) -> (points: [(x: Double, y: Double)], band: [ClosedRange<Double>])? {
    let firsts = runs.compactMap { $0.costs.first.map(Double.init) }
    guard let first = firsts.max(), let last = runs.compactMap({ $0.costs.last.map(Double.init) }).max() else {
      return nil
    }
    var points: [(x: Double, y: Double)] = []
    var band: [ClosedRange<Double>] = []
    for step in 0..<160 {
      let cost = first * pow(max(last / first, 1.0001), Double(step) / 159) * (step == 159 ? 1 + 1e-12 : 1)
      let regrets = runs.compactMap { $0.regret(at: cost) }.map { min(max($0, range.lowerBound), range.upperBound) }
      guard let low = regrets.min(), let high = regrets.max() else { continue }
      points.append((cost, BenchmarkSummary.median(regrets)))
      band.append(low...high)
    }
    return points.isEmpty ? nil : (points, band)
  }
}
