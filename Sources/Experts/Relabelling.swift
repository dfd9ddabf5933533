import LogDensities

/// Draws of exchangeable experts renumbered so that expert i means one thing in all of them, for reports.
///
/// Each draw is a set of M points, one an expert: its means at some rows, standardised, and ln σ. The draw
/// takes the permutation nearest to a pivot (the mean of the renumbered draws), to a fixed point: the k-means-like
/// algorithm of Stephens (2000, "Dealing with label switching in mixture models"), from several draws as first pivot.
public struct Relabelling: Sendable {
  /// The most experts that draws are renumbered for.
  public static let mostExperts = 12
  /// The renumbered positions, draw by draw.
  public let positions: [Double]
  /// For each draw the permutation: place k got expert `permutations[draw][k]`.
  public let permutations: [[Int]]
  /// The share of draws whose second-best permutation is nearly as good: its distance is less than 1.25 times the best's.
  public let ambiguity: Double
  /// The mean of the renumbered draws: hand it on to number later draws in the same way.
  public let labelling: Labelling

  /// Renumbers draws.
  /// - Parameters:
  ///   - draws: Positions, draw by draw (a multiple of the architecture's dimension).
  ///   - expertFeatures: Some rows of expert features, where experts' means are compared; 20 are plenty.
  ///   - labelling: What draws are renumbered towards, from an earlier renumbering with the same rows; nil finds a pivot.
  /// A cancelled task gives a numbering that is unfinished.
  /// - Throws: `ModelError` for more than 12 experts.
  public init(
    _ draws: [Double], of architecture: ExpertArchitecture, expertFeatures: [[Double]], to labelling: Labelling? = nil
  ) throws(ModelError) {
    guard architecture.experts <= Self.mostExperts else {
      throw .invalid("Relabelling is limited to \(Self.mostExperts) experts, found \(architecture.experts).")
    }
    let known = labelling.flatMap { Self.fits($0, architecture, rows: expertFeatures.count) ? $0 : nil }
    let points = ExpertPoints(draws, of: architecture, expertFeatures: expertFeatures, like: known)
    var best: (cost: Double, permutations: [[Int]], pivot: [Double]) = (.infinity, [], known?.pivot ?? [])
    if points.draws > 0 {
      if let known {
        best = points.renumbered(to: known.pivot)
      } else {
        for start in Set((0..<8).map { $0 * points.draws / 8 }).sorted() {
          let found = points.fixedPoint(from: start)
          if found.cost < best.cost { best = found }
        }
      }
    }
    var positions = draws
    let d = architecture.dimension
    for (draw, permutation) in best.permutations.enumerated() {
      var position = Array(draws[draw * d..<(draw + 1) * d])
      var span = position.mutableSpan
      architecture.permute(&span, by: permutation)
      positions.replaceSubrange(draw * d..<(draw + 1) * d, with: position)
    }
    self.positions = positions
    permutations = best.permutations
    ambiguity = best.permutations.isEmpty ? 0 : points.ambiguity(known?.pivot ?? best.pivot)
    self.labelling = Labelling(pivot: best.pivot, centre: points.centre, factor: points.factor)
  }

  private static func fits(_ labelling: Labelling, _ architecture: ExpertArchitecture, rows: Int) -> Bool {
    labelling.pivot.count == architecture.experts * (rows + 1) && labelling.factor.count == rows + 1
  }
}

/// The draws as points: draw × expert × coordinate.
private struct ExpertPoints {
  let draws: Int
  let experts: Int
  let width: Int
  var values: [Double]
  var centre: [Double]
  var factor: [Double]

  init(
    _ positions: [Double], of architecture: ExpertArchitecture, expertFeatures rows: [[Double]], like known: Labelling?
  ) {
    let d = architecture.dimension
    draws = positions.count / d
    experts = architecture.experts
    width = rows.count + 1
    centre = known?.centre ?? [Double](repeating: 0, count: width)
    factor = known?.factor ?? [Double](repeating: 1, count: width)
    values = []
    values.reserveCapacity(draws * experts * width)
    for draw in 0..<draws {
      for expert in 0..<experts {
        let intercept = positions[draw * d + architecture.intercepts.lowerBound + expert]
        let slopes = architecture.slopes(of: expert)
        for row in rows {
          values.append(zip(row, slopes).reduce(intercept) { $0 + $1.0 * positions[draw * d + $1.1] })
        }
        values.append(positions[draw * d + architecture.logSigmas.lowerBound + expert])
      }
    }
    if known == nil { measure() }
    for entry in values.indices {
      let column = entry % width
      values[entry] = (values[entry] - centre[column]) * factor[column]
    }
  }

  /// Every row's means get the variance 1 / rows, so that all together are comparable to ln σ, which is dimensionless and
  /// stays: standardised too, a ln σ that experts share would be noise of full weight. A constant column weighs nothing.
  private mutating func measure() {
    let count = Double(draws * experts)
    for column in 0..<width - 1 {
      let entries = stride(from: column, to: values.count, by: width)
      let mean = entries.reduce(0.0) { $0 + values[$1] } / count
      let variance = entries.reduce(0.0) { $0 + (values[$1] - mean) * (values[$1] - mean) } / count
      centre[column] = mean
      factor[column] = variance > 0 ? 1 / (variance * Double(width - 1)).squareRoot() : 0
    }
  }

  private func squaredDistance(_ draw: Int, _ expert: Int, _ pivot: [Double], _ place: Int) -> Double {
    let start = (draw * experts + expert) * width
    return (0..<width).reduce(0.0) { sum, i in
      let difference = values[start + i] - pivot[place * width + i]
      return sum + difference * difference
    }
  }

  /// Renumbers to the pivot, and the pivot to the renumbered draws, until nothing changes.
  func fixedPoint(from start: Int) -> (cost: Double, permutations: [[Int]], pivot: [Double]) {
    let size = experts * width
    var pivot = Array(values[start * size..<(start + 1) * size])
    var permutations: [[Int]] = []
    var cost = 0.0
    for _ in 0..<100 {
      let previous = permutations
      let next: [Double]
      (cost, permutations, next) = renumbered(to: pivot)
      if permutations == previous || Task.isCancelled { break }
      pivot = next
    }
    return (cost, permutations, pivot)
  }

  /// Every draw renumbered to a pivot, and the mean of them.
  func renumbered(to pivot: [Double]) -> (cost: Double, permutations: [[Int]], pivot: [Double]) {
    var permutations: [[Int]] = []
    var cost = 0.0
    var sum = [Double](repeating: 0, count: experts * width)
    for draw in 0..<draws {
      let best = Assignment(costs(of: draw, to: pivot))
      permutations.append(best.permutation)
      cost += best.cost
      for place in 0..<experts {
        let from = (draw * experts + best.permutation[place]) * width
        for i in 0..<width { sum[place * width + i] += values[from + i] }
      }
    }
    return (cost, permutations, sum.map { $0 / Double(draws) })
  }

  /// The share of draws whose second-best permutation to the pivot is nearly as good as the best.
  func ambiguity(_ pivot: [Double]) -> Double {
    guard experts > 1, draws > 0 else { return 0 }
    let ambiguous = (0..<draws).count { draw in
      guard !Task.isCancelled else { return false }
      let costs = costs(of: draw, to: pivot)
      let best = Assignment(costs)
      return best.secondCost(costs) < 1.25 * best.cost
    }
    return Double(ambiguous) / Double(draws)
  }

  private func costs(of draw: Int, to pivot: [Double]) -> [[Double]] {
    (0..<experts).map { place in (0..<experts).map { squaredDistance(draw, $0, pivot, place) } }
  }
}
