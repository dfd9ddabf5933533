import LogDensities

/// Draws of exchangeable experts renumbered so that expert i means one thing in all of them, for reports.
///
/// Each draw is a set of M points, one an expert: its means at some rows, standardised, and ln σ. The draw
/// takes the permutation nearest to a pivot (the mean of the renumbered draws), to a fixed point: the k-means-like
/// algorithm of Stephens (2000, "Dealing with label switching in mixture models"), from several draws as first pivot.
public struct Relabelling: Sendable {
  /// The most experts that draws are renumbered for.
  public static let mostExperts = Assignment.largest
  /// The renumbered positions, draw by draw.
  public let positions: [Double]
  /// For each draw the permutation: place k got expert `permutations[draw][k]`.
  public let permutations: [[Int]]
  /// The share of draws whose second-best permutation is nearly as good: its distance is less than 1.25 times the best's.
  public let ambiguity: Double

  /// Renumbers draws.
  /// - Parameters:
  ///   - draws: Positions, draw by draw (a multiple of the architecture's dimension).
  ///   - expertFeatures: Some rows of expert features, where experts' means are compared; 20 are plenty.
  /// - Throws: `ModelError` for more than 12 experts.
  public init(
    _ draws: [Double], of architecture: ExpertArchitecture, expertFeatures: [[Double]]
  ) throws(ModelError) {
    guard architecture.experts <= Assignment.largest else {
      throw .invalid("Relabelling is limited to \(Assignment.largest) experts, found \(architecture.experts).")
    }
    let points = ExpertPoints(draws, of: architecture, expertFeatures: expertFeatures)
    let starts = points.draws > 0 ? Set((0..<8).map { $0 * points.draws / 8 }).sorted() : []
    var best: (cost: Double, permutations: [[Int]], ambiguity: Double) = (.infinity, [], 0)
    for start in starts {
      let found = points.fixedPoint(from: start)
      if found.cost < best.cost { best = found }
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
    ambiguity = best.ambiguity
  }
}

/// The draws as points: draw × expert × coordinate.
private struct ExpertPoints {
  let draws: Int
  let experts: Int
  let width: Int
  var values: [Double]

  init(_ positions: [Double], of architecture: ExpertArchitecture, expertFeatures rows: [[Double]]) {
    let d = architecture.dimension
    draws = positions.count / d
    experts = architecture.experts
    width = rows.count + 1
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
    standardise()
  }

  /// Every row's means get the variance 1 / rows, so that all together are comparable to ln σ, which is dimensionless and
  /// stays: standardised too, a ln σ that experts share would be noise of full weight. A constant column weighs nothing.
  private mutating func standardise() {
    let count = Double(draws * experts)
    for column in 0..<width - 1 {
      let entries = stride(from: column, to: values.count, by: width)
      let mean = entries.reduce(0.0) { $0 + values[$1] } / count
      let variance = entries.reduce(0.0) { $0 + (values[$1] - mean) * (values[$1] - mean) } / count
      let factor = variance > 0 ? 1 / (variance * Double(width - 1)).squareRoot() : 0
      for entry in entries { values[entry] = (values[entry] - mean) * factor }
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
  func fixedPoint(from start: Int) -> (cost: Double, permutations: [[Int]], ambiguity: Double) {
    let size = experts * width
    var pivot = Array(values[start * size..<(start + 1) * size])
    var permutations: [[Int]] = []
    var cost = 0.0
    var ambiguous = 0
    for _ in 0..<100 {
      let previous = permutations
      permutations = []
      cost = 0
      ambiguous = 0
      var sum = [Double](repeating: 0, count: size)
      for draw in 0..<draws {
        let costs = (0..<experts).map { place in (0..<experts).map { squaredDistance(draw, $0, pivot, place) } }
        let best = Assignment(costs)
        permutations.append(best.permutation)
        cost += best.cost
        if experts > 1 && best.secondCost(costs) < 1.25 * best.cost { ambiguous += 1 }
        for place in 0..<experts {
          let from = (draw * experts + best.permutation[place]) * width
          for i in 0..<width { sum[place * width + i] += values[from + i] }
        }
      }
      pivot = sum.map { $0 / Double(draws) }
      if permutations == previous { break }
    }
    return (cost, permutations, Double(ambiguous) / Double(draws))
  }
}

/// The permutation of least total cost, exactly, by dynamic programming over subsets.
struct Assignment {
  /// The largest problem that is solved.
  static let largest = 12

  /// Place k gets `permutation[k]`.
  let permutation: [Int]
  /// The sum of the chosen costs.
  let cost: Double

  /// `costs[k][i]` is the cost of i in place k; +∞ forbids.
  init(_ costs: [[Double]]) {
    let n = costs.count
    var table = [Double](repeating: .infinity, count: 1 << n)
    var choice = [Int](repeating: 0, count: 1 << n)
    table[0] = 0
    for subset in 1..<max(1, 1 << n) {
      let row = costs[subset.nonzeroBitCount - 1]
      for i in 0..<n where subset & (1 << i) != 0 {
        let candidate = table[subset ^ (1 << i)] + row[i]
        if candidate < table[subset] {
          table[subset] = candidate
          choice[subset] = i
        }
      }
    }
    var result = [Int](repeating: 0, count: n)
    var subset = (1 << n) - 1
    cost = table[subset]
    for place in (0..<n).reversed() {
      // Where every way is forbidden no choice was made; the lowest that is left keeps this a permutation.
      let i = subset & (1 << choice[subset]) != 0 ? choice[subset] : subset.trailingZeroBitCount
      result[place] = i
      subset ^= 1 << i
    }
    permutation = result
  }

  /// The least cost of any other permutation: one of the chosen pairs has to be broken.
  func secondCost(_ costs: [[Double]]) -> Double {
    permutation.enumerated().reduce(.infinity) { least, pair in
      var forbidden = costs
      forbidden[pair.offset][pair.element] = .infinity
      return min(least, Assignment(forbidden).cost)
    }
  }
}
