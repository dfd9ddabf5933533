import TuningIO

/// Figures of three and more inputs: the mixture against the truth or the observations and against the first
/// inputs, and the weights against these.
extension MixFigures {
  /// Inputs that are shown.
  private static let mostInputs = 4
  /// Rows that are drawn.
  private static let mostRows = 400

  var againstRows: SVGFigure {
    SVGFigure(
      name: "mixture", title: title,
      caption:
        "The mixed mean with its band\(thinning), against \(truth == nil ? "" : "the truth and against ")the inputs."
        + "\(left) \(bands)",
      panels: [againstTruth ?? againstObservations].compactMap { $0 } + axes.map(mixture(against:)))
  }

  var weightsAgainstInputs: SVGFigure {
    SVGFigure(
      name: "weights", title: "\(title): weights",
      caption: "The posterior mean of each model's weight\(thinning), against the inputs.\(left)",
      panels: axes.map(weights(against:)))
  }

  /// The mixture where observations are, against them; nil where it is wanted elsewhere.
  var againstObservations: SVGPlot? {
    guard observations.inputs == inputs, observations.response.count == mixture.mean.count else {
      return nil
    }
    let rows = observations.errors.allSatisfy { $0 == 0 } ? nil : observations.errors
    return compared("observation", observations.response, errors: rows)
  }

  private var againstTruth: SVGPlot? { truth.map { compared("truth", $0, errors: nil) } }

  private var axes: Range<Int> { 0..<min(Self.mostInputs, inputNames.count) }

  private var left: String {
    inputNames.count > Self.mostInputs ? " The first \(Self.mostInputs) of \(inputNames.count) inputs are shown." : ""
  }

  private var step: Int { max(1, (mixture.mean.count + Self.mostRows - 1) / Self.mostRows) }
  private var thinning: String { step > 1 ? " at one of \(step) rows" : "" }
  private var rows: [Int] { Array(stride(from: 0, to: mixture.mean.count, by: step)) }

  private func compared(_ label: String, _ values: [Double], errors: [Double]?) -> SVGPlot {
    var plot = SVGPlot.panel("Mixture against \(label)", x: .init(label), y: .init("mixed mean"))
    let ends = values.filter(\.isFinite)
    if let low = ends.min(), let high = ends.max(), low < high {
      var line = SVGSeries("equal", points: [(low, low), (high, high)], colour: -1)
      line.isDashed = true
      line.width = 1.5
      plot.series.append(line)
    }
    let bands = mixture.intervals
    var bars = SVGSeries(
      "", .points(.disc, radius: 0.1), points: rows.map { (x: values[$0], y: mixture.mean[$0]) },
      band: rows.map { bands[$0] },
      across: errors.map { errors in
        rows.map { Self.interval(values[$0] - errors[$0], values[$0] + errors[$0], about: values[$0]) }
      }, colour: 0)
    bars.opacity = 0.35
    let signs = SVGSeries("mixture", .points(.disc, radius: 3), points: bars.points, colour: 0)
    plot.series += [bars, signs]
    plot.y.range = Self.limits(mixture.mean + ends, [(mixture.lower + mixture.upper, 1)])
    let differences = zip(mixture.mean, values).map { abs($0 - $1) }
    plot.summary =
      "The mixed mean against the \(label) of \(values.count) rows; the mean absolute difference is"
      + " \(NumberText.significant(differences.reduce(0, +) / Double(max(differences.count, 1))))."
    return plot
  }

  private func mixture(against place: Int) -> SVGPlot {
    var plot = SVGPlot.panel("Mixture against \(inputNames[place])", x: .init(inputNames[place]), y: .init(target))
    let bands = mixture.intervals
    var bars = SVGSeries(
      "", .points(.disc, radius: 0.1), points: rows.map { (x: inputs[place][$0], y: mixture.mean[$0]) },
      band: rows.map { bands[$0] }, colour: 0)
    bars.opacity = 0.35
    let signs = SVGSeries("mixture", .points(.disc, radius: 3), points: bars.points, colour: 0)
    var rows = observations.series(over: observations.inputs[place])
    rows.band = nil
    plot.series = [bars, signs, rows]
    plot.y.range = Self.limits(
      mixture.mean + observations.response, [(mixture.lower + mixture.upper, 1)])
    plot.summary = "The mixed mean of \(mixture.mean.count) rows against \(inputNames[place])."
    return plot
  }

  private func weights(against place: Int) -> SVGPlot {
    var plot = SVGPlot.panel(
      "Weights against \(inputNames[place])", x: .init(inputNames[place]), y: .init("weight"), height: 240)
    plot.y.range = weightRange
    plot.series = models.indices.map { index in
      var series = SVGSeries(
        models[index], .points(.disc, radius: 2.2),
        points: rows.map { (x: inputs[place][$0], y: weights[index].mean[$0]) }, colour: Self.colour(ofModel: index))
      series.opacity = 0.75
      return series
    }
    plot.summary = "Weights of \(models.count) models against \(inputNames[place])."
    return plot
  }
}
