import ModelMixing
import TuningIO

extension MixReport {
  /// The mixture above its weights: over the input where there is one, else the mixture against the truth, or against the
  /// row where nobody knows that.
  var figures: [SVGFigure] {
    if configuration.inputs.count == 1 { return [overInput] }
    return [new.truth.map(againstTruth)].compactMap { $0 }
  }

  private var overInput: SVGFigure {
    let input = configuration.inputs[0]
    let x = new.inputs[0]
    let order = x.indices.sorted { (x[$0], $0) < (x[$1], $1) }
    func points(_ values: [Double]) -> [(x: Double, y: Double)] { order.map { (x[$0], values[$0]) } }
    func band(_ lower: [Double], _ upper: [Double]) -> [ClosedRange<Double>] {
      order.map { min(lower[$0], upper[$0])...max(lower[$0], upper[$0]) }
    }
    var mixture = SVGPlot.panel("\(name): models and mixture", x: .init(input), y: .init("value"))
    for (index, model) in configuration.models.enumerated() {
      let (mean, sd) = (new.means[index], new.standardDeviations[index])
      var series = SVGSeries(
        model, points: points(mean), band: band(zip(mean, sd).map { $0 - $1 }, zip(mean, sd).map { $0 + $1 }),
        colour: index + 1)
      series.opacity = 0.1
      series.isDashed = true
      mixture.series.append(series)
    }
    let curve = predictions.mixture
    mixture.series.append(
      SVGSeries("mixture", points: points(curve.mean), band: band(curve.lower, curve.upper), colour: 0))
    if let truth = new.truth {
      var series = SVGSeries("truth", points: points(truth), colour: -2)
      series.width = 1
      mixture.series.append(series)
    }
    mixture.series.append(
      SVGSeries(
        "observations", .points(.disc, radius: 3),
        points: zip(observations.inputs[0], observations.response).map { (x: $0, y: $1) },
        band: zip(observations.response, observations.errors).map { $0 - $1...$0 + $1 }, colour: -1))
    // Models may be far off where they do not hold: the mixture and the observations say what is worth seeing.
    let shown = curve.lower + curve.upper + observations.response + (new.truth ?? [])
    let finite = shown.filter(\.isFinite)
    if let low = finite.min(), let high = finite.max(), low < high {
      mixture.y.range = low - 0.08 * (high - low)...high + 0.08 * (high - low)
    }
    var weights = SVGPlot.panel("Weights", x: .init(input), y: .init("weight"), height: 180)
    for (index, model) in configuration.models.enumerated() {
      let weight = predictions.weights[index]
      weights.series.append(
        SVGSeries(model, points: points(weight.mean), band: band(weight.lower, weight.upper), colour: index + 1))
    }
    return SVGFigure(
      name: "mixture", title: "\(name): \(configuration.method) mixing",
      caption:
        "Models with one standard deviation to either side, the mixed mean with its band, and the weights. \(bands)",
      stacks: [[mixture, weights]])
  }

  private func againstTruth(_ truth: [Double]) -> SVGFigure {
    var plot = SVGPlot.panel("\(name): mixture against the truth", x: .init("truth"), y: .init("mixed mean"))
    plot.series = [
      SVGSeries(
        "mixture", .points(.disc, radius: 2), points: zip(truth, predictions.mixture.mean).map { (x: $0, y: $1) })
    ]
    if let low = truth.min(), let high = truth.max(), low < high {
      var line = SVGSeries("equal", points: [(low, low), (high, high)], colour: -1)
      line.isDashed = true
      plot.series.append(line)
    }
    return SVGFigure(
      name: "mixture", title: "\(name): \(configuration.method) mixing",
      caption: "The mixed mean against the truth at \(configuration.newRows) inputs.", panels: [plot])
  }
}
