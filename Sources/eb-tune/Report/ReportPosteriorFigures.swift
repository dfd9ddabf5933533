import Diagnostics
import Foundation
import Priors
import TuningIO

/// What the draws look like: parameters beside their priors, and the sampler's own records.
struct ReportPosteriorFigures {
  let draws: ReportDraws
  /// nil where they are not written.
  let priors: PriorExport?
  /// The posterior at the initial priors; nil where it was not kept.
  let initial: InitialPosterior?
  /// Whether the model sees data on a scale of its own.
  let isScaled: Bool

  private var knowsUnits: Bool { priors?.scaling != nil }
  private var scale: String {
    isScaled ? (knowsUnits ? "in the data's units" : "on the model's scale") : "of the parameters as they are"
  }

  /// The way of a parameter to the data's units; nil for other quantities, and for runs of earlier versions.
  private func units(of parameter: String) -> PriorExport.Units? {
    priors?.priors.first { $0.parameter == parameter }?.units
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
  var priorFigure: SVGFigure? {
    guard let export = priors else { return nil }
    var taken: [String: Int] = [:]
    let share = export.priors.count <= 12 ? 12 : 3
    let chosen = export.priors.indices.filter { index in
      taken[export.priors[index].block, default: 0] += 1
      return taken[export.priors[index].block, default: 0] <= share
    }
    let left = export.priors.count - chosen.count
    let before = initial
    return SVGFigure(
      name: "priors", title: "Prior against posterior, before and after tuning",
      caption:
        "Densities \(scale): the prior that tuning started from, the"
        + " tuned prior, and the posterior at the tuned prior (kernel estimate of \(draws.count) draws)"
        + (before.map { ", and at the initial prior (of \($0.draws) draws)." } ?? ".")
        + " A prior far wider than the posterior is drawn so many times higher as its name says."
        + (left > 0 ? " Shown are the first \(share) parameters of each block; \(left) more are left out." : ""),
      panels: chosen.compactMap { index in
        draws.names.firstIndex(of: export.priors[index].parameter).flatMap {
          Panel(
            export.priors[index], draws.values[$0], weights, before, unit: isScaled ? "value (model's scale)" : "value"
          ).plot
        }
      })
  }

  /// Names and columns of what the sampler's diagnostics are of, parameters in the data's units where these are known.
  private var quantities: [(name: String, unit: String, values: [Double])] {
    (draws.logDensity.map { [("log density", "nats", $0)] } ?? [])
      + zip(draws.names, draws.values).map { name, values in
        guard let units = units(of: name) else { return (name, "", values) }
        return (name, units.unit, values.map(units.undo))
      }
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
    let units = units(of: draws.names[apart])
    let step = max(1, draws.count / 1500)
    let usual = draws.thinned(to: 1500).filter { !isDivergent[$0] }
    let divergent = Array((0..<draws.count).filter { isDivergent[$0] }.prefix(500))
    func points(_ chosen: [Int]) -> [(x: Double, y: Double)] {
      chosen.map { (units?.undo(draws.values[apart][$0]) ?? draws.values[apart][$0], logDensity[$0]) }
    }
    var plot = SVGPlot.panel(
      "Divergent transitions",
      x: .init("\(draws.names[apart]) (\(units?.unit ?? (isScaled ? "model's scale" : "value")))"),
      y: .init("log density, nats"))
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
      DrawSummary(draws.byChain(quantity.values)).map { (quantity.name, quantity.unit, $0) }
    }.sorted { $0.2.rHat > $1.2.rHat }
    var table = ReportPageTable(
      all.count > most
        ? "Convergence of the \(most) quantities with the largest R-hat (of \(all.count)), \(scale)"
        : "Convergence of the draws, \(scale)",
      ["quantity"] + (knowsUnits ? ["unit"] : []) + [
        "#mean", "#standard deviation", "#5 %", "#95 %", "#R-hat", "#bulk ESS", "#tail ESS",
      ])
    for (name, unit, summary) in all.prefix(most) {
      table.append(
        [name] + (knowsUnits ? [unit] : []) + [
          NumberText.significant(summary.mean), NumberText.significant(summary.standardDeviation),
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
