import EmpiricalBayes
import Foundation
import TuningIO

/// How tuning went: the objective and the hyperparameters over iterations, for one run or several beside each other.
enum ReportTuningFigures {
  /// Panels of one figure at most; further ones are counted in words.
  static let mostPanels = 12

  /// The objective's parts with error bands; nil where no run has a trace.
  static func objective(_ runs: [ReportRun]) -> SVGFigure? {
    let runs = runs.filter { !$0.trace.isEmpty }
    guard !runs.isEmpty else { return nil }
    var panels = [
      panel("Log evidence along the path, from the end of burn-in", "nats", runs) { $0.logEvidenceGain },
      panel("Surrogate: expected log-likelihood + γ · ln entropy", "nats", runs) { $0.surrogate },
    ].compactMap { $0 }
    if let regret = regret(runs) { panels.append(regret) }
    guard !panels.isEmpty else { return nil }
    return SVGFigure(
      name: "objective", title: "Objective over iterations",
      caption: "Estimates at every iterate with bands of ± 2 Monte Carlo standard errors. The diamond is what was kept,"
        + " scored on fresh draws where the schedule makes a last proposal. Iteration 0 is at the initial priors; draws of the first iterations, from chains on their way, say nothing of the evidence.",
      panels: panels)
  }

  private static func panel(
    _ title: String, _ unit: String, _ runs: [ReportRun], _ value: (TuningInfo) -> Estimate?
  ) -> SVGPlot? {
    var plot = SVGPlot.panel(title, x: .init("outer iteration"), y: .init(unit))
    plot.x.isWhole = true
    for (index, run) in runs.enumerated() {
      let known = run.trace.compactMap { iteration in
        value(iteration.info).flatMap { $0.value.isFinite ? (x: Double(iteration.info.iteration), estimate: $0) : nil }
      }
      guard !known.isEmpty else { continue }
      let errors = known.map { $0.estimate.standardError.isFinite ? 2 * max(0, $0.estimate.standardError) : 0 }
      plot.series.append(
        SVGSeries(
          runs.count > 1 ? run.name : "estimate ± 2 standard errors", points: known.map { ($0.x, $0.estimate.value) },
          band: zip(known, errors).map { .init(between: $0.estimate.value - $1, and: $0.estimate.value + $1) },
          colour: index))
      if let best = run.report?.bestIteration, let info = kept(run), let estimate = value(info), estimate.value.isFinite
      {
        plot.series.append(
          SVGSeries(
            runs.count > 1 ? "" : "kept", .points(.diamond, radius: 7), points: [(Double(best), estimate.value)],
            colour: runs.count > 1 ? index : 1))
      }
    }
    guard !plot.series.isEmpty else { return nil }
    let ways = runs.compactMap { run -> String? in
      let known = run.trace.compactMap { value($0.info) }
      guard let first = known.first, let last = known.last else { return nil }
      return "\(run.name): from \(NumberText.significant(first.value)) to \(NumberText.significant(last.value))"
    }
    plot.summary = "\(title) in \(unit) against the outer iteration. \(ways.joined(separator: "; "))."
    return plot
  }

  /// What was found at the kept iterate: an iteration, or a last proposal after all of them.
  private static func kept(_ run: ReportRun) -> TuningInfo? {
    guard let report = run.report else { return nil }
    return run.trace.first { $0.info.iteration == report.bestIteration }?.info
      ?? report.candidates.map(\.iterate.info).first { $0.iteration == report.bestIteration }
  }

  private static func regret(_ runs: [ReportRun]) -> SVGPlot? {
    var plot = SVGPlot.panel(
      "What the next proposal is expected to lack", x: .init("outer iteration"),
      y: .init("nats", isLogarithmic: true))
    plot.x.isWhole = true
    for (index, run) in runs.enumerated() {
      let points = run.trace.compactMap { iteration in
        iteration.info.expectedRegret.flatMap { $0 > 0 && $0.isFinite ? (Double(iteration.info.iteration), $0) : nil }
      }
      if points.count > 1 {
        plot.series.append(SVGSeries(runs.count > 1 ? run.name : "", points: points, colour: index))
      }
    }
    guard !plot.series.isEmpty else { return nil }
    if let tolerance = runs.first?.configuration.tolerance, tolerance > 0 {
      plot.marks = [.init(tolerance, "tolerance")]
      let values = plot.series.flatMap { $0.points.map(\.y) } + [tolerance]
      plot.y.range = .init(between: 0.7 * (values.min() ?? tolerance), and: 1.8 * (values.max() ?? tolerance))
    }
    plot.summary = "Expected regret in nats on a logarithmic axis against the outer iteration."
    return plot
  }

  /// Hyperparameters on their natural scale, a panel each; nil where no run has a trace.
  static func paths(_ runs: [ReportRun]) -> SVGFigure? {
    let runs = runs.filter { !$0.trace.isEmpty }
    var names: [String] = []
    for name in runs.flatMap(\.coordinates) where !names.contains(name) { names.append(name) }
    guard !names.isEmpty else { return nil }
    let left = names.count - mostPanels
    return SVGFigure(
      name: "paths", title: "Paths of the hyperparameters",
      caption:
        "Each hyperparameter of priors on the model's scale at every iterate, scales on a logarithmic axis. The sign at the"
        + " end is the tuned value with its 95 % interval, where the data fix one."
        + (left > 0 ? " \(left) more are in the tables." : ""),
      panels: names.prefix(mostPanels).map { path($0, runs) })
  }

  private static func path(_ name: String, _ runs: [ReportRun]) -> SVGPlot {
    let isLogarithm = runs.first { $0.coordinates.contains(name) }?.isLogarithm(name) ?? false
    var plot = SVGPlot.panel(
      name, x: .init("outer iteration"),
      y: .init(isLogarithm ? "value (log axis)" : "value", isLogarithmic: isLogarithm),
      height: 260)
    plot.x.isWhole = true
    var words: [String] = []
    for (index, run) in runs.enumerated() {
      let points = run.trace.compactMap { iteration -> (Double, Double)? in
        guard let place = iteration.coordinates.firstIndex(of: name), place < iteration.info.lambda.count else {
          return nil
        }
        let value = iteration.info.lambda[place]
        return (Double(iteration.info.iteration), isLogarithm ? exp(value) : value)
      }
      plot.series.append(SVGSeries(runs.count > 1 ? run.name : "", points: points, colour: index))
      guard let tuned = run.report?.coordinates.first(where: { $0.name == name }) else { continue }
      let end = Double(run.trace.count) + 0.25 * Double(index)
      let interval = tuned.interval.flatMap { $0.count == 2 && $0[0] <= $0[1] ? $0[0]...$0[1] : nil }
      plot.series.append(
        SVGSeries(
          "", .points(.disc, radius: 4), points: [(end, tuned.tuned)], band: interval.map { [$0] },
          colour: runs.count > 1 ? index : 1))
      words.append(
        "\(run.name): from \(NumberText.significant(tuned.initial)) to \(NumberText.significant(tuned.tuned))"
          + (interval.map {
            ", 95 % interval \(NumberText.significant($0.lowerBound)) to \(NumberText.significant($0.upperBound))"
          } ?? ""))
    }
    plot.summary = "\(name) against the outer iteration. \(words.joined(separator: "; "))"
    return plot
  }
}
