import Diagnostics
import Foundation
import Priors
import TuningIO

/// What the draws look like: parameters beside their priors, and the sampler's own records.
struct ReportPosteriorFigures {
  let run: ReportRun
  let draws: ReportDraws

  init?(_ run: ReportRun) {
    guard let draws = run.draws else { return nil }
    self.run = run
    self.draws = draws
  }

  private var weights: [Double]? {
    draws.logWeights.map { logs in
      let largest = logs.max() ?? 0
      let weights = logs.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }

  /// Priors before and after tuning with the posterior, for the first parameters of every block.
  var priors: SVGFigure? {
    guard let export = run.priors else { return nil }
    var taken: [String: Int] = [:]
    let share = export.priors.count <= 12 ? 12 : 3
    let chosen = export.priors.indices.filter { index in
      taken[export.priors[index].block, default: 0] += 1
      return taken[export.priors[index].block, default: 0] <= share
    }
    let left = export.priors.count - chosen.count
    return SVGFigure(
      name: "priors", title: "Prior against posterior, before and after tuning",
      caption:
        "Densities on the model's scale: the prior that tuning started from, the tuned prior, and the posterior at the"
        + " tuned prior (kernel estimate of \(draws.count) draws)."
        + (left > 0 ? " Shown are the first \(share) parameters of each block; \(left) more are left out." : ""),
      panels: chosen.compactMap { panel(export.priors[$0], draws.values[$0]) })
  }

  private func panel(_ entry: PriorExport.Entry, _ values: [Double]) -> SVGPlot? {
    let sorted = values.sorted()
    let (low, high) = (sampleQuantile(ofSorted: sorted, 0.002), sampleQuantile(ofSorted: sorted, 0.998))
    guard high > low, (high - low).isFinite else { return nil }
    let isPositive = ReportDensity.isPositive(entry)
    if isPositive, low > 0, high > 30 * low { return logarithmicPanel(entry, values, low...high) }
    // As far as the tuned prior has much of its mass, but no further than a few widths of the posterior.
    let room = 2.5 * (high - low)
    let scale = entry.hyperparameters.last { $0.name == "scale" }?.tuned ?? 0
    let reach = min(max(2 * scale, 0.25 * (high - low)), room)
    let centre = entry.hyperparameters.first { $0.name == "location" }?.tuned ?? 0
    var (start, end) =
      isPositive
      ? (max(0, low - 0.4 * (high - low)), high + 0.6 * (high - low))
      : (
        min(low - 0.15 * (high - low), max(centre - reach, low - room)),
        max(high + 0.15 * (high - low), min(centre + reach, high + room))
      )
    if isPositive, start < 0.3 * high { start = 0 }
    if !(end > start) { end = start + 1 }
    let places = (0...160).map { start + (end - start) * Double($0) / 160 }
    return panel(
      entry, x: .init("value (model's scale)", range: .init(between: start, and: end)), y: "density", places,
      ReportDensity.kernel(values, weights: weights, at: places, isPositive: isPositive),
      sorted
    ) { prior, place in exp(prior.logDensity(ofValue: place)) }
  }

  /// For a positive parameter over orders of magnitude: densities of its logarithm.
  private func logarithmicPanel(
    _ entry: PriorExport.Entry, _ values: [Double], _ range: ClosedRange<Double>
  ) -> SVGPlot {
    let (start, end) = (log(range.lowerBound / 1.5), log(range.upperBound * 1.5))
    let places = (0...160).map { start + (end - start) * Double($0) / 160 }
    return panel(
      entry,
      x: .init("value (model's scale, log axis)", isLogarithmic: true, range: exp(start)...exp(end)),
      y: "density of the logarithm", places.map { exp($0) },
      ReportDensity.kernel(values.map { log($0) }, weights: weights, at: places, isPositive: false), values.sorted()
    ) { prior, place in exp(prior.logDensity(ofValue: place)) * place }
  }

  private func panel(
    _ entry: PriorExport.Entry, x: SVGPlot.Axis, y: String, _ places: [Double], _ density: [Double], _ sorted: [Double],
    prior value: (any UnivariatePrior, Double) -> Double
  ) -> SVGPlot {
    var plot = SVGPlot.panel(entry.parameter, x: x, y: .init(y), height: 240)
    plot.y.padding = 0
    plot.series = [SVGSeries("posterior", .area, points: Array(zip(places, density)).map { ($0.0, $0.1) }, colour: 0)]
    let priors = [ReportDensity.prior(entry, \.initial), ReportDensity.prior(entry, \.tuned)]
    for (index, prior) in priors.enumerated() {
      guard let prior else { continue }
      let points = places.map { ($0, value(prior, $0)) }.filter(\.1.isFinite)
      var line = SVGSeries(index == 0 ? "initial prior" : "tuned prior", points: points, colour: index == 0 ? -1 : 1)
      line.isDashed = index == 0
      plot.series.append(line)
    }
    // A prior with a pole may not hide everything else.
    let top = max(1.08 * (density.max() ?? 1), 1e-12)
    let tallest = plot.series.dropFirst().flatMap { $0.points.map(\.y) }.max() ?? 0
    plot.y.range = .init(between: 0, and: max(top, min(1.08 * tallest, 3 * top)))
    plot.summary =
      "Densities of \(entry.parameter). The central 95 % of the posterior draws lie between"
      + " \(NumberText.significant(sampleQuantile(ofSorted: sorted, 0.025))) and"
      + " \(NumberText.significant(sampleQuantile(ofSorted: sorted, 0.975))), their median is \(NumberText.significant(sampleQuantile(ofSorted: sorted, 0.5)))."
    return plot
  }

  /// Names and columns of what the sampler's diagnostics are of.
  private var quantities: [(name: String, values: [Double])] {
    (draws.logDensity.map { [("log density", $0)] } ?? []) + zip(draws.names, draws.values).map { ($0, $1) }
  }

  /// Ranks by chain of the quantities whose chains agree least.
  var ranks: SVGFigure? {
    guard draws.chains > 1, draws.drawsPerChain >= 20 else { return nil }
    let judged = quantities.map { ($0, RHat.rankNormalised(draws.byChain($0.values))) }
    let chosen = judged.sorted { $0.1 > $1.1 }.prefix(6)
    return SVGFigure(
      name: "ranks", title: "Rank plots by chain",
      caption:
        "Ranks of each chain's draws among all draws, in 20 bins; chains that agree are all level at 1. Shown are the"
        + " quantities with the largest R-hat. The dashed lines hold 99 % of independent draws in a bin; draws that depend on"
        + " their neighbours wander further.",
      panels: chosen.map { ranks(of: $0.0.name, $0.0.values, rHat: $0.1) })
  }

  private func ranks(of name: String, _ values: [Double], rHat: Double) -> SVGPlot {
    let bins = 20
    let order = values.indices.sorted { values[$0] < values[$1] }
    var counts = [[Double]](repeating: [Double](repeating: 0, count: bins), count: draws.chains)
    let expected = Double(draws.drawsPerChain) / Double(bins)
    for (rank, draw) in order.enumerated() {
      counts[draw / draws.drawsPerChain][rank * bins / values.count] += 1 / expected
    }
    var plot = SVGPlot.panel(
      "\(name), R-hat \(NumberText.fixed(rHat, digits: 3))", x: .init("rank among all draws, as a share", range: 0...1),
      y: .init("draws over expected"), height: 230)
    let error = 2.576 * ((1 - 1 / Double(bins)) * (1 - 1 / Double(draws.chains)) / expected).squareRoot()
    plot.marks = [.init(1), .init(1 - error), .init(1 + error)]
    let largest = max(counts.joined().max() ?? 2, 1 + 1.3 * error)
    plot.y.range = .init(between: max(0, min(counts.joined().min() ?? 0, 1 - 1.3 * error) - 0.05), and: largest + 0.05)
    plot.series = counts.enumerated().map { chain, counts in
      let points = (0...bins).map { (Double($0) / Double(bins), counts[min($0, bins - 1)]) }
      var series = SVGSeries("chain \(chain + 1)", .steps, points: points, colour: chain)
      series.width = 1.6
      return series
    }
    plot.summary = "Histograms of the ranks of \(name) in \(draws.chains) chains."
    return plot
  }

  /// The energy's own distribution beside that of its changes.
  var energy: SVGFigure? {
    guard let energy = draws.energy, draws.drawsPerChain > 1 else { return nil }
    let chains = draws.byChain(energy)
    let mean = energy.reduce(0, +) / Double(energy.count)
    let centred = energy.map { $0 - mean }
    let changes = chains.flatMap { chain in zip(chain, chain.dropFirst()).map { $1 - $0 } }
    let extent = max(centred.map(abs).max() ?? 1, 1e-9)
    let places = (0...160).map { -extent + 2 * extent * Double($0) / 160 }
    func curve(_ values: [Double]) -> [(x: Double, y: Double)] {
      Array(zip(places, ReportDensity.kernel(values, weights: nil, at: places, isPositive: false))).map { ($0.0, $0.1) }
    }
    var plot = SVGPlot.panel("Energy of the sampler", x: .init("energy − mean, nats"), y: .init("density"))
    plot.y.padding = 0
    plot.series = [
      SVGSeries("energy", .area, points: curve(centred), colour: 0),
      SVGSeries("change from draw to draw", points: curve(changes), colour: 1),
    ]
    plot.y.range = .init(between: 0, and: 1.08 * max(plot.series.flatMap { $0.points.map(\.y) }.max() ?? 1, 1e-12))
    let worst = EBFMI.perChain(energies: chains).min() ?? 0
    plot.summary =
      "Densities of the energy and of its changes; the smallest E-BFMI is \(NumberText.fixed(worst, digits: 2))."
    return SVGFigure(
      name: "energy", title: "Energy",
      caption:
        "Where the changes are much narrower than the energy itself, the sampler explores the tails slowly (E-BFMI"
        + " below 0.3). The smallest E-BFMI is \(NumberText.fixed(worst, digits: 2)).",
      panels: [plot])
  }

  /// Where transitions diverged, along the parameter that tells them best from the others; nil where none did.
  var divergences: SVGFigure? {
    guard let isDivergent = draws.isDivergent, let logDensity = draws.logDensity,
      isDivergent.contains(true), isDivergent.contains(false)
    else { return nil }
    let apart = draws.values.indices.max { separation($0, isDivergent) < separation($1, isDivergent) } ?? 0
    let step = max(1, draws.count / 1500)
    let usual = draws.thinned(to: 1500).filter { !isDivergent[$0] }
    let divergent = Array((0..<draws.count).filter { isDivergent[$0] }.prefix(500))
    func points(_ chosen: [Int]) -> [(x: Double, y: Double)] {
      chosen.map { (draws.values[apart][$0], logDensity[$0]) }
    }
    var plot = SVGPlot.panel(
      "Divergent transitions", x: .init("\(draws.names[apart]) (model's scale)"), y: .init("log density, nats"))
    var cloud = SVGSeries("draws", .points(.disc, radius: 1.4), points: points(usual), colour: -1)
    cloud.opacity = 0.5
    plot.series = [
      cloud, SVGSeries("divergent", .points(.triangle, radius: 4), points: points(divergent), colour: 1),
    ]
    let count = isDivergent.count { $0 }
    plot.summary = "\(count) of \(draws.count) transitions diverged."
    return SVGFigure(
      name: "divergences", title: "Divergences",
      caption:
        "\(count) of \(draws.count) transitions diverged. The parameter is the one in which their ends differ most from"
        + " other draws: a cluster shows which part of the posterior may be missing."
        + (step > 1 ? " One of \(step) other draws is drawn." : ""),
      panels: [plot])
  }

  /// How far the means of divergent and other draws lie apart, in standard deviations.
  private func separation(_ parameter: Int, _ isDivergent: [Bool]) -> Double {
    let values = draws.values[parameter]
    let mean = values.reduce(0, +) / Double(values.count)
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    let divergent = zip(values, isDivergent).filter(\.1).map(\.0)
    guard deviation > 0, !divergent.isEmpty else { return 0 }
    return abs(divergent.reduce(0, +) / Double(divergent.count) - mean) / deviation
  }

  /// R-hat and effective sample sizes, the most doubtful first.
  var table: ReportPageTable {
    let most = 40
    let all = quantities.compactMap { quantity in
      DrawSummary(draws.byChain(quantity.values)).map { (quantity.name, $0) }
    }.sorted { $0.1.rHat > $1.1.rHat }
    var table = ReportPageTable(
      all.count > most
        ? "Convergence of the \(most) quantities with the largest R-hat (of \(all.count)), on the model's scale"
        : "Convergence of the draws, on the model's scale",
      ["quantity", "#mean", "#standard deviation", "#5 %", "#95 %", "#R-hat", "#bulk ESS", "#tail ESS"])
    for (name, summary) in all.prefix(most) {
      table.append([
        name, NumberText.significant(summary.mean), NumberText.significant(summary.standardDeviation),
        NumberText.significant(summary.lower), NumberText.significant(summary.upper),
        NumberText.fixed(summary.rHat, digits: 3), NumberText.fixed(summary.bulkSampleSize, digits: 0),
        NumberText.fixed(summary.tailSampleSize, digits: 0),
      ])
    }
    return table
  }

  /// What the sampler recorded, by chain; nil where it recorded nothing.
  var chains: ReportPageTable? {
    guard let isDivergent = draws.isDivergent else { return nil }
    let fractions = draws.energy.map { EBFMI.perChain(energies: draws.byChain($0)) }
    var table = ReportPageTable(
      "The sampler by chain",
      ["chain", "#draws", "#divergent", "#largest tree depth", "#step size", "#E-BFMI"])
    for chain in 0..<draws.chains {
      let range = chain * draws.drawsPerChain..<(chain + 1) * draws.drawsPerChain
      table.append([
        "\(chain + 1)", "\(draws.drawsPerChain)", "\(isDivergent[range].count { $0 })",
        draws.treeDepth.flatMap { $0[range].max() }.map { NumberText.significant($0) } ?? "–",
        draws.stepSize.flatMap { $0[range].last }.map { NumberText.significant($0) } ?? "–",
        fractions.map { NumberText.fixed($0[chain], digits: 2) } ?? "–",
      ])
    }
    return table
  }
}
