import TuningIO

/// Figures over two inputs: maps of the mixture, of its spread, of what it lacks of the truth, and of every weight.
extension MixFigures {
  /// Panels of one figure at most.
  static let mostMaps = 12

  var map: SVGFigure {
    let map = MixMap(inputs)
    let values = Self.shading(target, mixture.mean + (truth ?? []))
    var mixed = plot("Mixed mean", map.series(mixture.mean), values)
    // Where the mixture is wanted at the observations, these would hide it; a panel of their own compares the two.
    let compared = againstObservations
    if compared == nil {
      mixed.series.append(
        SVGSeries(
          "observations, in the same colours", .points(.disc, radius: observations.response.count > 200 ? 2 : 3.5),
          points: zip(observations.inputs[0], observations.inputs[1]).map { (x: $0, y: $1) }, colour: -2,
          values: observations.response))
    }
    var panels = [mixed]
    if let truth {
      let lack = zip(mixture.mean, truth).map { $0 - $1 }
      let largest = MixMap.range(lack.map(abs)).upperBound
      panels.append(plot("Truth", map.series(truth), values))
      panels.append(
        plot("Mixed mean less truth", map.series(lack), SVGShading("difference", -largest...largest, .diverging)))
    }
    panels.append(
      plot(
        "Standard deviation", map.series(mixture.standardDeviation), Self.shading("sd", mixture.standardDeviation)))
    if let compared { panels.append(compared) }
    return SVGFigure(
      name: "mixture", title: title,
      caption: "Maps over \(inputNames[0]) and \(inputNames[1])"
        + (truth == nil ? "" : ", the mixed mean and the truth in the same colours")
        + ". Values beyond the ends of a bar have the colour of the end. \(bands)", panels: panels)
  }

  var weightMaps: SVGFigure {
    let map = MixMap(inputs)
    let values = weights.prefix(Self.mostMaps).flatMap(\.mean)
    let full = MixMap.range(values)
    let range = min(full.lowerBound, 0)...max(full.upperBound, 1)
    let left = models.count - Self.mostMaps
    return SVGFigure(
      name: "weights", title: "\(title): weights",
      caption: "The posterior mean of each model's weight, all in the same colours."
        + (left > 0 ? " \(left) more models are in predictions.csv." : ""),
      panels: models.indices.prefix(Self.mostMaps).map { index in
        plot("Weight of \(models[index])", map.series(weights[index].mean), SVGShading("weight", range))
      })
  }

  private static func shading(_ label: String, _ values: [Double]) -> SVGShading {
    SVGShading(label, MixMap.range(values))
  }

  private func plot(_ title: String, _ series: SVGSeries, _ shading: SVGShading) -> SVGPlot {
    var plot = SVGPlot.panel(title, x: .init(inputNames[0]), y: .init(inputNames[1]), height: 330)
    (plot.x.padding, plot.y.padding) = series.shape == .points(.disc, radius: MixMap.radius) ? (0.03, 0.03) : (0, 0)
    plot.series = [series]
    plot.shading = shading
    let values = (series.values ?? []).filter(\.isFinite)
    plot.summary =
      "\(title) over \(inputNames[0]) and \(inputNames[1]), from \(NumberText.significant(values.min() ?? .nan)) to"
      + " \(NumberText.significant(values.max() ?? .nan))."
    return plot
  }
}

/// Rows in a plane as a map draws them: the cells of a grid, means over cells where there are very many, or discs.
struct MixMap: Sendable {
  static let radius = 4.5
  /// Cells along an axis at most.
  private static let mostCells = 60

  private let points: [(x: Double, y: Double)]
  private let members: [[Int]]
  private let cell: (width: Double, height: Double)?

  /// - Parameter inputs: Two, each with a value a row.
  init(_ inputs: [[Double]]) {
    let (x, y) = (inputs[0], inputs[1])
    let (across, upright) = (Self.steps(x), Self.steps(y))
    if let across, let upright, across.count * upright.count == x.count, across.count <= Self.mostCells,
      upright.count <= Self.mostCells
    {
      cell = (across.width, upright.width)
      members = x.indices.map { [$0] }
      points = zip(x, y).map { ($0, $1) }
    } else if x.count > 400, let (left, right) = Self.ends(x), let (low, high) = Self.ends(y) {
      let bins = min(Self.mostCells, max(8, Int((Double(x.count) / 4).squareRoot())))
      let (width, height) = ((right - left) / Double(bins), (high - low) / Double(bins))
      var all = [[Int]](repeating: [], count: bins * bins)
      for row in x.indices where x[row].isFinite && y[row].isFinite {
        let (i, j) = (min(Int((x[row] - left) / width), bins - 1), min(Int((y[row] - low) / height), bins - 1))
        all[i * bins + j].append(row)
      }
      let used = all.indices.filter { !all[$0].isEmpty }
      cell = (width, height)
      members = used.map { all[$0] }
      points = used.map { (left + (Double($0 / bins) + 0.5) * width, low + (Double($0 % bins) + 0.5) * height) }
    } else {
      cell = nil
      members = x.indices.map { [$0] }
      points = zip(x, y).map { ($0, $1) }
    }
  }

  /// The smallest and the largest; nil where all are alike.
  private static func ends(_ values: [Double]) -> (Double, Double)? {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > low, (high - low).isFinite else { return nil }
    return (low, high)
  }

  /// The number of different values and their distance; nil where they are not equidistant.
  private static func steps(_ values: [Double]) -> (count: Int, width: Double)? {
    let places = Set(values).sorted()
    let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
    guard let least = gaps.min(), let most = gaps.max(), most.isFinite, most < 1.01 * least else { return nil }
    return (places.count, most)
  }

  func series(_ values: [Double]) -> SVGSeries {
    SVGSeries(
      "", cell.map { .cells(width: $0.width, height: $0.height) } ?? .points(.disc, radius: Self.radius),
      points: points, colour: -1,
      values: members.map { rows in rows.reduce(0) { $0 + values[$1] } / Double(rows.count) })
  }

  /// From the smallest to the largest, or without a few that would leave all others one colour.
  static func range(_ values: [Double]) -> ClosedRange<Double> {
    let sorted = values.filter(\.isFinite).sorted()
    guard let low = sorted.first, let high = sorted.last else { return 0...1 }
    let (near, far) = (sorted[sorted.count / 50], sorted[sorted.count - 1 - sorted.count / 50])
    return high - low > 3 * (far - near) && far > near ? near...far : low...high
  }
}
