import Experiments
import TuningIO

/// A trial as the picture of a selection shows it.
struct ParetoPoint: Sendable {
  let model: String
  let parameters: Int
  let score: Double
  let standardError: Double
  let isInParetoSet: Bool
  let isChosen: Bool
}

extension SVGPlot {
  /// LOO with its standard error against the number of parameters: a colour and a sign a model, a line through the trials
  /// that are in the Pareto set, a diamond about the chosen one.
  static func pareto(_ trials: [ParetoPoint]) -> SVGPlot {
    var plot = SVGPlot(
      title: "LOO against complexity", x: .init("parameters"),
      y: .init("LOO ± standard error, model's scale (more is better)"))
    plot.summary =
      "\(trials.count) trials by their number of parameters, each with its leave-one-out log predictive density and its"
      + " standard error."
    plot.x.padding = 0.06
    plot.y.padding = 0.06
    plot.x.isWhole = true
    let trials = trials.filter(\.score.isFinite)
    let names = trials.reduce(into: [String]()) { if !$0.contains($1.model) { $0.append($1.model) } }
    let extent = Double((trials.map(\.parameters).max() ?? 1) - (trials.map(\.parameters).min() ?? 0))
    // Models of one size stand side by side.
    func place(_ trial: ParetoPoint) -> (x: Double, y: Double) {
      let index = Double(names.firstIndex(of: trial.model) ?? 0)
      return (Double(trial.parameters) + 0.008 * extent * (index - 0.5 * Double(names.count - 1)), trial.score)
    }
    var front = SVGSeries(
      "Pareto set", points: trials.filter(\.isInParetoSet).map(place).sorted { $0.x < $1.x }, colour: -1)
    front.width = 1.5
    plot.series = [front]
    let signs: [SVGSign] = [.disc, .triangle, .cross]
    plot.series += names.enumerated().map { index, name in
      let own = trials.filter { $0.model == name }
      return SVGSeries(
        name, .points(signs[index % signs.count], radius: 4.5), points: own.map(place),
        band: own.map { $0.score - $0.standardError...$0.score + $0.standardError }, colour: index)
    }
    let chosen = trials.filter(\.isChosen).map(place)
    if !chosen.isEmpty {
      plot.series.append(SVGSeries("chosen", .points(.diamond, radius: 11), points: chosen, colour: -2))
    }
    return plot
  }
}

extension SelectReport {
  /// The picture of all trials.
  var plot: SVGPlot { .pareto(paretoPoints) }

  /// All trials that have a score.
  var paretoPoints: [ParetoPoint] {
    trials.compactMap { trial in
      trial.leaveOneOut.map {
        ParetoPoint(
          model: trial.configuration.modelName, parameters: trial.parameters, score: $0.value,
          standardError: $0.standardError.flatMap { $0.isFinite ? $0 : nil } ?? 0,
          isInParetoSet: trial.isInParetoSet, isChosen: trial.verdict == .chosen)
      }
    }
  }
}
