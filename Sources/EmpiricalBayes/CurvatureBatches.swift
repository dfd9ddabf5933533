import LogDensities
import Sampling

/// −∇² of the objective at λ from draws, and from consecutive batches of them: what their spread says of its Monte Carlo error.
///
/// A smallest eigenvalue above 0 may be luck. Batches within chains keep autocorrelation in the count.
struct CurvatureBatches: Sendable {
  /// The Hessian of all draws.
  let local: LocalQuadratic
  /// The Hessian's share of each batch, by rows: they sum to the Hessian without the hyperpriors' part.
  private let batches: [[Double]]
  private let dimension: Int

  /// The number of batches that is aimed at: enough for a standard error within 15 %.
  private static let target = 24

  init<Model: HierarchicalModel>(
    _ draws: WeightedSample, _ evaluated: EvaluatedDraws, of model: Model, at lambda: Hyperparameters,
    objective: Objective
  ) {
    let sample = draws.sample
    let statistics = draws.priorStatistics(of: model, for: lambda)
    let weights = evaluated.weights?.values ?? [Double](repeating: 1 / Double(sample.count), count: sample.count)
    let local = LocalQuadratic(
      model, at: lambda, statistics: statistics,
      table: PriorTable(logPrior: evaluated.logPrior, scores: evaluated.scores), weights: weights,
      logEntropies: evaluated.entropy?.logEntropy ?? [], objective: objective)

    let factors = Self.tilted(weights, evaluated, gamma: objective.entropyWeight)
    let centred = evaluated.scores.map { score in
      let mean = evaluated.weighted(score)
      return score.map { $0 - mean }
    }
    let width = statistics.count / sample.count
    batches = Self.ranges(chains: sample.chains, drawsPerChain: sample.drawsPerChain).map { range in
      var hessian = model.priorCurvature(
        of: Array(statistics[range.lowerBound * width..<range.upperBound * width]), draws: range.count,
        weights: Array(factors[range]), given: lambda)
      let q = centred.count
      for row in 0..<q {
        for column in 0..<q {
          for draw in range { hessian[row * q + column] += factors[draw] * centred[row][draw] * centred[column][draw] }
        }
      }
      return hessian
    }
    self.local = local
    dimension = lambda.coordinates.count
  }

  /// J over some of the coordinates.
  func information(over free: [Int]) -> SymmetricMatrix {
    SymmetricMatrix(
      dimension: free.count, elements: free.flatMap { row in free.map { -local.hessian[row * dimension + $0] } })
  }

  /// Those of the coordinates over which J is positive definite by two standard errors. While it is not, the coordinate with
  /// the largest part in the doubtful direction is left out.
  func clearlyPositive(among coordinates: [Int]) -> [Int] {
    var free = coordinates
    while let (share, direction) = smallest(over: free), !(share.value > 2 * share.standardError) {
      let largest = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) }
      free.remove(at: largest ?? 0)
    }
    return free.isEmpty || information(over: free).cholesky() == nil ? [] : free
  }

  /// The smallest eigenvalue of J over some coordinates in units of the expected information, with the standard error of
  /// the quadratic form along its eigenvector, and that eigenvector in units of 1/√information; nil where there is none.
  func smallest(over free: [Int]) -> (share: Estimate, direction: [Double])? {
    guard !free.isEmpty else { return nil }
    let scales = free.map { 1 / max(local.information[$0], 1e-300).squareRoot() }
    let scaled = free.indices.flatMap { row in
      free.indices.map { -local.hessian[free[row] * dimension + free[$0]] * scales[row] * scales[$0] }
    }
    guard let eigen = SymmetricMatrix(dimension: free.count, elements: scaled).eigen(), let value = eigen.values.first
    else { return nil }
    let direction = zip(eigen.vectors.prefix(free.count), scales).map { $0 * $1 }
    let parts = batches.map { batch in
      var sum = 0.0
      for (row, i) in free.enumerated() {
        for (column, j) in free.enumerated() { sum -= direction[row] * direction[column] * batch[i * dimension + j] }
      }
      return sum
    }
    // The Hessian is the sum of the batches, so the variance of a batch counts as often as there are batches.
    let count = Double(parts.count)
    let mean = parts.reduce(0, +) / count
    let variance = parts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
    let share = Estimate(value: value, standardError: (count * variance).squareRoot())
    return (share, Array(eigen.vectors.prefix(free.count)))
  }

  /// Weights w (1 + γ (h − H)), by which both parts of Louis's formula gain their γ terms.
  private static func tilted(_ weights: [Double], _ evaluated: EvaluatedDraws, gamma: Double) -> [Double] {
    guard gamma > 0, let entropy = evaluated.entropy else { return weights }
    let mean = evaluated.weighted(entropy.logEntropy)
    return zip(weights, entropy.logEntropy).map { $0 * (1 + gamma * ($1 - mean)) }
  }

  /// Consecutive draws of one chain each.
  private static func ranges(chains: Int, drawsPerChain: Int) -> [Range<Int>] {
    let perChain = max(1, min(drawsPerChain, (target + chains - 1) / max(chains, 1)))
    return (0..<chains).flatMap { chain in
      (0..<perChain).map { part in
        chain * drawsPerChain + part * drawsPerChain / perChain..<chain * drawsPerChain + (part + 1) * drawsPerChain
          / perChain
      }
    }
  }
}
