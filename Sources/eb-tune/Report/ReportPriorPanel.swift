import Diagnostics
import Foundation
import Priors
import TuningIO

extension ReportPosteriorFigures {
  /// One parameter: its priors and its posteriors before and after tuning, in the data's units where these are known.
  struct Panel {
    private let entry: PriorExport.Entry
    private let values: [Double]
    private let sorted: [Double]
    private let weights: [Double]?
    /// Quantiles of the posterior at the initial priors, and of how many draws; nil where there is none.
    private let before: (quantiles: [Double], draws: Int)?

    private let unit: String

    /// - Parameters:
    ///   - values: Draws on the model's scale.
    ///   - unit: What values are counted in where units are not known.
    ///   - weights: Of the draws; nil where all count alike.
    init(
      _ entry: PriorExport.Entry, _ values: [Double], _ weights: [Double]?, _ initial: InitialPosterior?, unit: String
    ) {
      func undone(_ values: [Double]) -> [Double] { entry.units.map { values.map($0.undo) } ?? values }
      self.entry = entry
      self.values = undone(values)
      self.weights = weights
      self.unit = entry.units?.unit ?? unit
      sorted = self.values.sorted()
      before = initial.flatMap { initial in
        initial.quantiles[entry.parameter].map { (undone($0), initial.draws) }
      }
    }

    private var isPositive: Bool { ReportDensity.isPositive(entry) }

    private func initial(_ hyperparameter: PriorExport.Hyperparameter) -> Double {
      hyperparameter.initialInDataUnits ?? hyperparameter.initial
    }

    private func tuned(_ hyperparameter: PriorExport.Hyperparameter) -> Double {
      hyperparameter.tunedInDataUnits ?? hyperparameter.tuned
    }

    /// nil where the draws are all the same, and where the prior is of no family that can be drawn.
    var plot: SVGPlot? {
      guard entry.prior(tuned)?.univariate != nil else { return nil }
      let (low, high) = (sampleQuantile(ofSorted: sorted, 0.002), sampleQuantile(ofSorted: sorted, 0.998))
      guard high > low, (high - low).isFinite else { return nil }
      if isPositive, low > 0, high > 30 * low { return logarithmic(low...high) }
      // As far as the tuned prior has much of its mass, but no further than a few widths of the posterior.
      let room = 2.5 * (high - low)
      let scale = entry.hyperparameters.last { $0.name == "scale" }.map(tuned) ?? 0
      let reach = min(max(2 * scale, 0.25 * (high - low)), room)
      let centre = entry.hyperparameters.first { $0.name == "location" }.map(tuned) ?? 0
      var (start, end) =
        isPositive
        ? (max(0, low - 0.4 * (high - low)), high + 0.6 * (high - low))
        : (
          min(low - 0.15 * (high - low), max(centre - reach, low - room)),
          max(high + 0.15 * (high - low), min(centre + reach, high + room))
        )
      if let before = before?.quantiles, let first = before.first, let last = before.last {
        start = min(start, max(first, low - room))
        end = max(end, min(last, high + room))
      }
      if isPositive, start < 0.3 * high { start = 0 }
      if !(end > start) { end = start + 1 }
      let places = (0...160).map { start + (end - start) * Double($0) / 160 }
      return panel(x: .init(unit, range: .init(between: start, and: end)), y: "density", places) {
        values, weights, count in
        ReportDensity.kernel(values, weights: weights, at: places, isPositive: isPositive, count: count)
      } prior: { prior, place in
        exp(prior.logDensity(ofValue: place))
      }
    }

    /// For a positive parameter over orders of magnitude: densities of its logarithm.
    private func logarithmic(_ range: ClosedRange<Double>) -> SVGPlot {
      let (start, end) = (log(range.lowerBound / 1.5), log(range.upperBound * 1.5))
      let places = (0...160).map { start + (end - start) * Double($0) / 160 }
      return panel(
        x: .init("\(unit) (log axis)", isLogarithmic: true, range: .init(between: exp(start), and: exp(end))),
        y: "density of the logarithm", places.map { exp($0) }
      ) { values, weights, count in
        ReportDensity.kernel(values.map { log($0) }, weights: weights, at: places, isPositive: false, count: count)
      } prior: { prior, place in
        exp(prior.logDensity(ofValue: place)) * place
      }
    }

    private func panel(
      x: SVGPlot.Axis, y: String, _ places: [Double], posterior: ([Double], [Double]?, Int?) -> [Double],
      prior value: (any UnivariatePrior, Double) -> Double
    ) -> SVGPlot {
      var plot = SVGPlot.panel(entry.parameter, x: x, y: .init(y), height: 240)
      plot.y.padding = 0
      func points(_ density: [Double]) -> [(x: Double, y: Double)] { zip(places, density).map { ($0, $1) } }
      let density = posterior(values, weights, nil)
      plot.series = [
        SVGSeries(before == nil ? "posterior" : "tuned posterior", .area, points: points(density), colour: 0)
      ]
      let earlier = before.map { posterior($0.quantiles, nil, $0.draws) }
      if let earlier {
        var line = SVGSeries("initial posterior", points: points(earlier), colour: 0)
        line.isDashed = true
        plot.series.append(line)
      }
      let top = 1.08 * max(density.max() ?? 1, earlier?.max() ?? 0, .leastNormalMagnitude)
      let priors = [entry.prior(initial)?.univariate, entry.prior(tuned)?.univariate]
      var tallest = 0.0
      for (index, prior) in priors.enumerated() {
        guard let prior else { continue }
        var points = places.map { (x: $0, y: value(prior, $0)) }.filter(\.y.isFinite)
        let height = points.reduce(0) { max($0, $1.y) }
        let factor = Self.magnification(of: height, below: top)
        points = points.map { ($0.x, factor * $0.y) }
        let name = index == 0 ? "initial prior" : "tuned prior"
        var line = SVGSeries(
          factor > 1 ? "\(name) × \(NumberText.significant(factor))" : name, points: points, colour: index == 0 ? -1 : 1
        )
        line.isDashed = index == 0
        plot.series.append(line)
        tallest = max(tallest, factor * height)
      }
      // A prior with a pole may not hide everything else; in large units densities are small.
      plot.y.range = .init(between: 0, and: max(top, min(1.08 * tallest, 3 * top)))
      plot.summary =
        "Densities of \(entry.parameter)\(entry.units.map { " (\($0.unit))" } ?? ""). The central 95 % of the posterior draws"
        + " lie between \(text(0.025)) and \(text(0.975)), their median is \(text(0.5))."
      return plot
    }

    /// What makes a prior that is far wider than the posterior visible beside it: a power of ten, or 1.
    private static func magnification(of height: Double, below top: Double) -> Double {
      guard height > 0, height < 0.03 * top, case let factor = pow(10, log10(0.5 * top / height).rounded(.down)),
        factor.isFinite
      else { return 1 }
      return factor
    }

    private func text(_ probability: Double) -> String {
      NumberText.significant(sampleQuantile(ofSorted: sorted, probability))
    }
  }
}
