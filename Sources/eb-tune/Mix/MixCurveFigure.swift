import TuningIO

/// Figures over one input: models, mixture and truth as curves, the weights below.
extension MixFigures {
  var overInput: SVGFigure {
    SVGFigure(
      name: "mixture", title: title,
      caption:
        "Above: models with one standard deviation to either side, the mixed mean with its band"
        + (truth == nil ? "" : ", the truth") + ", and observations with their errors. Below: the weights"
        + (hasWeightBands ? ", with the same band" : "") + ". \(bands)"
        + (reachesBeyond ? " Models are cut off where they lie far from all else." : ""),
      stacks: [[modelsAndMixture, weightCurves]])
  }

  var weightsOverInput: SVGFigure {
    SVGFigure(
      name: "weights", title: "\(title): weights",
      caption: "The weight of each model over \(inputNames[0])"
        + (hasWeightBands ? ", with the band from the 5 % to the 95 % quantile." : "."), panels: [weightCurves])
  }

  /// Weights by a formula have none.
  private var hasWeightBands: Bool { weights.contains { zip($0.lower, $0.upper).contains { $0 < $1 } } }

  private var grid: MixGrid { MixGrid(inputs[0]) }

  /// Of what must be seen whole: means, truth and observations.
  private var limits: ClosedRange<Double>? {
    let rows = zip(observations.response, observations.errors).flatMap { [$0 - $1, $0 + $1] }
    let edges = zip(means, standardDeviations).flatMap { zip($0, $1).flatMap { [$0 - $1, $0 + $1] } }
    return Self.limits(
      mixture.mean + (truth ?? []) + observations.response,
      [(rows, 0.3), (mixture.lower + mixture.upper, 1), (edges, 0.15)])
  }

  private var reachesBeyond: Bool {
    guard let limits else { return false }
    return means.contains { $0.contains { !limits.contains($0) } }
  }

  private var modelsAndMixture: SVGPlot {
    let grid = grid
    var plot = SVGPlot.panel(
      "\(name): models and mixture", x: .init(inputNames[0]), y: .init(target), width: 560, height: 320)
    plot.y.range = limits
    for (index, name) in models.enumerated() {
      let (mean, sd) = (means[index], standardDeviations[index])
      var series = grid.series(
        name, mean, zip(mean, sd).map { Self.interval($0 - $1, $0 + $1, about: $0) },
        colour: Self.colour(ofModel: index))
      series.opacity = models.count > 4 ? 0.05 : 0.1
      series.width = 1.5
      plot.series.append(series)
    }
    var mixed = grid.series("mixture", mixture.mean, mixture.intervals, colour: 0)
    mixed.opacity = 0.25
    mixed.width = 2.8
    plot.series.append(mixed)
    if let truth {
      var series = grid.series("truth", truth, nil, colour: -2)
      series.isDashed = true
      series.width = 1.5
      plot.series.append(series)
    }
    plot.series.append(observations.series(over: observations.inputs[0]))
    plot.summary =
      "\(models.count) models, their mixture\(truth == nil ? "" : ", the truth") and"
      + " \(observations.response.count) observations against \(inputNames[0])."
    return plot
  }

  private var weightCurves: SVGPlot {
    let grid = grid
    var plot = SVGPlot.panel(
      "Weights", x: .init(inputNames[0]), y: .init("weight", range: weightRange), width: 560, height: 200)
    plot.series = models.indices.map { index in
      var series = grid.series(
        models[index], weights[index].mean, weights[index].intervals, colour: Self.colour(ofModel: index))
      if models.count > 4 { series.opacity = 0.08 }
      return series
    }
    let ends = models.indices.map { index in
      "\(models[index]) from \(NumberText.significant(grid.average(weights[index].mean).first ?? .nan)) to"
        + " \(NumberText.significant(grid.average(weights[index].mean).last ?? .nan))"
    }
    plot.summary = "Weights against \(inputNames[0]): \(ends.joined(separator: ", "))."
    return plot
  }
}

extension MixPredictions.Curve {
  /// The bands.
  var intervals: [ClosedRange<Double>] {
    mean.indices.map { MixFigures.interval(lower[$0], upper[$0], about: mean[$0]) }
  }
}

extension MixReport.Observations {
  /// Signs with error bars; without these where errors are not known.
  func series(over input: [Double]) -> SVGSeries {
    let isMany = response.count > 150
    let bars = zip(response, errors).map { MixFigures.interval($0 - $1, $0 + $1, about: $0) }
    var series = SVGSeries(
      "observations", .points(.disc, radius: isMany ? 1.6 : 3), points: zip(input, response).map { (x: $0, y: $1) },
      band: isMany || errors.allSatisfy { $0 == 0 } ? nil : bars, colour: -2)
    series.opacity = isMany ? 0.6 : 0.9
    return series
  }
}

/// Different values of one input in ascending order, with the rows at each: at most about 500 places of many.
struct MixGrid: Sendable {
  let places: [Double]
  private let members: [[Int]]

  init(_ values: [Double], most: Int = 500) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let rows = order.split(whereSeparator: { !values[$0].isFinite }).flatMap { $0 }
    var members: [[Int]] = []
    for row in rows {
      if let last = members.last?.first, values[last] == values[row] {
        members[members.count - 1].append(row)
      } else {
        members.append([row])
      }
    }
    let step = max(1, (members.count + most - 1) / most)
    let chosen = members.indices.filter { $0 % step == 0 || $0 == members.count - 1 }
    self.members = chosen.map { members[$0] }
    places = chosen.map { values[members[$0][0]] }
  }

  /// The mean over the rows of each place.
  func average(_ values: [Double]) -> [Double] {
    members.map { rows in rows.reduce(0) { $0 + values[$1] } / Double(rows.count) }
  }

  /// A curve; signs where there are too few places for one.
  func series(_ name: String, _ values: [Double], _ band: [ClosedRange<Double>]?, colour: Int) -> SVGSeries {
    let edges = band.map { band in
      zip(average(band.map(\.lowerBound)), average(band.map(\.upperBound))).map { min($0, $1)...max($0, $1) }
    }
    return SVGSeries(
      name, places.count > 2 ? .line : .points(.disc, radius: 4),
      points: zip(places, average(values)).map { (x: $0, y: $1) }, band: edges, colour: colour)
  }
}
