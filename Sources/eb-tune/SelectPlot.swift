import Experiments
import TuningIO

extension SelectReport {
  /// LOO with its standard error against the number of parameters, a line a model, the chosen trial in a diamond.
  var plot: SVGPlot {
    var plot = SVGPlot(
      title: "LOO against complexity", x: .init("parameters"), y: .init("LOO ± standard error (more is better)"))
    let shown = trials.compactMap { trial in trial.leaveOneOut.flatMap { $0.value.isFinite ? (trial, $0) : nil } }
    let bars = shown.map { trial, score in
      (
        trial: trial, x: Double(trial.parameters), y: score.value, half: score.standardError ?? 0
      )
    }
    guard let left = bars.map(\.x).min(), let right = bars.map(\.x).max(), let low = bars.map({ $0.y - $0.half }).min(),
      let high = bars.map({ $0.y + $0.half }).max()
    else { return plot }
    let (wide, tall) = (max(right - left, 1), max(high - low, 1e-3))
    plot.x.range = left - 0.06 * wide...right + 0.06 * wide
    plot.y.range = low - 0.06 * tall...high + 0.06 * tall
    var names: [String] = []
    for bar in bars where !names.contains(bar.trial.configuration.modelName) {
      names.append(bar.trial.configuration.modelName)
    }
    plot.lines = names.map { name in
      // Each trial as an error bar with a cross in it, on one line through all of its model.
      let points = bars.filter { $0.trial.configuration.modelName == name }.flatMap { bar in
        [
          (bar.x, bar.y), (bar.x, bar.y + bar.half), (bar.x, bar.y - bar.half), (bar.x, bar.y),
          (bar.x - 0.008 * wide, bar.y), (bar.x + 0.008 * wide, bar.y), (bar.x, bar.y),
        ]
      }
      return SVGPlot.Line(name, points: points)
    }
    if let best = bars.first(where: { $0.trial.verdict == .chosen }) {
      let (dx, dy) = (0.02 * wide, 0.03 * tall)
      plot.lines.append(
        SVGPlot.Line(
          "chosen",
          points: [
            (best.x - dx, best.y), (best.x, best.y + dy), (best.x + dx, best.y), (best.x, best.y - dy),
            (best.x - dx, best.y),
          ]))
    }
    return plot
  }
}
