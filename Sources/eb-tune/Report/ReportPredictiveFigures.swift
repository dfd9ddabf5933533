import Evaluation
import Experts
import Foundation
import TuningIO

/// What the model predicts and how well: along each column, calibration, and leave-one-out by row.
struct ReportPredictiveFigures {
  let model: ReportModel
  let run: ReportRun

  private var target: String { model.run.study.target }

  /// The predictive density with the data, and the allocation of experts below it, for every column.
  func predictive() throws -> SVGFigure? {
    let columns = model.run.study.columns
    let shown = columns.columnNames.prefix(8)
    guard !shown.isEmpty else { return nil }
    let profiles = try shown.map { try ReportProfile(of: $0, model) }
    let rows = columns.rows
    let step = max(1, (rows + 999) / 1000)
    let others =
      columns.columnNames.count > 1
      ? " Curves and shading are averages over \(profiles.first?.backgrounds ?? 1) rows of the data, whose other columns stay as"
        + " they are." : ""
    return SVGFigure(
      name: "predictive", title: "Predictions along each column, and which expert makes them",
      caption: "Above: shading holds 20, 40, 60, 80 and 95 % of the posterior predictive probability, each level in the"
        + " smallest region; the line is the predictive mean with its 95 % interval; dots are the training rows"
        + (step > 1 ? ", one of \(step)" : "") + ". Below: the share α of each expert with its 95 % interval"
        + (model.architecture.combination == .cocoafuse
          ? ", and 1 − β, how much the experts blend instead of competing" : "") + ".\(others)"
        + (columns.columnNames.count > 8 ? " The first 8 of \(columns.columnNames.count) columns are shown." : ""),
      stacks: try profiles.map { [try density($0, every: step), allocation($0)] })
  }

  private func density(_ profile: ReportProfile, every step: Int) throws -> SVGPlot {
    let study = model.run.study
    var plot = SVGPlot.panel(
      "\(target) against \(profile.column)", x: axis(profile), y: .init(target), height: 320)
    for (index, region) in profile.regions.enumerated() {
      var series = SVGSeries(
        index == 0 ? "predictive probability" : "", .blocks(width: (profile.levels == nil ? 1 : 0.8) * profile.width),
        points: region.map { (profile.places[$0.place], $0.interval.lowerBound) }, band: region.map(\.interval),
        colour: 0)
      series.opacity = 0.14
      plot.series.append(series)
    }
    plot.series.append(
      SVGSeries(
        "mean", shape(profile), points: zip(profile.places, profile.mean.mean).map { ($0, $1) },
        band: profile.mean.interval, colour: 1))
    let observed = try study.columns.column(profile.column)
    let chosen = Array(stride(from: 0, to: observed.count, by: step))
    var dots = SVGSeries(
      "data", .points(.disc, radius: chosen.count > 300 ? 1.3 : 2),
      points: chosen.map { (observed[$0], study.scaling.undo(study.training.response[$0])) }, colour: -2)
    dots.opacity = chosen.count > 300 ? 0.55 : 0.8
    plot.series.append(dots)
    plot.y.padding = 0.02
    plot.summary =
      "Predictive distribution of \(target) against \(profile.column), with \(chosen.count) rows of the data. The predictive"
      + " mean \(words(profile))."
    return plot
  }

  private func words(_ profile: ReportProfile) -> String {
    let means = profile.mean.mean.map { NumberText.significant($0) }
    guard let levels = profile.levels else { return "runs from \(means.first ?? "") to \(means.last ?? "")" }
    return "is " + zip(means, levels).map { "\($0) at \($1)" }.joined(separator: ", ")
  }

  private func axis(_ profile: ReportProfile) -> SVGPlot.Axis {
    var axis = SVGPlot.Axis(profile.column, range: range(profile))
    axis.names = profile.levels ?? []
    return axis
  }

  /// Signs at one level stand side by side: those of the experts, then that of blending.
  private func shift(of place: Int, _ profile: ReportProfile) -> Double {
    let experts = Double(profile.allocation.count)
    return profile.levels == nil ? 0 : min(0.12, 0.7 / experts) * (Double(place) - 0.5 * experts)
  }

  /// No line leads from one level to the next.
  private func shape(_ profile: ReportProfile) -> SVGSeries.Shape {
    profile.levels == nil ? .line : .points(.disc, radius: 4)
  }

  private func range(_ profile: ReportProfile) -> ClosedRange<Double> {
    let (low, high) = (profile.places.first ?? 0, profile.places.last ?? 1)
    return .init(between: low - 0.5 * profile.width, and: high + 0.5 * profile.width)
  }

  private func allocation(_ profile: ReportProfile) -> SVGPlot {
    var plot = SVGPlot.panel(
      "Who predicts, along \(profile.column)", x: axis(profile),
      y: .init("share", range: -0.02...1.02), height: 220)
    plot.series = profile.allocation.enumerated().map { expert, curve in
      let shift = shift(of: expert, profile)
      return SVGSeries(
        "expert \(expert + 1)", shape(profile), points: zip(profile.places, curve.mean).map { ($0 + shift, $1) },
        band: curve.interval, colour: expert + 2)
    }
    if let collaboration = profile.collaboration, profile.allocation.count > 1 {
      let shift = shift(of: profile.allocation.count, profile)
      var series = SVGSeries(
        "blending 1 − β", shape(profile), points: zip(profile.places, collaboration.mean).map { ($0 + shift, $1) },
        band: collaboration.interval,
        colour: -1)
      series.isDashed = true
      plot.series.append(series)
    }
    plot.summary = "Shares of \(profile.allocation.count) experts against \(profile.column), between 0 and 1."
    return plot
  }

  /// Where responses fall in their predictive distributions: of held-out rows where there are any, and of training rows.
  func calibration() throws -> (figure: SVGFigure, table: ReportPageTable, findings: [ReportPage.Finding])? {
    var parts: [(name: String, calibration: Calibration)] = []
    if let test = model.run.study.test { parts.append(("held-out rows", try model.calibration(of: test))) }
    parts.append(("training rows", try model.calibration(of: model.run.study.training)))
    var table = ReportPageTable(
      "Coverage of central predictive intervals", ["rows", "#level", "#rows inside", "#standard error"])
    for part in parts {
      for coverage in part.calibration.coverage {
        table.append([
          part.name, "\(NumberText.fixed(100 * coverage.level, digits: 0)) %",
          "\(NumberText.fixed(100 * coverage.share.value, digits: 1)) %",
          coverage.share.standardError.map { "\(NumberText.fixed(100 * $0, digits: 1)) %" } ?? "–",
        ])
      }
    }
    let figure = SVGFigure(
      name: "calibration", title: "Calibration",
      caption:
        "The probability integral transform of a row is the predictive probability of what lies below its response;"
        + " where the model is right, it is uniform. Left: the empirical distribution function minus that of uniform values,"
        + " with a simultaneous 95 % band. Then: its histogram with the pointwise 95 % interval of uniform values. Rows that the"
        + " model was fitted to crowd the centre a little even where it is right.",
      panels: parts.enumerated().flatMap { [ecdf($1, colour: 2 * $0), histogram($1, colour: 2 * $0)] } + [
        coverage(parts)
      ])
    let findings = parts.map { part in
      ReportPage.Finding(
        part.calibration.test.pValue < 0.01 ? .warning : .good,
        "\(part.name.prefix(1).uppercased() + part.name.dropFirst()): \(part.calibration.sentence)")
    }
    return (figure, table, findings)
  }

  private func ecdf(_ part: (name: String, calibration: Calibration), colour: Int) -> SVGPlot {
    let values = part.calibration.probabilities.sorted()
    let envelope = part.calibration.envelope(points: min(50, max(values.count - 1, 1)))
    var plot = SVGPlot.panel(
      "PIT-ECDF difference, \(part.name)", x: .init("probability integral transform", range: 0...1),
      y: .init("ECDF − uniform"), height: 250)
    let band = zip(envelope.points, zip(envelope.lower, envelope.upper)).map { ($0, $1.0 - $0, $1.1 - $0) }
    var limits = SVGSeries(
      "95 % band, simultaneous", points: band.map { ($0.0, 0) }, band: band.map { $0.1...$0.2 }, colour: -1)
    limits.width = 1
    let count = Double(values.count)
    let step = max(1, values.count / 400)
    let points = stride(from: 0, to: values.count, by: step).map { (values[$0], Double($0 + 1) / count - values[$0]) }
    plot.series = [limits, SVGSeries(part.name, points: [(0, 0)] + points + [(1, 0)], colour: colour)]
    let outside = envelope.violations(of: values).count
    plot.summary =
      "The difference leaves the band at \(outside) of \(envelope.points.count) points. \(part.calibration.sentence)"
    return plot
  }

  private func histogram(_ part: (name: String, calibration: Calibration), colour: Int) -> SVGPlot {
    let counts = part.calibration.histogram.map(Double.init)
    let rows = counts.reduce(0, +)
    let bins = Double(counts.count)
    var plot = SVGPlot.panel(
      "PIT histogram, \(part.name)", x: .init("probability integral transform", range: 0...1), y: .init("rows"),
      height: 250)
    let half = 1.96 * (rows * (1 / bins) * (1 - 1 / bins)).squareRoot()
    plot.marks = [.init(rows / bins), .init(max(rows / bins - half, 0)), .init(rows / bins + half)]
    plot.series = [
      SVGSeries(
        "", .bars(width: 0.96 / bins), points: counts.enumerated().map { ((Double($0) + 0.5) / bins, $1) },
        colour: colour)
    ]
    plot.y.range = .init(between: 0, and: 1.08 * max(counts.max() ?? 1, rows / bins + half))
    plot.summary =
      "Counts in \(counts.count) bins: \(counts.map { NumberText.fixed($0, digits: 0) }.joined(separator: ", "))."
    return plot
  }

  private func coverage(_ parts: [(name: String, calibration: Calibration)]) -> SVGPlot {
    var plot = SVGPlot.panel(
      "Coverage of central intervals", x: .init("level", range: 0.45...1), y: .init("rows inside, share"), height: 250)
    plot.series = [SVGSeries("as claimed", points: [(0.45, 0.45), (1, 1)], colour: -1)]
    plot.series[0].isDashed = true
    plot.series[0].width = 1.2
    for (index, part) in parts.enumerated() {
      let shift = 0.006 * (Double(index) - 0.5 * Double(parts.count - 1))
      plot.series.append(
        SVGSeries(
          part.name, .points(index == 0 ? .disc : .triangle, radius: 4),
          points: part.calibration.coverage.map { ($0.level + shift, $0.share.value) },
          band: part.calibration.coverage.map {
            let error = 1.96 * ($0.share.standardError.flatMap { $0.isFinite ? $0 : nil } ?? 0)
            return .init(between: max($0.share.value - error, 0), and: min($0.share.value + error, 1))
          }, colour: 2 * index))
    }
    plot.summary = "Shares of rows inside central predictive intervals at 50, 80, 90 and 95 %, with 95 % intervals."
    return plot
  }

  /// Pareto k of every row.
  func leaveOneOut() throws -> (figure: SVGFigure, loo: PSISLOO) {
    let loo = try model.leaveOneOut()
    let ceiling = 1.5
    let all = loo.rows.enumerated().map { (x: Double($0 + 1), y: $1.khat.isFinite ? min($1.khat, ceiling) : ceiling) }
    let bad = all.filter { $0.y > loo.threshold }
    let good = all.filter { $0.y <= loo.threshold }
    let step = max(1, good.count / 2000)
    var plot = SVGPlot.panel(
      "Pareto k by row", x: .init("row of the training data"),
      y: .init("Pareto k, limit \(NumberText.fixed(loo.threshold, digits: 2))"))
    plot.x.isWhole = true
    var dots = SVGSeries(
      "reliable", .points(.disc, radius: all.count > 300 ? 1.3 : 2.2),
      points: stride(from: 0, to: good.count, by: step).map { good[$0] }, colour: 0)
    dots.opacity = 0.8
    plot.series = [dots, SVGSeries("unreliable", .points(.triangle, radius: 4), points: bad, colour: 1)].filter {
      !$0.points.isEmpty
    }
    plot.marks = [.init(loo.threshold)]
    let values = all.map(\.y)
    plot.y.range = .init(between: min(values.min() ?? 0, 0) - 0.08, and: max(values.max() ?? 1, loo.threshold) + 0.12)
    plot.summary =
      "Pareto k of \(all.count) rows; \(bad.count) lie above the limit of \(NumberText.fixed(loo.threshold, digits: 2))."
    let figure = SVGFigure(
      name: "loo", title: "Leave-one-out: can its rows be believed?",
      caption:
        "Pareto k of the importance weights with which PSIS leaves each row out; above the limit a row's term is not to"
        + " be believed." + (step > 1 ? " One of \(step) reliable rows is drawn." : "")
        + (values.contains(ceiling) ? " Values above \(ceiling) are drawn there." : ""),
      panels: [plot])
    return (figure, loo)
  }
}
