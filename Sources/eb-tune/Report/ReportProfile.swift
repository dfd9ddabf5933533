import Diagnostics
import Experts
import Foundation
import LogDensities
import TuningIO

/// What a model predicts along one column of the data, the other columns taken as they occur together: averaged over rows.
struct ReportProfile: Sendable {
  /// A curve with its 95 % interval over the posterior.
  struct Curve: Sendable {
    var mean: [Double] = []
    var interval: [ClosedRange<Double>] = []
  }

  /// The regions that hold these shares of the predictive probability, each as small as can be.
  static let shares = [0.2, 0.4, 0.6, 0.8, 0.95]

  let column: String
  /// The levels of a column that is a factor, at 0, 1, 2, …; nil for a measured one.
  let levels: [String]?
  /// Values of the column, ascending.
  let places: [Double]
  /// The distance between neighbours: how wide each place is drawn.
  let width: Double
  /// The rows of the data that the others' values are taken from; 1 where there are no other columns.
  let backgrounds: Int
  /// For every share, at each place (by index) the intervals of its region, in the response's units.
  let regions: [[(place: Int, interval: ClosedRange<Double>)]]
  /// E[Y | x, θ], in the response's units.
  let mean: Curve
  /// α_i(x) of every expert.
  let allocation: [Curve]
  /// 1 − β(x), the weight of collaboration; nil where the model has no choice.
  let collaboration: Curve?

  init(of column: String, _ model: ReportModel) throws {
    let study = model.run.study
    let data = study.columns
    let (places, width) = Self.grid(
      try data.column(column), allowed: data.allowedValues(of: column), isAlone: data.columnNames.count == 1)
    levels = data.levels(of: column)
    (self.column, self.places, self.width) = (column, places, width)
    let count = data.columnNames.count > 1 ? min(24, data.rows) : 1
    backgrounds = count
    let chosen = (0..<count).map { ($0 * data.rows + data.rows / 2) / count }
    let source = try data.replacing { name in
      let values = try data.column(name)
      return places.flatMap { place in chosen.map { name == column ? place : values[$0] } }
    }
    let number = places.count * count
    let rows = ExpertRows(
      try study.designs.expert.matrix(for: source, rows: number),
      try study.designs.gate.matrix(for: source, rows: number),
      response: [Double](repeating: 0, count: number))
    regions = try Self.regions(of: rows, each: count, model)
    (mean, allocation, collaboration) = Self.curves(of: rows, each: count, model)
  }

  /// The values that occur where they are few or no others are allowed, else equidistant ones from the smallest to the
  /// largest.
  private static func grid(
    _ observed: [Double], allowed: [Double]?, isAlone: Bool
  ) -> (places: [Double], width: Double) {
    let distinct = allowed ?? Set(observed).sorted()
    if allowed != nil || distinct.count <= 31 {
      let gap = zip(distinct, distinct.dropFirst()).map { $1 - $0 }.min() ?? 1
      return (distinct, gap)
    }
    let (low, high) = (distinct[0], distinct[distinct.count - 1])
    let count = isAlone ? 120 : 60
    let step = (high - low) / Double(count - 1)
    return ((0..<count).map { low + Double($0) * step }, step)
  }

  private static func regions(
    of rows: ExpertRows, each count: Int, _ model: ReportModel
  ) throws -> [[(place: Int, interval: ClosedRange<Double>)]] {
    let scaling = model.run.study.scaling
    let responses = model.run.study.training.response
    let (low, high) = (responses.min() ?? -1, responses.max() ?? 1)
    let cells = count == 1 ? 280 : 160
    let (start, step) = (low - 0.2 * (high - low), 1.4 * (high - low) / Double(cells))
    let grid = (0..<cells).map { start + (Double($0) + 0.5) * step }
    var densities = [[Double]](repeating: [Double](repeating: 0, count: grid.count), count: rows.count / count)
    try model.predictive(of: rows, draws: 160).forEachMixture { row, mixture in
      for (index, y) in grid.enumerated() { densities[row / count][index] += exp(mixture.logDensity(at: y)) }
    }
    return shares.map { share in
      densities.enumerated().flatMap { place, density in
        intervals(of: density, holding: share).map { cells in
          let (first, last) = (start + Double(cells.lowerBound) * step, start + Double(cells.upperBound) * step)
          return (place, ClosedRange(between: scaling.undo(first), and: scaling.undo(last)))
        }
      }
    }
  }

  /// The cells with the highest density that together hold a share of it all, as runs of neighbours.
  private static func intervals(of density: [Double], holding share: Double) -> [Range<Int>] {
    let total = density.reduce(0, +)
    guard total > 0 else { return [] }
    var (held, isInside) = (0.0, [Bool](repeating: false, count: density.count))
    for index in density.indices.sorted(by: { density[$0] > density[$1] }) where held < share * total {
      isInside[index] = true
      held += density[index]
    }
    var (runs, start) = ([Range<Int>](), Int?.none)
    for index in 0...density.count {
      let inside = index < density.count && isInside[index]
      if inside, start == nil { start = index }
      if !inside, let first = start {
        runs.append(first..<index)
        start = nil
      }
    }
    return runs
  }

  /// Each draw's curve, averaged over the rows of a place, then summarised over draws.
  private static func curves(
    of rows: ExpertRows, each count: Int, _ model: ReportModel
  ) -> (mean: Curve, allocation: [Curve], collaboration: Curve?) {
    let (architecture, scaling) = (model.architecture, model.run.study.scaling)
    let likelihood = ExpertLikelihood(
      architecture: architecture, expertFeatures: rows.expertFeatures, gateFeatures: rows.gateFeatures,
      response: rows.response)
    let (experts, number, places) = (architecture.experts, rows.count, rows.count / count)
    let (draws, weights) = model.curveDraws(400)
    var values = [[[Double]]](
      repeating: Array(repeating: [], count: places), count: experts + 2)
    var (alpha, mu) = ([Double](repeating: 0, count: experts * number), [Double](repeating: 0, count: experts * number))
    var beta = [Double](repeating: 0, count: number)
    for draw in draws {
      var a = alpha.mutableSpan
      var m = mu.mutableSpan
      var b = beta.mutableSpan
      likelihood.components(at: model.position(draw).span, weights: &a, means: &m, behaviour: &b)
      for place in 0..<places {
        var sums = [Double](repeating: 0, count: experts + 2)
        for row in place * count..<(place + 1) * count {
          for expert in 0..<experts {
            sums[expert] += alpha[expert * number + row]
            sums[experts] += alpha[expert * number + row] * mu[expert * number + row]
          }
          sums[experts + 1] += 1 - beta[row]
        }
        for (quantity, sum) in sums.enumerated() { values[quantity][place].append(sum / Double(count)) }
      }
    }
    let summaries = values.map { quantity in
      quantity.reduce(into: Curve()) { curve, values in
        curve.mean.append(zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 })
        curve.interval.append(interval(of: values, weights))
      }
    }
    var mean = summaries[experts]
    mean.mean = scaling.undo(mean.mean)
    mean.interval = mean.interval.map { .init(between: scaling.undo($0.lowerBound), and: scaling.undo($0.upperBound)) }
    return (
      mean, Array(summaries[..<experts]), architecture.combination == .cocoafuse ? summaries[experts + 1] : nil
    )
  }

  /// The 2.5 and 97.5 % quantiles of weighted values.
  private static func interval(of values: [Double], _ weights: [Double]) -> ClosedRange<Double> {
    let order = values.indices.sorted { values[$0] < values[$1] }
    func quantile(_ probability: Double) -> Double {
      var sum = 0.0
      for index in order {
        sum += weights[index]
        if sum >= probability { return values[index] }
      }
      return order.last.map { values[$0] } ?? 0
    }
    let (low, high) = (quantile(0.025), quantile(0.975))
    return .init(between: low, and: high)
  }
}
